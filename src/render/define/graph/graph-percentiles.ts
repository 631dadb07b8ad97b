// The 95th percentiles in a graph's legend: those of the rows shown if these are single steps, otherwise those read for the span. A
// span without any says why in the footer.

import type { ImportedPart } from '../../../model/imported-part.js';
import type { Series } from '../../../model/series.js';
import type { SpanPercentiles } from '../../series/fine-percentiles.js';
import type { GraphKind, Quantity } from '../../series/quantity.js';
import type { Figures } from '../../series/trace.js';

/** Rows as shown, with what is known of their percentiles. */
export interface ShownRows {
  readonly series: Pick<Series, 'startS' | 'endS' | 'stepS' | 'pdpS'>;
  readonly p95: SpanPercentiles | undefined;
  readonly imported: ImportedPart | undefined;
}

/** The figures of a quantity with the percentile of the span; NaN if there is none. */
export function withPercentile(figures: Figures, { dataSource, per, scale }: Quantity, shown: ShownRows): Figures {
  const { series, p95 } = shown;
  if (isFine(shown)) return hasLonger(shown) ? { ...figures, p95: Number.NaN } : figures;
  const isOfSpan = p95?.startS === series.startS && p95.endS === series.endS;
  const value = isOfSpan && per === undefined ? p95.bySource[dataSource] : undefined;
  return { ...figures, p95: value === undefined ? Number.NaN : value * scale };
}

/** The remark on a span without percentiles: "no p95: 5-minute rows have expired"; '' if it has some, or the graph needs none. */
export function percentileRemark({ p95: isWanted }: Pick<GraphKind, 'p95'>, shown: ShownRows): string {
  if (!isWanted) return '';
  if (isFine(shown)) return hasLonger(shown) ? 'no p95: the rows come from longer imported ones' : '';
  const missing = shown.p95?.missing ?? null;
  return missing === null ? '' : `no p95: ${missing}`;
}

function isFine({ series: { stepS, pdpS } }: ShownRows): boolean {
  return stepS === pdpS;
}

function hasLonger({ series: { startS, endS, pdpS }, imported }: ShownRows): boolean {
  return imported?.longer.some((one) => one.rowS > pdpS && one.startS < endS && one.endS > startS) ?? false;
}
