// A quantity over the rows of an archive, and its figures in the legend.
// Three things must not be confused: a value, unknown (hatched), and a ratio without divisor (blank).

import { rankOf95 } from '../../model/percentile.js';
import type { Series } from '../../model/series.js';
import { UserError } from '../../model/user-error.js';
import type { Span } from '../define/graph-request.js';
import type { Quantity } from './quantity.js';

/** One value per row; NaN if there is none, with 1 in `unknown` if the cause is an unknown part. */
export interface Trace {
  readonly values: Float64Array;
  readonly unknown: Uint8Array;
  /** Mean over the known rows; for a ratio, the sum of its dividends over the sum of its divisors. */
  readonly mean: number;
}

/** The figures of a trace in a legend; NaN if nothing is known. */
export interface Figures {
  readonly last: number;
  readonly mean: number;
  /** Least of the rows, which are means: no minimum is kept of the steps within a row. */
  readonly minimum: number;
  readonly maximum: number;
  /** Of single steps; NaN for longer rows, whose percentile would be one of means. */
  readonly p95: number;
  /** Sum over the known rows of value times their length. */
  readonly total: number;
}

/** A quantity of a series. Throws a `UserError` if the archive lacks the data source. */
export function traceOf(series: Series, { dataSource, per, scale, where }: Quantity): Trace {
  const dividend = columnOf(series, dataSource);
  if (where !== undefined) return traceWhere(dividend, scale, columnOf(series, where.dataSource), where);
  if (per === undefined) return plainTrace(dividend, scale);
  const divisor = columnOf(series, per);
  const values = new Float64Array(dividend.length).fill(Number.NaN);
  const unknown = new Uint8Array(dividend.length);
  let dividends = 0;
  let divisors = 0;
  for (let row = 0; row < values.length; row++) {
    const over = dividend[row] ?? Number.NaN;
    const under = divisor[row] ?? Number.NaN;
    if (Number.isNaN(over) || Number.isNaN(under)) unknown[row] = 1;
    else if (under > 0) {
      values[row] = (over * scale) / under;
      dividends += over;
      divisors += under;
    }
  }
  return { values, unknown, mean: divisors > 0 ? (dividends * scale) / divisors : Number.NaN };
}

/** Rows without an answer, in which all probes were lost, are neither unknown nor drawn. */
function traceWhere(
  column: Float64Array,
  scale: number,
  deciding: Float64Array,
  { above, upTo }: { readonly above: number; readonly upTo: number },
): Trace {
  const isWithin = (value: number): boolean => value > above && value <= upTo;
  const values = column.map((value, row) => (isWithin(deciding[row] ?? Number.NaN) ? value : Number.NaN));
  const unknown = Uint8Array.from(deciding, (value) => (Number.isNaN(value) ? 1 : 0));
  return { ...plainTrace(values, scale), unknown };
}

/** The sum of traces, row by row; unknown if one of them is. */
export function traceSum(traces: readonly Trace[]): Trace {
  const values = Float64Array.from(traces[0]?.values ?? [], (_, row) =>
    traces.reduce((sum, trace) => sum + (trace.values[row] ?? Number.NaN), 0),
  );
  return plainTrace(values, 1);
}

/** The rows of a trace: their length, and that of a single step. */
export type RowLengths = Pick<Series, 'stepS' | 'pdpS'>;

/**
 * The figures of a trace; the maximum is that of `max` if there is one. If maxima were not kept in
 * all rows, and a mean without one exceeds those that were kept, the maximum is unknown.
 */
export function traceFigures(trace: Trace, max: Trace | null, { stepS, pdpS }: RowLengths): Figures {
  const known = trace.values.filter((value) => !Number.isNaN(value)).sort();
  const peak = max === null ? known.at(-1) : greatest(max.values);
  const unpeaked = max === null ? undefined : greatest(trace.values.filter((_, row) => Number.isNaN(max.values[row])));
  const sum = known.reduce((total, value) => total + value, 0);
  return {
    last: trace.values.at(-1) ?? Number.NaN,
    mean: trace.mean,
    minimum: known[0] ?? Number.NaN,
    maximum: peak === undefined || (unpeaked !== undefined && unpeaked > peak) ? Number.NaN : peak,
    p95: stepS === pdpS ? (known[rankOf95(known.length) - 1] ?? Number.NaN) : Number.NaN,
    total: known.length === 0 ? Number.NaN : sum * stepS,
  };
}

function greatest(values: Float64Array): number | undefined {
  return values
    .filter((value) => !Number.isNaN(value))
    .sort()
    .at(-1);
}

/** Greatest value of a trace, 0 if nothing is known. */
export function highestOf(values: Float64Array): number {
  let highest = 0;
  for (const value of values) if (value > highest) highest = value;
  return highest;
}

/** Least value of a trace, 0 if none is below. */
export function lowestOf(values: Float64Array): number {
  let lowest = 0;
  for (const value of values) if (value < lowest) lowest = value;
  return lowest;
}

/** The rows of a series that overlap `span`. Whole rows that the series lacks there are added as unknown. */
export function rowsWithin(series: Series, span: Pick<Span, 'startS' | 'endS'>): Series {
  const { stepS } = series;
  const length = series.columns[0]?.length ?? 0;
  const first = Math.floor((span.startS - series.startS) / stepS);
  const needed = (span.endS - series.startS) / stepS;
  const end = Math.max(Math.floor(needed), Math.min(length, Math.ceil(needed)));
  if (first === 0 && end === length) return series;
  const columns = series.columns.map((column) => {
    if (first >= 0 && end <= length) return column.subarray(first, end);
    const padded = new Float64Array(Math.max(0, end - first)).fill(Number.NaN);
    if (first < length && end > 0) padded.set(column.subarray(Math.max(0, first), end), Math.max(0, -first));
    return padded;
  });
  const startS = series.startS + first * stepS;
  return { ...series, startS, endS: startS + Math.max(0, end - first) * stepS, columns };
}

/** The column of a data source. Throws a `UserError` with code `no-such-data-source`. */
export function columnOf(series: Series, dataSource: string): Float64Array {
  const column = series.columns[series.dataSources.indexOf(dataSource)];
  if (column !== undefined) return column;
  throw new UserError(
    'no-such-data-source',
    `archive ${series.name} has no data source ${dataSource}, only ${series.dataSources.join(', ')}: choose another graph type`,
  );
}

function plainTrace(column: Float64Array, scale: number): Trace {
  const values = new Float64Array(column.length);
  const unknown = new Uint8Array(column.length);
  let sum = 0;
  let count = 0;
  for (let row = 0; row < column.length; row++) {
    const value = (column[row] ?? Number.NaN) * scale;
    if (Number.isNaN(value)) {
      values[row] = Number.NaN;
      unknown[row] = 1;
      continue;
    }
    values[row] = value;
    sum += value;
    count++;
  }
  return { values, unknown, mean: count > 0 ? sum / count : Number.NaN };
}
