// The director's stacks. Each needs every service's rows, so they are made in slices, all five types at once, kept until there
// are newer rows, and made once for all concurrent requests. Stacks of a service's real servers, and of the processors, are
// made and kept in the same way.

import type { ArchiveInfo } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import { type StackType, stackTypes } from '../../render/define/graph-request.js';
import { readWholeMax } from '../../render/files/content/graph-jobs.js';
import { isInSpan, type SpanRows } from '../../render/files/content/span-set.js';
import { inGroups, stackMembers } from '../../render/files/content/stack-jobs.js';
import { type ProcessorStacks, processorsOf, readProcessorStacks } from '../../render/files/processor-stacks.js';
import { readServiceStacks, type ServiceStacks } from '../../render/files/service-stacks.js';
import { depictionOf } from '../../render/kinds/registry.js';
import { type Stack, stacksOf } from '../../render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../render/series/stack-sums.js';
import { wholePeak } from '../../render/series/whole-peak.js';
import type { Site } from '../site.js';
import type { Catalogue, ServiceEntry } from './catalogue.js';
import { createKeptWork } from './kept-work.js';
import { inSlices } from './time-slice.js';

/** The stacks of some rows. */
export type Stacks = Readonly<Record<StackType, Stack>>;

/** Returns the stacks of a catalogue's services, kept or new. */
export type ReadStacks = (rows: SpanRows, catalogue: Catalogue) => Promise<Stacks>;

/** A year on a screen 4,000 pixels wide takes 7 MB for all services, the four periods together 1 MB. */
const maxBytes = { all: 12 * 2 ** 20, services: 6 * 2 ** 20, processors: 4 * 2 ** 20 } as const;

/** Returns the stacks of a service's real servers, kept or new. */
export type ReadServiceStacks = (rows: SpanRows, service: ServiceEntry, lastS: number) => Promise<ServiceStacks>;

/** Returns the stacks of a catalogue's processors, kept or new. */
export type ReadProcessorStacks = (rows: SpanRows, catalogue: Catalogue) => Promise<ProcessorStacks>;

/** The readers of stacks. */
export interface StackSources {
  readonly read: ReadStacks;
  readonly readService: ReadServiceStacks;
  readonly readProcessors: ReadProcessorStacks;
}

/** Stacks that are kept. */
interface MadeStacks extends StackSources {
  /** Drops them: readings were replaced. */
  forget(): void;
}

/** Makes stacks; keeps the most recently used. */
export function createStacks({ source, looks }: Pick<Site, 'source' | 'looks'>): MadeStacks {
  const all = createKeptWork<Stacks>(maxBytes.all, stackBytes);
  const serviceWork = createKeptWork<ServiceStacks>(maxBytes.services, stackBytes);
  const processorWork = createKeptWork<ProcessorStacks>(maxBytes.processors, stackBytes);
  return {
    read: (rows, { byName }) =>
      all.read(rowsKey(rows), () => readStacks({ source, looks }, [...byName.values()], rows)),
    readService: (rows, { info, realServers }, lastS) => {
      const { hosts, timeZone } = looks();
      const wanted = { service: info, realServers: realServers.map((one) => one.info), set: rows, hosts, timeZone };
      return serviceWork.read(`${info.name} ${lastS} ${rowsKey(rows)}`, () => readServiceStacks(source, wanted));
    },
    readProcessors: (rows, { byName, lastS }) =>
      processorWork.read(`${lastS} ${rowsKey(rows)}`, () =>
        readProcessorStacks(source, processorsOf(byName.values()), rows),
      ),
    forget: () => {
      all.forget();
      serviceWork.forget();
      processorWork.forget();
    },
  };
}

function rowsKey({ span: { startS, endS }, rowS }: SpanRows): string {
  return `${startS} ${endS} ${rowS}`;
}

/** Bytes of the rows of stacks. */
function stackBytes(stacks: Readonly<Record<string, Stack>>): number {
  const partBytes = ({ values, known }: Stack['parts'][number]): number =>
    values.reduce((sum, { byteLength }) => sum + byteLength, known.byteLength);
  return Object.values(stacks).reduce(
    (sum, { parts, rows, peak }) =>
      parts.reduce(
        (all, part) => all + partBytes(part),
        sum + rows.known.byteLength + (peak?.length ?? 0) * 8 * rows.length,
      ),
    0,
  );
}

/** Reads all services of the span into the stacks, some at a time. */
async function readStacks(
  { source, looks }: Pick<Site, 'source' | 'looks'>,
  archives: readonly ArchiveInfo[],
  rows: SpanRows,
): Promise<Stacks> {
  const { hosts } = looks();
  const services = archives.filter(({ about }) => depictionOf(about).partOf === 'services');
  let sums: readonly StackSums[] = stackTypes.map((type) => emptySums(type, rows));
  const present = services.filter((one) => isInSpan(one, rows.span));
  for await (const some of inSlices(inGroups(present, rows))) {
    const members = await stackMembers(source, { archives: some, set: rows, hosts });
    for (const member of members) sums = withMember(sums, member, rows.span);
  }
  const isRead = archives.some(({ name }) => name === directorName);
  const max = isRead ? await readWholeMax(source, directorName, rows) : null;
  const stacks = stacksOf(sums).map((stack, i): Stack => {
    const type = sums[i]?.type;
    return type === undefined ? stack : { ...stack, peak: wholePeak(max, type, rows.span) };
  });
  return Object.fromEntries(sums.map(({ type }, i) => [type, stacks[i]])) as Stacks;
}
