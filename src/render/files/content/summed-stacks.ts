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

/** Services, and the span of which stacks show them. */
export interface SummedServices {
  readonly services: readonly ArchiveInfo[];
  readonly set: SpanRows;
  readonly hosts: HostNames;
}

/** A source that sums up. */
export type SummingSource = Pick<SeriesSource, 'events'> & { readonly summing: SumSource };

/** Services of which all began in one row, or before the span, and that were there since. */
interface Group {
  readonly services: readonly ArchiveInfo[];
  readonly firstS: number;
}

/** Fewer services of a group are read themselves. */
const leastSummed = 16;

/** The sums of the five stacks, in the order of their types. */
export async function summedStacks(
  source: SummingSource,
  { services, set, hosts }: SummedServices,
): Promise<readonly StackSums[]> {
  const { groups, others } = await grouped(source, services, set);
  return Promise.all(stackTypes.map((type) => summedStack(source, { type, groups, others, set, hosts })));
}

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

interface OneStack extends Grouped, Omit<SummedServices, 'services'> {
  readonly type: StackType;
}

async function summedStack(source: SummingSource, { type, groups, others, set, hosts }: OneStack): Promise<StackSums> {
  const dataSources = graphKinds[type].quantities.map(({ dataSource }) => dataSource);
  const query = { ...rowsIn(set), dataSources };
  let sums = emptySums(type, set);
  const largest = await largestOf(source.summing, { type, groups, query, count: candidatesOf(sums) });
  const inSum = groups.flatMap(({ services }) => services);
  const read = [...inSum.filter(({ name }) => largest.has(name)), ...others];
  for (const archives of inGroups(read, set)) {
    for (const member of await membersOf(source, { archives, query, set, hosts })) {
      const [next] = withMember([sums], member, set.span);
      sums = next ?? sums;
    }
  }
  for (const { services, firstS } of groups) {
    const rest = services.filter(({ name }) => !largest.has(name));
    if (rest.length === 0) continue;
    const { counts, ...rows } = await source.summing.sums({ ...query, names: rest.map(({ name }) => name) });
    const series = { ...rows, name: '', columns: [...rows.columns, counts] };
    sums = withSummed(sums, { count: rest.length, firstS, series }, set.span);
  }
  return sums;
}

type TypeQuery = Omit<RowsQuery, 'name'>;

interface Largest {
  readonly type: StackType;
  readonly groups: readonly Group[];
  readonly query: TypeQuery;
  readonly count: number;
}

/** The names of the largest services of all groups, as a stack ranks them. */
async function largestOf(summing: SumSource, { type, groups, query, count }: Largest): Promise<ReadonlySet<string>> {
  const scales = graphKinds[type].quantities.map(({ scale }) => scale);
  const sized: { readonly name: string; readonly size: number }[] = [];
  for (const { services } of groups) {
    const names = services.map(({ name }) => name);
    const totals = await summing.totals({ ...query, names });
    for (const name of names) {
      const own = totals.get(name) ?? [];
      sized.push({ name, size: scales.reduce((sum, scale, i) => sum + scale * (own[i] ?? 0), 0) });
    }
  }
  sized.sort((a, b) => b.size - a.size || compareNames(a.name, b.name));
  return new Set(sized.slice(0, count).map(({ name }) => name));
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
