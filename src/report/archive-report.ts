// Computes the numbers of one archive over a span: pure, from its rows, those of the span before, and the stored months.

import type { ArchiveInfo } from '../model/archive.js';
import { isNeverKept } from '../model/imported-part.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { type MonthPercentiles, type TrafficPart, trafficParts, trafficPercentiles } from '../model/percentile.js';
import { type Retention, rowName } from '../model/retention.js';
import { isUncertain, unseenReason } from '../model/service/outbound.js';
import type { OutboundStretch } from '../model/service/outbound-stretch.js';
import { monthStartS } from '../model/time/month.js';
import type { CapacityOutlook } from '../render/capacity/read-outlooks.js';
import type { SpareAt } from '../render/capacity/read-spare.js';
import { formatStep } from '../render/define/heading.js';
import { monthIn } from '../render/series/fine-percentiles.js';
import { outboundRemark } from '../render/series/seen-trace.js';
import { highestOf } from '../render/series/trace.js';
import { type Figures, fineColumn, quantityFigures, relativeGrowth, valuesOf } from './figures.js';
import type { Rows } from './longer-rows.js';
import { fineSinceS, type Stretch } from './stretches.js';
import { isOutward, type QuantityName, quantities, quantityNames, seenRows, unseenText } from './traffic.js';

/** A span in whole rows, and the preceding one of the same length. */
export interface ReportSpan {
  readonly startS: number;
  readonly endS: number;
  /** The rows that are kept. */
  readonly retention: Retention;
  readonly stretches: readonly Stretch[];
  readonly before: readonly Stretch[];
}

/** The data read of an archive. */
export interface ArchiveRead {
  readonly archive: ArchiveInfo;
  readonly hosts: readonly string[];
  /** The visibility of its outbound traffic in both spans, and in all of the months. */
  readonly outbounds: readonly OutboundStretch[];
  readonly rows: readonly Rows[];
  readonly rowsBefore: readonly Rows[];
  readonly months: readonly MonthPercentiles[];
  readonly events: readonly LedgerEvent[];
  /** As of the end of the span. */
  readonly outlooks?: readonly CapacityOutlook[];
  readonly spare?: SpareAt | null;
}

/** 95th percentiles of traffic, IP bytes per second; NaN if there is none. */
export type Percentiles = Readonly<Record<TrafficPart, number>>;

/** The percentiles of a calendar month (UTC), and the number of the finest rows behind them. */
export interface Month {
  readonly month: number;
  readonly rows: number;
  readonly p95: Percentiles;
}

/** The numbers of an archive. */
export interface ArchiveReport {
  readonly archive: ArchiveInfo;
  readonly hosts: readonly string[];
  /** By quantity; null if the archive lacks it. */
  readonly figures: Readonly<Record<QuantityName, Figures | null>>;
  /** The growth of the average over that of the span before, as a fraction of the latter. */
  readonly growth: Readonly<Record<QuantityName, number>>;
  readonly p95: Percentiles;
  /** Why the span has no 95th percentiles; null if it has. */
  readonly whyNoP95: string | null;
  readonly months: readonly Month[];
  /** Quantities that the archive cannot have: the imported data lacked them. */
  readonly neverKept: readonly QuantityName[];
  /** Length in seconds of the longest rows that finer ones were made from; 0 if there are none. */
  readonly longestRowS: number;
  /** The fraction of the span of which anything is known. */
  readonly knownPart: number;
  /** The remark on outbound traffic; '' if all of it is visible. */
  readonly outboundRemark: string;
  /** Visible bytes per second, by which services are ranked. */
  readonly busyness: number;
  readonly eventCounts: ReadonlyMap<LedgerEvent['kind'], number>;
  /** When limits are reached, as of the end of the span; empty for real servers. */
  readonly outlooks: readonly CapacityOutlook[];
  /** Whether the service could have lost its busiest real server; null if unknown, or for any other archive. */
  readonly spare: SpareAt | null;
}

/** Computes the numbers of an archive. */
export function reportOf(read: ArchiveRead, span: ReportSpan): ArchiveReport {
  const { archive, outbounds } = read;
  const [rows, rowsBefore] = [seenRows(read.rows, outbounds), seenRows(read.rowsBefore, outbounds)];
  const lengthS = span.endS - span.startS;
  const longestRowS = Math.max(0, ...rows.map(({ fromRowS }) => highestOf(fromRowS ?? new Float64Array())));
  const areKept = isAllFine(archive, span);
  const isFine = areKept && longestRowS === 0;
  const own = outboundsIn(span, outbounds);
  const unseen = unseenText(read.rows, own);
  const isAlwaysSeen = unseen === null && own.every(({ outbound }) => unseenReason(outbound) === null);
  const neverKept = quantityNames.filter((name) =>
    isNeverKept(archive.imported, quantities[name].dataSource, span.endS),
  );
  const figures = figuresByQuantity(rows, { isFine, unseen, neverKept });
  const before = figuresByQuantity(rowsBefore, { isFine: false, unseen, neverKept: [] });
  const traffic = trafficOf(rows);
  // In rows in which only out was visible, the larger of both might be less than in.
  const isKnown = traffic !== null && isFine && isAlwaysSeen;
  const months = read.months
    .filter(({ month: _, ...parts }) => parts.in.rows > 0)
    .map((month) => monthOf(month, outbounds));
  // Where the rows of a whole calendar month are gone, its kept percentiles are those of the span.
  const whole = isFine ? undefined : months.find(({ month }) => month === monthIn(span));
  const isSameSight = areAlike(
    outboundsIn({ startS: span.before[0]?.startS ?? span.startS, endS: span.endS }, outbounds),
  );
  return {
    archive,
    hosts: read.hosts,
    figures: whole === undefined ? figures : withMonth(figures, whole.p95),
    growth: mapNames((name) =>
      isSameSight || !isOutward(name) ? relativeGrowth(figures[name], before[name], lengthS) : Number.NaN,
    ),
    p95: whole?.p95 ?? {
      ...(isKnown ? traffic() : noPercentiles),
      in: figures.in?.p95 ?? Number.NaN,
      out: figures.out?.p95 ?? Number.NaN,
    },
    whyNoP95: whole === undefined ? whyNoP95({ areKept, longestRowS }, span) : null,
    neverKept: neverKept.filter((name) =>
      archive.dataSources.some((source) => source.name === quantities[name].dataSource),
    ),
    longestRowS,
    months,
    knownPart: knownPart(figures, span),
    outboundRemark: unseen === null ? outboundRemark(own) : `out: ${unseen}`,
    busyness: (figures.in?.average || 0) + (figures.out?.average || 0),
    eventCounts: countEvents(read.events),
    outlooks: read.outlooks ?? [],
    spare: read.spare ?? null,
  };
}

const noPercentiles: Percentiles = { in: Number.NaN, out: Number.NaN, larger: Number.NaN, sum: Number.NaN };

/** Are all of its rows in the span kept as the finest rows? */
function isAllFine({ firstS }: ArchiveInfo, { startS, retention, stretches }: ReportSpan): boolean {
  const sinceS = fineSinceS(stretches, retention);
  // The row that contains its first reading is known in part at most.
  return sinceS <= startS || sinceS <= firstS;
}

function whyNoP95(
  { areKept, longestRowS }: { readonly areKept: boolean; readonly longestRowS: number },
  { retention }: ReportSpan,
): string | null {
  const row = rowName(retention.stepS);
  if (!areKept) return `${row} rows have expired`;
  return longestRowS > 0 ? `${row} rows come from imported rows of up to ${formatStep(longestRowS)}` : null;
}

interface ReportRows {
  readonly isFine: boolean;
  readonly unseen: string | null;
  readonly neverKept: readonly QuantityName[];
}

function figuresByQuantity(rows: readonly Rows[], { isFine, unseen, neverKept }: ReportRows): ArchiveReport['figures'] {
  return mapNames((name) => {
    const values = valuesOf(rows, quantities[name].dataSource);
    if (values === null || neverKept.includes(name)) return null;
    return unseen !== null && isOutward(name) ? null : quantityFigures(values, isFine);
  });
}

/** Figures whose percentiles of traffic are those kept of a month. */
function withMonth(figures: ArchiveReport['figures'], p95: Percentiles): ArchiveReport['figures'] {
  const own = (name: 'in' | 'out') => (figures[name] === null ? null : { ...figures[name], p95: p95[name] });
  return { ...figures, in: own('in'), out: own('out') };
}

/** Was the same part of outbound traffic visible all the time? Otherwise its averages are not comparable. */
function areAlike(outbounds: readonly OutboundStretch[]): boolean {
  return new Set(outbounds.map(({ outbound }) => JSON.stringify(outbound))).size <= 1;
}

/** The percentiles of traffic, computed on demand; null if there are none. */
function trafficOf(rows: readonly Rows[]): (() => Percentiles) | null {
  const [inValues, outValues] = [valuesOf(rows, 'InBytes'), valuesOf(rows, 'OutBytes')];
  if (inValues === null || outValues === null) return null;
  return () => {
    const percentiles = trafficPercentiles(fineColumn(inValues), fineColumn(outValues));
    return mapParts((part) => percentiles[part].value);
  };
}

/** The stored values are zeros while outbound traffic went another way: then only inbound traffic is reported. */
function monthOf(percentiles: MonthPercentiles, outbounds: readonly OutboundStretch[]): Month {
  const { month, in: inward, out } = percentiles;
  const own = outboundsIn({ startS: monthStartS(month), endS: monthStartS(month + 1) }, outbounds);
  const isCertain = own.length > 0 && own.every(({ outbound }) => !isUncertain(outbound));
  const isSilent = !isCertain && inward.value > 0 && out.value === 0;
  const isSeen = !isSilent && own.every(({ outbound }) => unseenReason(outbound) === null);
  return {
    month: percentiles.month,
    rows: percentiles.in.rows,
    p95: mapParts((part) => (isSeen || part === 'in' ? percentiles[part].value : Number.NaN)),
  };
}

function knownPart(figures: ArchiveReport['figures'], { startS, endS, retention }: ReportSpan): number {
  // Gauges are known when reset counters are not.
  const knownS = figures.in?.knownS ?? Math.max(...quantityNames.map((name) => figures[name]?.knownS ?? 0));
  return knownS / Math.max(endS - startS, retention.stepS);
}

function countEvents(events: readonly LedgerEvent[]): ArchiveReport['eventCounts'] {
  const counts = new Map<LedgerEvent['kind'], number>();
  for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function mapNames<T>(of: (name: QuantityName) => T): Readonly<Record<QuantityName, T>> {
  return Object.fromEntries(quantityNames.map((name) => [name, of(name)])) as Record<QuantityName, T>;
}

function mapParts(of: (part: TrafficPart) => number): Percentiles {
  return Object.fromEntries(trafficParts.map((part) => [part, of(part)])) as Record<TrafficPart, number>;
}

/** The stretches that lie in a span. */
function outboundsIn(
  { startS, endS }: Pick<ReportSpan, 'startS' | 'endS'>,
  outbounds: readonly OutboundStretch[],
): readonly OutboundStretch[] {
  return outbounds.filter((one) => one.startS < endS && one.endS > startS);
}
