// The director's stacks: every service's rows have to be read for one, so they are made in slices, all five types at once, kept
// as long as there are no newer rows, and made once however many ask. Those of a service's real
// servers, and of the processors, are made and kept likewise.

import type { ArchiveInfo } from '../model/archive.js';
import { type StackType, stackTypes } from '../render/graph-request.js';
import { isInSpan, type SpanRows, stackMember } from '../render/picture-set.js';
import { type ProcessorStacks, processorsOf, readProcessorStacks } from '../render/processor-stacks.js';
import { readServiceStacks, type ServiceStacks } from '../render/service-stacks.js';
import { type Stack, stackOf } from '../render/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../render/stack-sums.js';
import type { Catalogue, ServiceEntry } from './catalogue.js';
import type { Site } from './site.js';
import { inSlices } from './time-slice.js';

/** The stacks of some rows. */
export type Stacks = Readonly<Record<StackType, Stack>>;

/** Makes stacks of a catalogue's services, or has them. */
export type ReadStacks = (rows: SpanRows, catalogue: Catalogue) => Promise<Stacks>;

const mostKept = 24;

/** Makes the stacks of a service's real servers, or has them. */
export type ReadServiceStacks = (rows: SpanRows, service: ServiceEntry, lastS: number) => Promise<ServiceStacks>;

/** Reads what all processors of a catalogue counted, or has it. */
export type ReadProcessorStacks = (rows: SpanRows, catalogue: Catalogue) => Promise<ProcessorStacks>;

/** Where stacks are had from. */
export interface StackSources {
  readonly read: ReadStacks;
  readonly readService: ReadServiceStacks;
  readonly readProcessors: ReadProcessorStacks;
}

/** Stacks that are kept. */
interface MadeStacks extends StackSources {
  /** Forgets them: readings were replaced. */
  forget(): void;
}

/** Makes stacks; those that were used last are kept. */
export function createStacks({ source, looks }: Pick<Site, 'source' | 'looks'>): MadeStacks {
  const all = createKept<Stacks>();
  const ofServices = createKept<ServiceStacks>();
  const ofProcessors = createKept<ProcessorStacks>();
  return {
    read: (rows, { byName }) => all.read(keyOf(rows), () => readStacks({ source, looks }, [...byName.values()], rows)),
    readService: (rows, { info, realServers }, lastS) => {
      const { hosts, timeZone } = looks();
      const wanted = { service: info, realServers: realServers.map((one) => one.info), set: rows, hosts, timeZone };
      return ofServices.read(`${info.name} ${lastS} ${keyOf(rows)}`, () => readServiceStacks(source, wanted));
    },
    readProcessors: (rows, { byName, lastS }) =>
      ofProcessors.read(`${lastS} ${keyOf(rows)}`, () =>
        readProcessorStacks(source, processorsOf(byName.values()), rows),
      ),
    forget: () => {
      all.forget();
      ofServices.forget();
      ofProcessors.forget();
    },
  };
}

function keyOf({ span: { startS, endS }, rowS }: SpanRows): string {
  return `${startS} ${endS} ${rowS}`;
}

/** What was made, by what for; made one after the other. */
interface Kept<T> {
  read(key: string, make: () => Promise<T>): Promise<T>;
  forget(): void;
}

function createKept<T>(): Kept<T> {
  const kept = new Map<string, Promise<T>>();
  let line: Promise<unknown> = Promise.resolve();
  const read = (key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known !== undefined) {
      // The newest used stays longest.
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const made = line.then(make);
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
  rows: SpanRows,
): Promise<Stacks> {
  const { hosts } = looks();
  const services = archives.filter(({ about }) => about.kind === 'service');
  let sums: readonly StackSums[] = stackTypes.map((type) => emptySums(type, rows));
  for await (const archive of inSlices(services.filter((one) => isInSpan(one, rows.span)))) {
    sums = withMember(sums, await stackMember(source, { archive, set: rows, hosts }), rows.span);
  }
  return Object.fromEntries(sums.map((one) => [one.type, stackOf(one)])) as Stacks;
}
