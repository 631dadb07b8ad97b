// The 95th percentile by nearest rank: of n values the one of rank ⌈0.95 n⌉, as carriers bill by. Traffic has four: in, out,
// the larger of both row by row, and their sum. Unknown rows are ignored. See
// https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method

/** The parts of the traffic that have a percentile. */
export const trafficParts = ['in', 'out', 'larger', 'sum'] as const;

/** One of them. */
export type TrafficPart = (typeof trafficParts)[number];

/** A percentile, and the number of known rows behind it; NaN for none. */
export interface Percentile {
  readonly value: number;
  readonly rows: number;
}

/** The percentiles of traffic, IP bytes per second. */
export type TrafficPercentiles = Readonly<Record<TrafficPart, Percentile>>;

/** The traffic percentiles of one calendar month. */
export interface MonthPercentiles extends TrafficPercentiles {
  /** Number of the month, as in month.ts. */
  readonly month: number;
}

/** The rank (from 1) of the 95th percentile of `count` values. */
export function rankOf95(count: number): number {
  // In floating point, 0.95 times a whole number is not always whole where it should be.
  return Math.ceil((95 * count) / 100);
}

/** The 95th percentile of the known values. */
export function percentile95(values: Float64Array): Percentile {
  const known = new Float64Array(values.length);
  let rows = 0;
  for (const value of values) if (!Number.isNaN(value)) known[rows++] = value;
  return { value: selectRank(known.subarray(0, rows), rankOf95(rows)), rows };
}

/** The percentiles of rows of traffic in and out; for the larger and the sum, only rows in which both are known. */
export function trafficPercentiles(inBytes: Float64Array, outBytes: Float64Array): TrafficPercentiles {
  const larger = new Float64Array(inBytes.length);
  const sum = new Float64Array(inBytes.length);
  for (let row = 0; row < inBytes.length; row += 1) {
    const [inward, out] = [inBytes[row] ?? Number.NaN, outBytes[row] ?? Number.NaN];
    sum[row] = inward + out;
    // NaN if either is.
    larger[row] = Math.max(inward, out);
  }
  return {
    in: percentile95(inBytes),
    out: percentile95(outBytes),
    larger: percentile95(larger),
    sum: percentile95(sum),
  };
}

/** The value of a rank (from 1), by Hoare's selection, which avoids sorting the rows. Reorders `values`. */
function selectRank(values: Float64Array, rank: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? Number.NaN;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] ?? pivot) < pivot) left += 1;
      while ((values[right] ?? pivot) > pivot) right -= 1;
      if (left > right) break;
      const swapped = values[left] ?? pivot;
      values[left] = values[right] ?? pivot;
      values[right] = swapped;
      left += 1;
      right -= 1;
    }
    if (rank - 1 <= right) high = right;
    else if (rank - 1 >= left) low = left;
    else break;
  }
  return values[rank - 1] ?? Number.NaN;
}
