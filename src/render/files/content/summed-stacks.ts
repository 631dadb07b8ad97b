// The director's stacks, where the source sums up archives: only the rows of the largest services are read, and of those that came, went or were
// away, since what is unknown of them is not missed. All others are summed up by the source. The stacks are those of all rows, up to rounding.

import { type ArchiveInfo, newestReadingS } from '../../../model/archive.js';
import { compareNames } from '../../../model/kinds/registry.js';
import { heartbeatOf } from '../../../model/retention.js';
import type { SumSource } from '../../../model/rows/sums.js';
import type { ManyQuery, RowsQuery, SeriesSource } from '../../../model/series.js';
import { type StackMember, type StackType, stackTypes } from '../../define/graph-request.js';
import type { HostNames } from '../../look/host-names.js';
import { graphKinds } from '../../series/quantity.js';
import { candidatesOf, emptySums, type StackSums, withMember, withSummed } from '../../series/stack-sums.js';
import { rowsIn, type SpanRows } from './span-set.js';
import { inGroups, stackMembers } from './stack-jobs.js';

/** A source that sums up. */
export type SummingSource = Pick<SeriesSource, 'events'> & { readonly summing: SumSource };

/** Services of which all began in one row, or before the span, and that were there since. */
interface Group {
  readonly services: readonly ArchiveInfo[];
  readonly firstS: number;
}

/** Fewer services of a group are read themselves. */
const leastSummed = 16;

/** The services of a span by size, as the five stacks show them. */
export interface RankedServices extends Grouped {
  readonly set: SpanRows;
  readonly ranks: Readonly<Record<StackType, Rank>>;
}

/** The order of services in a stack. */
interface Rank {
  /** The largest services that may be summed up, by name: their rows are read. */
  readonly candidates: ReadonlySet<string>;
  /** The sums of the stack, as far as it decides on colours: its largest services, and the size of all others. */
  readonly outline: StackSums;
}

/** Ranks the services of a span. */
export async function rankServices(
  source: SummingSource,
  { services, set }: { readonly services: readonly ArchiveInfo[]; readonly set: SpanRows },
): Promise<RankedServices> {
  const groups = await grouped(source, services, set);
  const ranks = await Promise.all(
    stackTypes.map(async (type) => [type, await rankOf(source.summing, { ...groups, type, set })] as const),
  );
  return { ...groups, set, ranks: Object.fromEntries(ranks) as Record<StackType, Rank> };
}

/** Services by how they are read. */
interface Grouped {
  readonly groups: readonly Group[];
  readonly others: readonly ArchiveInfo[];
}

/** The groups that are worth a sum, and all other services. */
async function grouped(
  source: Pick<SeriesSource, 'events'>,
  services: readonly ArchiveInfo[],
  { span, rowS, pdpS }: SpanRows,
): Promise<Grouped> {
  const lastRowOf = (timeS: number): number => Math.min(span.endS, timeS - (timeS % rowS));
  const lastRowS = lastRowOf(newestReadingS(services));
  const events = await source.events({ sinceS: span.startS - heartbeatOf({ stepS: pdpS }) });
  const returned = new Set(events.filter(({ kind }) => kind === 'back').map(({ archive }) => archive));
  const groups = new Map<number, ArchiveInfo[]>();
  const others: ArchiveInfo[] = [];
  for (const service of services) {
    const { name, firstS, lastS, goneS } = service;
    const isThere = goneS === null && !returned.has(name) && lastRowOf(lastS) === lastRowS;
    const row = Math.max(0, Math.ceil((firstS - span.startS) / rowS));
    const own = groups.get(row) ?? [];
    if (isThere) groups.set(row, [...own, service]);
    else others.push(service);
  }
  const large = [...groups.values()].filter((own) => own.length >= leastSummed);
  const small = [...groups.values()].filter((own) => own.length < leastSummed);
  return {
    groups: large.map((own) => ({ services: own, firstS: Math.min(...own.map(({ firstS }) => firstS)) })),
    others: [...others, ...small.flat()],
  };
}

/** A stack of ranked services. */
export interface OneStack {
  readonly type: StackType;
  readonly hosts: HostNames;
}

/** The sums of one stack. */
export async function summedStack(
  source: SummingSource,
  { groups, others, set, ranks }: RankedServices,
  { type, hosts }: OneStack,
): Promise<StackSums> {
  const { candidates } = ranks[type];
  const query = { ...rowsIn(set), dataSources: dataSourcesOf(type) };
  const inSum = groups.flatMap(({ services }) => services);
  const read = [...inSum.filter(({ name }) => candidates.has(name)), ...others];
  let sums = emptySums(type, set);
  for (const archives of inGroups(read, set)) {
    for (const member of await membersOf(source, { archives, query, set, hosts })) {
      const [next] = withMember([sums], member, set.span);
      sums = next ?? sums;
    }
  }
  for (const { services, firstS } of groups) {
    const rest = services.filter(({ name }) => !candidates.has(name));
    if (rest.length === 0) continue;
    const { counts, ...rows } = await source.summing.sums({ ...query, names: rest.map(({ name }) => name) });
    const series = { ...rows, name: '', columns: [...rows.columns, counts] };
    sums = withSummed(sums, { count: rest.length, firstS, series }, set.span);
  }
  return sums;
}

type TypeQuery = Omit<RowsQuery, 'name'>;

function dataSourcesOf(type: StackType): readonly string[] {
  return graphKinds[type].quantities.map(({ dataSource }) => dataSource);
}

interface Ranked extends Grouped {
  readonly type: StackType;
  readonly set: SpanRows;
}

async function rankOf(summing: SumSource, { type, groups, others, set }: Ranked): Promise<Rank> {
  const empty = emptySums(type, set);
  const query = { ...rowsIn(set), dataSources: dataSourcesOf(type) };
  const summed = await sizesOf(summing, { type, query, services: groups.flatMap(({ services }) => services) });
  const all = [...summed, ...(await sizesOf(summing, { type, query, services: others }))].sort(bySize);
  const count = candidatesOf(empty);
  return {
    candidates: new Set(summed.slice(0, count).map(({ name }) => name)),
    outline: { ...empty, services: all.length, ...outlined(all, count) },
  };
}

interface SizedService {
  readonly name: string;
  readonly size: number;
}

/** The sizes of services, as a stack ranks them: the largest first. */
async function sizesOf(
  summing: SumSource,
  {
    type,
    query,
    services,
  }: { readonly type: StackType; readonly query: TypeQuery; readonly services: readonly ArchiveInfo[] },
): Promise<readonly SizedService[]> {
  const names = services.map(({ name }) => name);
  const totals = await summing.totals({ ...query, names });
  const sized = names.map((name): SizedService => {
    const own = totals.get(name) ?? [];
    return { name, size: graphKinds[type].quantities.reduce((sum, { scale }, i) => sum + scale * (own[i] ?? 0), 0) };
  });
  return sized.sort(bySize);
}

function bySize(a: SizedService, b: SizedService): number {
  return b.size - a.size || compareNames(a.name, b.name);
}

/** Contributions without rows: those of the largest services, and of all others. */
function outlined(all: readonly SizedService[], count: number): Pick<StackSums, 'named' | 'others'> {
  const rest = all.slice(count);
  const empty = { values: [], known: new Uint8Array() };
  const sizedAs = (size: number) => ({ ...empty, sums: [size], size });
  return {
    named: all.slice(0, count).map(({ name, size }) => ({ name, hostNames: [], ...sizedAs(size) })),
    others: rest.length === 0 ? null : sizedAs(rest.reduce((sum, { size }) => sum + size, 0)),
  };
}

interface ReadServices {
  readonly archives: readonly ArchiveInfo[];
  readonly query: TypeQuery;
  readonly set: SpanRows;
  readonly hosts: HostNames;
}

function membersOf(
  source: SummingSource,
  { archives, query, set, hosts }: ReadServices,
): Promise<readonly StackMember[]> {
  const means: Parameters<typeof stackMembers>[0] = {
    fetchMany: ({ names }: ManyQuery) => source.summing.means({ ...query, names }),
    events: (own) => source.events(own),
  };
  return stackMembers(means, { archives, set, hosts });
}
