// Reads when a service or the director reaches its stated limits, by the trend of its weekly peaks; without a limit, the trend of its traffic.

import type { ArchiveInfo } from '../../model/archive.js';
import { weekPeaks } from '../../model/capacity/held.js';
import { type CapacityMeasure, capacityMeasures, limitOf } from '../../model/capacity/limit.js';
import { measureTitles, outlookText, trendText } from '../../model/capacity/outlook-text.js';
import { type Outlook, outlookOf, type Trend, trendOf } from '../../model/capacity/trend.js';
import type { Capacity } from '../../model/policy/capacity.js';
import type { SeriesSource } from '../../model/series.js';
import { formatLocal, wallTime } from '../look/local-time.js';
import { formatFigure } from '../look/si-format.js';
import { rowsWithin } from '../series/trace.js';
import { hasCapacity } from './read-capacities.js';

/** The outlook of an archive in one measure; without a limit there is only a trend. */
export interface CapacityOutlook {
  readonly measure: CapacityMeasure;
  /** In the unit of the measure; null if none is stated. */
  readonly limit: number | null;
  readonly outlook: Outlook | null;
  readonly trend: Trend | null;
}

/** An archive and the limits that may apply to it. */
export interface OutlooksOf {
  readonly archive: ArchiveInfo;
  readonly hosts: readonly string[];
  readonly capacity: Capacity | undefined;
}

const dayS = 86_400;

/** The outlooks of the stated limits; without one of traffic, also the trend of traffic. Empty for archives that have no capacity. */
export async function readOutlooks(
  source: Pick<SeriesSource, 'fetch'>,
  { archive, hosts, capacity = [] }: OutlooksOf,
): Promise<readonly CapacityOutlook[]> {
  const { name, retention, lastS, firstS, imported } = archive;
  const longest = retention.rras.at(-1);
  const endS = lastS - (lastS % dayS);
  if (!hasCapacity(archive) || longest === undefined || longest.pdpPerRow * retention.stepS !== dayS) return [];
  const startS = Math.max(endS - (longest.rows - 1) * dayS, Math.min(firstS, imported?.sinceS ?? firstS));
  if (startS >= endS) return [];
  const span = { startS: startS - (startS % dayS), endS };
  const days = rowsWithin(
    await source.fetch({ name, cf: 'MAX', startS: span.startS, endS: endS - 1, stepS: dayS }),
    span,
  );
  return capacityMeasures.flatMap((measure) => {
    const limit = limitOf(capacity, { name, hosts }, measure);
    if (limit === null && measure !== 'bitsPerS') return [];
    const weeks = weekPeaks(days, measure);
    const trend = trendOf(weeks);
    return [{ measure, limit, trend, outlook: limit === null ? null : outlookOf(weeks, trend, limit) }];
  });
}

const units: Readonly<Record<CapacityMeasure, string>> = {
  bitsPerS: 'bit/s',
  newConnectionsPerS: 'conn/s',
  openConnections: 'conn',
};

/** A limit with its unit: "10 Gbit/s". */
function limitText(limit: number, measure: CapacityMeasure): string {
  return formatFigure(limit, units[measure]);
}

/** An outlook in words; null if there is nothing to say. */
export function outlookWords({ measure, limit, outlook, trend }: CapacityOutlook, timeZone: string): string | null {
  if (limit === null || outlook === null) return trendText(trend, measure) ?? null;
  const dateOf = (timeS: number) => {
    const { year, month } = wallTime(timeZone, timeS);
    return { year, month, date: formatLocal(timeZone, timeS).slice(0, 10) };
  };
  return outlookText(outlook, trend, { measure, limit: limitText(limit, measure), dateOf });
}

/** The name of a measure as the title of its outlook. */
export function outlookTitle({ measure }: CapacityOutlook): string {
  return `outlook, ${measureTitles[measure]}`;
}
