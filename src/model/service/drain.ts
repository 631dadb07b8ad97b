// How a real server of weight 0 drains, judged by its active connections since its weight became 0; earlier ones do not count.
// A straight line through them (weighted least squares, the newest weighing most) estimates when none will be left.

/**
 * `empty`: none is left; `draining`: none will be left in about that many seconds; `standing`: their number does not fall;
 * `early`: too early to tell.
 */
export type Drain =
  | { readonly kind: 'empty' | 'standing' | 'early' }
  | { readonly kind: 'draining'; readonly leftS: number };

/** Active connections of a real server of weight 0. */
export interface WeightZeroRows {
  /** One value per row of `stepS` since the weight became 0, NaN if unknown. */
  readonly active: readonly number[];
  /** The row just before, if the weight was seen to change after it; otherwise NaN. */
  readonly before: number;
  readonly stepS: number;
}

/** A decline of less than this fraction of the connections per hour does not count. */
const minPerHour = 0.02;

/**
 * A row weighs half as much as one this much newer (or two rows newer, whichever is longer): as connections drain, so does the
 * rate.
 */
const halfLifeS = 600;

/** The drain of a real server. */
export function drainFrom({ active, before, stepS }: WeightZeroRows): Drain {
  const since = pointsOf(active);
  const last = since.at(-1)?.[1] ?? Number.NaN;
  // A reading between two boundaries leaves a little of the previous one in its row.
  if (last < 0.5) return { kind: 'empty' };
  const points = since.length === 1 && !Number.isNaN(before) ? pointsOf([before, ...active]) : since;
  if (points.length < 2) return { kind: 'early' };
  const halfLifeRows = Math.max(2, halfLifeS / stepS);
  const rates = [slopeOf(points, Number.POSITIVE_INFINITY), slopeOf(points, halfLifeRows)].map(
    (slope) => -slope / stepS,
  );
  const isFewer = rates.every((perS) => perS * 3600 > minPerHour * last);
  // Within a single interval the weight may have changed at the very end.
  if (!isFewer) return { kind: since.length === 1 ? 'early' : 'standing' };
  const leftS = last / (rates[1] ?? 0);
  return { kind: 'draining', leftS: Math.max(leftS, stoodS(since, last, stepS), stepS) };
}

type Point = readonly [row: number, value: number];

function pointsOf(values: readonly number[]): readonly Point[] {
  return [...values.entries()].filter(([, value]) => !Number.isNaN(value));
}

/** How long the number has been as low as now; the connections will hardly be gone sooner than that. */
function stoodS(points: readonly Point[], last: number, stepS: number): number {
  const newest = points.at(-1)?.[0] ?? 0;
  const more = points.findLast(([, value]) => value >= last + 0.5)?.[0] ?? newest;
  return Math.max(0, newest - more - 1) * stepS;
}

/** Change of connections per row; a row weighs half as much as one `halfLifeRows` newer. */
function slopeOf(points: readonly Point[], halfLifeRows: number): number {
  const newest = points.at(-1)?.[0] ?? 0;
  const weights = points.map(([row]) => 2 ** ((row - newest) / halfLifeRows));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point, i) => sum + (weights[i] ?? 0) * of(point), 0) / total;
  const meanRow = mean(([row]) => row);
  const meanValue = mean(([, value]) => value);
  return mean(([row, value]) => (row - meanRow) * (value - meanValue)) / mean(([row]) => (row - meanRow) ** 2);
}
