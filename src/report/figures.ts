// The figures of one quantity over rows: its average and its sum over the known time, its maximum with its time, and its 95th
// percentile if all of its rows are of one step, the finest there are. Unknown is NaN.

import { percentile95 } from '../model/percentile.js';
import type { Rows } from './longer-rows.js';

/** The row that contains a maximum. */
export interface PeakRow {
  readonly endS: number;
  readonly rowS: number;
}

/** The figures of one quantity, in its own unit: per second, or as read. */
export interface Figures {
  readonly average: number;
  /**
   * Greatest of the finest rows, and the row that remains of its time; null if unknown: maxima were not kept in all rows, and a
   * mean without one exceeds those that were.
   */
  readonly maximum: number;
  readonly maximumIn: PeakRow | null;
  /** Sum over the known time. */
  readonly total: number;
  readonly knownS: number;
  /** NaN if the finest rows are no longer kept. */
  readonly p95: number;
}

/** A quantity's values: a column of means and one of maxima for each stretch of rows. */
export interface Values {
  readonly rowS: number;
  /** Is each row a single step? */
  readonly isFine: boolean;
  readonly startS: number;
  readonly average: Float64Array;
  readonly max: Float64Array;
  /** As of `Rows`. */
  readonly fromRowS?: Float64Array;
}

/** The values of a data source; null if the archive lacks it. */
export function valuesOf(rows: readonly Rows[], dataSource: string): readonly Values[] | null {
  const all: Values[] = [];
  for (const { rowS, average, max, fromRowS } of rows) {
    const column = average.dataSources.indexOf(dataSource);
    const [means, peaks] = [average.columns[column], max.columns[column]];
    if (means === undefined || peaks === undefined) return null;
    const own = { rowS, isFine: rowS === average.pdpS, startS: average.startS, average: means, max: peaks };
    all.push(fromRowS === undefined ? own : { ...own, fromRowS });
  }
  return all;
}

/** The figures of a quantity; `isFine`: all of its rows are the finest. */
export function quantityFigures(values: readonly Values[], isFine: boolean): Figures {
  let [sum, knownS, maximum] = [0, 0, Number.NaN];
  let maximumIn: PeakRow | null = null;
  let unpeaked = Number.NEGATIVE_INFINITY;
  for (const { rowS, startS, average, max, fromRowS } of values) {
    for (let row = 0; row < average.length; row += 1) {
      const mean = average[row] ?? Number.NaN;
      if (!Number.isNaN(mean)) {
        sum += mean * rowS;
        knownS += rowS;
      }
      const peak = max[row] ?? Number.NaN;
      if (Number.isNaN(peak)) unpeaked = Math.max(unpeaked, Number.isNaN(mean) ? unpeaked : mean);
      if (Number.isNaN(peak) || peak <= maximum) continue;
      maximum = peak;
      maximumIn = peakRowOf(startS + (row + 1) * rowS, Math.max(rowS, fromRowS?.[row] ?? 0));
    }
  }
  if (unpeaked > maximum) [maximum, maximumIn] = [Number.NaN, null];
  return {
    average: knownS === 0 ? Number.NaN : sum / knownS,
    maximum,
    maximumIn,
    total: knownS === 0 ? Number.NaN : sum,
    knownS,
    p95: isFine ? percentile95(fineColumn(values)).value : Number.NaN,
  };
}

/** The row of that length that contains a time. */
function peakRowOf(timeS: number, rowS: number): PeakRow {
  return { endS: Math.ceil(timeS / rowS) * rowS, rowS };
}

/** The finest rows among the values, if they are single steps. */
export function fineColumn(values: readonly Values[]): Float64Array {
  return values.find(({ isFine }) => isFine)?.average ?? new Float64Array();
}

/**
 * The growth of one average over another, as a fraction of the latter; NaN if less than half of either's time is known, or if
 * the latter was zero.
 */
export function relativeGrowth(now: Figures | null, before: Figures | null, lengthS: number): number {
  if (now === null || before === null || Math.min(now.knownS, before.knownS) < lengthS / 2) return Number.NaN;
  return before.average > 0 ? now.average / before.average - 1 : Number.NaN;
}
