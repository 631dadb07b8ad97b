// The 95th percentiles of a span. They come from the finest rows, which are single steps, or, for a calendar month of UTC whose
// rows have expired, from the percentiles kept of it. A percentile of longer rows is one of means, and far lower: there is none,
// with the reason.

import type { ArchiveInfo } from '../../model/archive.js';
import { type MonthPercentiles, percentile95 } from '../../model/percentile.js';
import { reachOf, rowName } from '../../model/retention.js';
import type { MonthSource, Series, SeriesSource } from '../../model/series.js';
import { isUncertain, unseenReason } from '../../model/service/outbound.js';
import type { OutboundStretch } from '../../model/service/outbound-stretch.js';
import { monthOf, monthStartS } from '../../model/time/month.js';
import { seenSeries } from './seen-trace.js';
import { rowsWithin } from './trace.js';

/** The 95th percentiles of data sources over a span, each in its own unit; data sources without one are missing. */
export interface SpanPercentiles {
  readonly startS: number;
  readonly endS: number;
  readonly bySource: Readonly<Record<string, number>>;
  /** Why the span has none; null if it has. */
  readonly missing: string | null;
}

/** A source of the rows and, if it has them, of the percentiles of months. */
export type PercentileSource = Pick<SeriesSource, 'fetchBoth'> & Partial<MonthSource>;

/** An archive, a span in whole rows, the time of the newest reading, and the outbound traffic seen. */
export interface PercentilesOf {
  readonly archive: ArchiveInfo;
  readonly startS: number;
  readonly endS: number;
  readonly outbounds: readonly OutboundStretch[];
  /** All by default. */
  readonly dataSources?: readonly string[];
}

/** The percentiles of a span, from its finest rows or from the kept month that it is. */
export async function readPercentiles(source: PercentileSource, of: PercentilesOf): Promise<SpanPercentiles> {
  const { archive, startS, endS, outbounds } = of;
  const span = { startS, endS };
  const why = whyNoFineRows(archive, span);
  const fine = why === null ? await readFineRows(source, of) : null;
  if (fine !== null) {
    const series = seenSeries(fine, outbounds);
    const pairs = series.columns.map((column, i) => [series.dataSources[i] ?? '', percentile95(column).value] as const);
    return { ...span, bySource: knownOf(pairs), missing: null };
  }
  const missing = why ?? expired(archive);
  const month = monthIn(span);
  const kept = month === null ? [] : await source.percentiles?.({ name: archive.name, ...span });
  const own = kept?.find((one) => one.month === month);
  return own === undefined
    ? { ...span, bySource: {}, missing }
    : { ...span, bySource: knownOf(monthParts(own, outbounds)), missing: null };
}

/** The finest rows of a span; null if they are gone, as those of an archive that left long ago. */
async function readFineRows(
  source: PercentileSource,
  { archive: { name, retention }, startS, endS, dataSources }: PercentilesOf,
): Promise<Series | null> {
  const columns = dataSources === undefined ? {} : { dataSources };
  const { AVERAGE } = await source.fetchBoth({ name, startS, endS: endS - 1, stepS: retention.stepS, ...columns });
  return AVERAGE.stepS === AVERAGE.pdpS ? rowsWithin(AVERAGE, { startS, endS }) : null;
}

/** Why the finest rows of a span are not all there; null if they are. */
function whyNoFineRows(
  { retention, firstS, lastS, imported }: Pick<ArchiveInfo, 'retention' | 'firstS' | 'lastS' | 'imported'>,
  { startS, endS }: { readonly startS: number; readonly endS: number },
): string | null {
  const [finest] = retention.rras;
  const keptSinceS = finest === undefined ? lastS : lastS - reachOf(retention, finest);
  // The row that contains its first reading is known in part at most.
  const isKept = keptSinceS <= startS || keptSinceS <= (imported?.sinceS ?? firstS);
  if (!isKept) return expired({ retention });
  const isLonger = imported?.longer.some((one) => one.rowS > retention.stepS && one.startS < endS && one.endS > startS);
  return isLonger === true ? `${rowName(retention.stepS)} rows come from longer imported ones` : null;
}

function expired({ retention }: Pick<ArchiveInfo, 'retention'>): string {
  return `${rowName(retention.stepS)} rows have expired`;
}

/** The calendar month of UTC that a span is; null if it is none. */
export function monthIn({ startS, endS }: { readonly startS: number; readonly endS: number }): number | null {
  const month = monthOf(startS);
  return monthStartS(month) === startS && monthStartS(month + 1) === endS ? month : null;
}

function monthParts(
  { in: inward, out }: MonthPercentiles,
  outbounds: readonly OutboundStretch[],
): readonly (readonly [string, number])[] {
  const isCertain = outbounds.length > 0 && outbounds.every(({ outbound }) => !isUncertain(outbound));
  const isSilent = !isCertain && inward.value > 0 && out.value === 0;
  const isSeen = !isSilent && outbounds.every(({ outbound }) => unseenReason(outbound) === null);
  return [['InBytes', inward.value], ...(isSeen ? ([['OutBytes', out.value]] as const) : [])];
}

function knownOf(pairs: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  return Object.fromEntries(pairs.filter(([, value]) => !Number.isNaN(value)));
}
