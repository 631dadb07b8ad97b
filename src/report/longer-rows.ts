// Fills unknown rows from longer rows, as of archives that were imported without fine rows: a report then has the same total as
// a picture of the longer rows. Such values are marked, since they have no percentile, and a less precise time of the maximum.

import type { Cf } from '../model/archive.js';
import type { LongerRows } from '../model/imported-part.js';
import type { Series } from '../model/series.js';

/** The rows of a stretch: their means, and the greatest of the finest rows in each. */
export interface Rows {
  readonly rowS: number;
  readonly average: Series;
  readonly max: Series;
  /** For each row made from a longer one, the length of that one; else 0. Missing if there are none. */
  readonly fromRowS?: Float64Array;
}

/** Rows, with those made from longer ones marked. */
export function markLonger(rows: Rows, stretches: readonly LongerRows[]): Rows {
  const { startS, endS } = rows.average;
  const own = stretches.filter((one) => one.rowS > rows.rowS && one.startS < endS && one.endS > startS);
  if (own.length === 0) return rows;
  const fromRowS = marksOf(rows);
  for (const one of own) {
    const [first, end] = rowRange(rows, one);
    for (let row = first; row < end; row += 1) fromRowS[row] = Math.max(fromRowS[row] ?? 0, one.rowS);
  }
  return { ...rows, fromRowS };
}

/**
 * Rows filled from longer ones of which less than half is known otherwise. That never applies to rows that were read, since a
 * longer one of them is known if half of it is. A longer row that extends beyond the span gives no maximum.
 */
export function fillFromLonger(rows: Rows, longer: Readonly<Record<Cf, Series>>): Rows {
  if (longer.AVERAGE.stepS <= rows.rowS) return rows;
  const fromRowS = marksOf(rows);
  const average = filled(rows, { series: rows.average, longer: longer.AVERAGE, isWholeOnly: false }, fromRowS);
  const max = filled(rows, { series: rows.max, longer: longer.MAX, isWholeOnly: true }, fromRowS);
  if (average === rows.average && max === rows.max) return rows;
  return { ...rows, average, max, fromRowS };
}

interface LongerSeries {
  readonly series: Series;
  readonly longer: Series;
  readonly isWholeOnly: boolean;
}

function filled(rows: Rows, { series, longer, isWholeOnly }: LongerSeries, fromRowS: Float64Array): Series {
  let isChanged = false;
  const columns = series.columns.map((column, i) => {
    const into = column.slice();
    for (const [at, value] of (longer.columns[i] ?? new Float64Array()).entries()) {
      if (Number.isNaN(value)) continue;
      const startS = longer.startS + at * longer.stepS;
      const [first, end] = rowRange(rows, { startS, endS: startS + longer.stepS });
      const known = into.subarray(first, end).filter((one) => !Number.isNaN(one)).length;
      if (2 * known >= end - first || (isWholeOnly && end - first < longer.stepS / rows.rowS)) continue;
      into.fill(value, first, end);
      for (let row = first; row < end; row += 1) fromRowS[row] = Math.max(fromRowS[row] ?? 0, longer.stepS);
      isChanged = true;
    }
    return into;
  });
  return isChanged ? { ...series, columns } : series;
}

function marksOf({ average, fromRowS }: Rows): Float64Array {
  return fromRowS?.slice() ?? new Float64Array(average.columns[0]?.length ?? 0);
}

/** The existing rows of a stretch: from, and up to. */
function rowRange(
  { rowS, average }: Rows,
  { startS, endS }: { readonly startS: number; readonly endS: number },
): readonly [number, number] {
  const count = average.columns[0]?.length ?? 0;
  const row = (timeS: number): number => Math.min(count, Math.max(0, (timeS - average.startS) / rowS));
  return [Math.floor(row(startS)), Math.ceil(row(endS))];
}
