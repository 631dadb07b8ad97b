// The director's stacks: every service's rows have to be read for one, so they are made in slices, all five types at once, kept
// as long as there are no newer rows, and made once however many ask. What waits in line is bounded.

import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/name.js';
import { type StackType, stackTypes } from '../render/graph-request.js';
import { isInSpan, stackMember } from '../render/picture-set.js';
import { type Stack, stackOf } from '../render/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../render/stack-sums.js';
import type { Catalogue } from './catalogue.js';
import { RequestError } from './request-error.js';
import type { Site } from './site.js';
import type { Rows } from './stretches.js';
import { inSlices } from './time-slice.js';

/** The stacks of some rows. */
export type Stacks = Readonly<Record<StackType, Stack>>;

/** Makes stacks of a catalogue's services, or has them. Throws a `RequestError` where too many others are waiting. */
export type ReadStacks = (rows: Rows, catalogue: Catalogue) => Promise<Stacks>;

const mostKept = 24;
const mostWaiting = 12;

/** Stacks that were made. */
export interface MadeStacks {
  readonly read: ReadStacks;
  /** Forgets them: readings were replaced. */
  forget(): void;
}

/** Makes stacks; those that were used last are kept. */
export function createStacks({ source, looks }: Pick<Site, 'source' | 'looks'>): MadeStacks {
  const kept = new Map<string, Promise<Stacks>>();
  let line: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const read: ReadStacks = (rows, { byName }) => {
    const { startS, endS } = rows.span;
    const key = `${startS} ${endS} ${rows.rowS}`;
    const known = kept.get(key);
    if (known !== undefined) {
      // The newest used stays longest.
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    if (waiting >= mostWaiting) {
      throw new RequestError(429, `${waiting} other spans of all services are being read: try again in some seconds`);
    }
    waiting += 1;
    const made = line
      .then(() => readStacks({ source, looks }, [...byName.values()], rows))
      .finally(() => {
        waiting -= 1;
      });
    line = made.catch(() => {});
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return made;
  };
  return { read, forget: () => kept.clear() };
}

/** Reads all services there were in the span into the stacks, one after the other. */
async function readStacks(
  { source, looks }: Pick<Site, 'source' | 'looks'>,
  archives: readonly ArchiveInfo[],
  rows: Rows,
): Promise<Stacks> {
  const { hosts } = looks();
  const services = archives.filter(({ name }) => name !== directorName && !name.includes('/'));
  let sums: readonly StackSums[] = stackTypes.map((type) => emptySums(type, rows.span));
  for await (const archive of inSlices(services.filter((one) => isInSpan(one, rows.span)))) {
    sums = withMember(sums, await stackMember(source, { archive, set: rows, hosts }), rows.span);
  }
  return Object.fromEntries(sums.map((one) => [one.type, stackOf(one)])) as Stacks;
}
