// The director's stacks. Each needs every service's rows, so they are made in slices, all five types at once, kept until there
// are newer rows, and made once for all concurrent requests. Stacks of a service's real servers, and of the processors, are
// made and kept in the same way.

import type { ArchiveInfo } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import type { ManyQuery, Series, SeriesSource } from '../../model/series.js';
import { periods, type StackType, stackTypes } from '../../render/define/graph-request.js';
import { readWholeMax } from '../../render/files/content/graph-jobs.js';
import { isInSpan, type SpanRows } from '../../render/files/content/span-set.js';
import { inGroups, stackMembers } from '../../render/files/content/stack-jobs.js';
import {
  type RankedServices,
  rankServices,
  type SummingSource,
  summedStack,
} from '../../render/files/content/summed-stacks.js';
import { type ProcessorStacks, processorsOf, readProcessorStacks } from '../../render/files/processor-stacks.js';
import { readServiceStacks, type ServiceStacks } from '../../render/files/service-stacks.js';
import { depictionOf } from '../../render/kinds/registry.js';
import { type Stack, stacksOf } from '../../render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../render/series/stack-sums.js';
import { wholePeak } from '../../render/series/whole-peak.js';
import type { Site } from '../site.js';
import type { Catalogue, ServiceEntry } from './catalogue.js';
import type { ReadLedger } from './kept-ledgers.js';
import { createKeptWork } from './kept-work.js';
import type { ReadRolling } from './rolling-rows.js';
import { inSlices } from './time-slice.js';

/** The stacks of some rows. */
export type Stacks = Readonly<Record<StackType, Stack>>;

/** Returns a stack of a catalogue's services, kept or new. */
export type ReadStacks = (rows: SpanRows, catalogue: Catalogue, type: StackType) => Promise<Stack>;

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

/** The looks of stacks, and what they are made of; `rows` and `ledger` need not read again what they have read. */
interface StackGround extends Pick<Site, 'source' | 'looks'> {
  readonly rows: ReadRolling;
  readonly ledger: ReadLedger;
}

/** Makes stacks; keeps the most recently used. */
export function createStacks(ground: StackGround): MadeStacks {
  const { source, looks } = ground;
  const readAll = stackReader(ground);
  const serviceWork = createKeptWork<ServiceStacks>(maxBytes.services, stackBytes);
  const processorWork = createKeptWork<ProcessorStacks>(maxBytes.processors, stackBytes);
  return {
    read: readAll.read,
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
      readAll.forget();
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

/** Reads the stacks of services: all of them with one reading of their rows, or one at a time where the source sums them up. */
function stackReader(ground: StackGround): Pick<MadeStacks, 'read' | 'forget'> {
  const { source, looks } = ground;
  const { summing } = source;
  const all = createKeptWork<Stacks>(maxBytes.all, stackBytes);
  if (summing === undefined) {
    const make = async (rows: SpanRows, catalogue: Catalogue): Promise<Stacks> => {
      const sums = await sumsOfRows(ground, servicesIn(catalogue, rows), { lastS: catalogue.lastS, rows });
      const max = await readDirectorMax(source, catalogue, rows);
      const stacks = stacksOf(sums).map(
        (stack, i) => [sums[i]?.type, withPeak(stack, sums[i], { max, rows })] as const,
      );
      return Object.fromEntries(stacks) as Stacks;
    };
    return {
      read: async (rows, catalogue, type) => (await all.read(rowsKey(rows), () => make(rows, catalogue)))[type],
      forget: all.forget,
    };
  }
  const summed: SummingSource = { events: (query) => source.events(query), summing };
  const ranked = createKeptWork<RankedServices>(maxBytes.all, ({ groups, others }) => {
    const services = groups.reduce((sum, own) => sum + own.services.length, others.length);
    return services * rankedBytes;
  });
  const single = createKeptWork<{ readonly stack: Stack }>(maxBytes.all, stackBytes);
  const make = async (rows: SpanRows, catalogue: Catalogue, type: StackType): Promise<{ readonly stack: Stack }> => {
    const services = servicesIn(catalogue, rows);
    const order = await ranked.read(rowsKey(rows), () => rankServices(summed, { services, set: rows }));
    const sums = await summedStack(summed, order, { type, hosts: looks().hosts });
    const max = await readDirectorMax(source, catalogue, rows);
    // The stacks of the other types share a page with it, and so decide about colours.
    const outlines = stackTypes.filter((one) => one !== type).map((one) => order.ranks[one].outline);
    const [stack] = stacksOf([sums, ...outlines]);
    if (stack === undefined) throw new RangeError('one stack for each sum');
    return { stack: withPeak(stack, sums, { max, rows }) };
  };
  return {
    read: async (rows, catalogue, type) =>
      (await single.read(`${rowsKey(rows)} ${type}`, () => make(rows, catalogue, type))).stack,
    forget: () => {
      ranked.forget();
      single.forget();
    },
  };
}

/** Bytes that a ranked service takes, about. */
const rankedBytes = 50;

function servicesIn({ byName }: Catalogue, { span }: SpanRows): readonly ArchiveInfo[] {
  return [...byName.values()].filter((one) => depictionOf(one.about).partOf === 'services' && isInSpan(one, span));
}

async function readDirectorMax(source: SeriesSource, { byName }: Catalogue, rows: SpanRows): Promise<Series | null> {
  return byName.has(directorName) ? readWholeMax(source, directorName, rows) : null;
}

function withPeak(
  stack: Stack,
  sums: StackSums | undefined,
  { max, rows }: { readonly max: Series | null; readonly rows: SpanRows },
): Stack {
  return sums === undefined ? stack : { ...stack, peak: wholePeak(max, sums.type, rows.span) };
}

/** Reads the rows of services into the stacks, some at a time. */
async function sumsOfRows(
  ground: StackGround,
  services: readonly ArchiveInfo[],
  { lastS, rows }: { readonly lastS: number; readonly rows: SpanRows },
): Promise<readonly StackSums[]> {
  const { hosts } = ground.looks();
  let sums: readonly StackSums[] = stackTypes.map((type) => emptySums(type, rows));
  for await (const some of inSlices(inGroups(services, rows))) {
    const members = await stackMembers(memberSource(ground, some, lastS), { archives: some, set: rows, hosts });
    for (const member of members) sums = withMember(sums, member, rows.span);
  }
  return sums;
}

/** The periods whose rows are worth keeping: those of longer ones change every two hours, or once a day. */
const rollingSpansS: readonly number[] = [periods.day.spanS, periods.week.spanS];

function isRolling({ startS, endS, stepS }: ManyQuery, lastS: number): boolean {
  return rollingSpansS.includes(endS + 1 - startS) && endS + 1 === lastS - (lastS % stepS);
}

/** The rows and events of some archives. Those of spans that every cycle moves on are kept. */
function memberSource(
  { source, rows, ledger }: StackGround,
  archives: readonly ArchiveInfo[],
  lastS: number,
): Pick<SeriesSource, 'fetchMany' | 'events'> {
  const byName = new Map(archives.map((archive) => [archive.name, archive]));
  return {
    fetchMany: (query) => (isRolling(query, lastS) ? rows({ ...query, archives, lastS }) : source.fetchMany(query)),
    events: async ({ archive = '' }) => {
      const own = byName.get(archive);
      return own === undefined ? [] : ledger(own, 0);
    },
  };
}
