// Reads the capacities of an archive's graphs: the stated limits, and where there is none the highest row of an hour or more of all that are kept. Services and the
// director have them; the limits of a service are not those of its real servers.

import type { ArchiveInfo } from '../../model/archive.js';
import { type HighestRow, highestRow, sourcesOf } from '../../model/capacity/held.js';
import { type CapacityMeasure, capacityMeasures, limitOf } from '../../model/capacity/limit.js';
import { kindOf } from '../../model/kinds/registry.js';
import { directorName, isOfDirector, partName } from '../../model/names/name.js';
import type { Capacity } from '../../model/policy/capacity.js';
import { type Retention, reachOf } from '../../model/retention.js';
import type { Series, SeriesSource } from '../../model/series.js';
import type { GraphType, StackType } from '../define/graph-request.js';
import { capacityMeasureOf, type GraphCapacities } from '../define/limit/limit-line.js';
import { rowsWithin } from '../series/trace.js';

/** An archive, the host names of its address, the stated limits, and the graphs that may show them. */
export interface CapacitiesOf {
  readonly archive: ArchiveInfo;
  readonly hosts: readonly string[];
  readonly capacity: Capacity | undefined;
  readonly types: readonly (GraphType | StackType)[];
}

type RowSource = Pick<SeriesSource, 'fetchBoth'>;

/** The capacities for some graphs of an archive; empty if it has none, or nothing is known. */
export async function readCapacities(source: RowSource, of: CapacitiesOf): Promise<GraphCapacities> {
  const { archive, hosts, capacity = [], types } = of;
  if (!hasCapacity(archive)) return {};
  const measures = [...new Set(types.flatMap((type) => capacityMeasureOf[type] ?? []))];
  const stated = measures.flatMap((measure) => {
    const value = limitOf(capacity, { name: archive.name, hosts }, measure);
    return value === null ? [] : [[measure, { value, isStated: true }] as const];
  });
  const rest = measures.filter((measure) => !stated.some(([own]) => own === measure));
  const hours: HighestRows = rest.length === 0 ? new Map() : await highestRows(source, archive);
  const highest = rest.flatMap((measure) => {
    const hour = hours.get(measure);
    return hour === undefined ? [] : [[measure, capacityOf(hour)] as const];
  });
  return Object.fromEntries([...stated, ...highest]);
}

/** May an archive have a capacity: is it a service, or the director as a whole? */
export function hasCapacity({ name, about }: Pick<ArchiveInfo, 'name' | 'about'>): boolean {
  if (isOfDirector(name)) return name === directorName || name === partName('total');
  return kindOf(about).level === 'top' && kindOf(about).source.isListed;
}

function capacityOf({ value, rowS }: HighestRow): GraphCapacities[CapacityMeasure] {
  return { value, isStated: false, rowS };
}

const hourS = 3600;

/** The highest rows of an archive. */
type HighestRows = ReadonlyMap<CapacityMeasure, HighestRow>;

/** Highest rows as of a moment, by source and archive: the graphs of a page, and the periods of a refresh, share them. */
const known = new WeakMap<object, Map<string, { readonly asOf: string; readonly hours: Promise<HighestRows> }>>();

/** The highest of all kept rows, read once per hour. Rows of less than an hour would take ten times as long. */
function highestRows(source: RowSource, archive: ArchiveInfo): Promise<HighestRows> {
  const { name, firstS, lastS, imported } = archive;
  const own = known.get(source) ?? new Map();
  known.set(source, own);
  const asOf = JSON.stringify([Math.floor(lastS / hourS), firstS, imported ?? null]);
  const before = own.get(name);
  if (before?.asOf === asOf) return before.hours;
  const hours = readHighestRows(source, archive);
  own.set(name, { asOf, hours });
  hours.catch(() => own.delete(name));
  return hours;
}

async function readHighestRows(source: RowSource, archive: ArchiveInfo): Promise<HighestRows> {
  const { name, retention, lastS, firstS, imported } = archive;
  const dataSources = capacityMeasures.flatMap((measure) => sourcesOf[measure]);
  const all: Series[] = [];
  const sinceS = Math.min(firstS, imported?.sinceS ?? firstS);
  for (const { rowS, startS, endS } of rowsToRead(retention, lastS)) {
    if (endS <= sinceS) continue;
    const { AVERAGE } = await source.fetchBoth({ name, startS, endS: endS - 1, stepS: rowS, dataSources });
    if (AVERAGE.stepS === rowS) all.push(rowsWithin(AVERAGE, { startS, endS }));
  }
  const hours = capacityMeasures.flatMap((measure) => {
    const highest = highestRow(all, measure);
    return highest === null ? [] : [[measure, highest] as const];
  });
  return new Map(hours);
}

interface RowSpan {
  readonly rowS: number;
  readonly startS: number;
  readonly endS: number;
}

/** The shortest rows of an hour or more, as far as they reach, and longer ones for the time before; newest first. */
export function rowsToRead({ stepS, rras }: Retention, lastS: number): readonly RowSpan[] {
  const spans: RowSpan[] = [];
  let untilS = Number.POSITIVE_INFINITY;
  for (const rra of rras) {
    const rowS = rra.pdpPerRow * stepS;
    if (rowS < hourS && rra !== rras.at(-1)) continue;
    const endS = Math.min(lastS - (lastS % rowS), untilS - (untilS % rowS || 0));
    // One row less than it reaches: the oldest may be about to expire.
    const startS = Math.max(0, lastS - (lastS % rowS) - reachOf({ stepS, rras }, rra) + rowS);
    if (startS < endS) spans.push({ rowS, startS, endS });
    untilS = Math.min(untilS, startS);
  }
  return spans;
}
