// An earlier span behind a graph: the same rows of a day, a week or four weeks before, as thin grey lines. Whole days, so that the rows of
// both spans stand above each other; whole weeks also compare equal weekdays.

import type { Series } from '../../model/series.js';
import type { OutboundStretch } from '../../model/service/outbound-stretch.js';
import { coloursOf } from '../look/theme.js';
import type { SpanPercentiles } from '../series/fine-percentiles.js';
import type { Quantity } from '../series/quantity.js';
import { seenTraces } from '../series/seen-trace.js';
import { rowsWithin, type Trace } from '../series/trace.js';
import type { Span, Theme } from './graph-request.js';
import type { Style } from './picture.js';

/** How long before, and the name in a legend. */
export const comparisons = {
  '1w': { shiftS: 7 * 86_400, name: 'a week ago' },
  '1d': { shiftS: 86_400, name: 'a day ago' },
  '4w': { shiftS: 28 * 86_400, name: '4 weeks ago' },
} as const;

/** One of them; the names in addresses and options. */
export type Ago = keyof typeof comparisons;

/** Their names, the usual one first. */
export const agos = Object.keys(comparisons) as readonly Ago[];

/** The rows of an earlier span, at their own times, and the outbound traffic that the director saw then; `max` as in a `GraphRequest`. */
export interface Comparison {
  readonly ago: Ago;
  readonly average: Series;
  readonly max: Series | null;
  readonly outbounds: readonly OutboundStretch[];
  /** As in a `GraphRequest`, of the earlier span. */
  readonly p95?: SpanPercentiles;
}

/** An earlier quantity, moved to the span shown. */
export interface EarlierRows {
  /** "in a week ago"; without the quantity's name if there is only one. */
  readonly name: string;
  readonly quantity: Quantity;
  readonly trace: Trace;
  readonly max: Trace | null;
  readonly series: Pick<Series, 'startS' | 'stepS'>;
  /** The rows at their own time. */
  readonly rows: Series;
}

/** The span that lies before another. */
export function spanAgo({ startS, endS, label }: Span, ago: Ago): Span {
  const { shiftS } = comparisons[ago];
  return { startS: startS - shiftS, endS: endS - shiftS, label };
}

/** The earlier quantities of which anything is known. Throws as `traceOf` does. */
export function earlierRows(
  { ago, average, max, outbounds }: Comparison,
  quantities: readonly Quantity[],
  span: Span,
): readonly EarlierRows[] {
  const { shiftS, name } = comparisons[ago];
  const then = spanAgo(span, ago);
  const rows = rowsWithin(average, then);
  const maxima = max === null ? [] : seenTraces(rowsWithin(max, then), quantities, outbounds);
  const series = { startS: rows.startS + shiftS, stepS: rows.stepS };
  return seenTraces(rows, quantities, outbounds).flatMap(({ trace }, i) => {
    const quantity = quantities[i];
    if (quantity === undefined || trace.values.every(Number.isNaN)) return [];
    const own = quantities.length === 1 ? name : `${quantity.label} ${name}`;
    return {
      name: own,
      quantity,
      trace,
      max: quantity.per === undefined ? (maxima[i]?.trace ?? null) : null,
      series,
      rows,
    };
  });
}

/** A thin grey line. */
export function earlierStyle(theme: Theme): Style {
  const { muted } = coloursOf(theme);
  return { form: 'thin', fill: muted, edge: muted, pattern: 'plain' };
}
