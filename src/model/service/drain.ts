// How a real server of weight 0 empties, judged by its active connections since its weight became 0: what it had before is no part
// of that. A straight line through them (least squares), to which the newest count most, says when there will be none left.

/** `empty`: none is left; `draining`: none will be in about so many seconds; `standing`: they do not become fewer; `early`: not to be told yet. */
export type Drain =
  | { readonly kind: 'empty' | 'standing' | 'early' }
  | { readonly kind: 'draining'; readonly leftS: number };

/** Active connections of a real server of weight 0. */
export interface Emptying {
  /** A value a row of `stepS` since the weight became 0, NaN where unknown. */
  readonly active: readonly number[];
  /** The row right before, if the weight was seen to change after it; else NaN. */
  readonly before: number;
  readonly stepS: number;
}

/** A decline of less than this part of the connections an hour is none. */
const leastPerHour = 0.02;

/** A row counts half as much as the one this much newer (or two rows newer, whichever is more): as many as drain, so does the rate. */
const halfLifeS = 600;

/** How connections become fewer. */
export function drainFrom({ active, before, stepS }: Emptying): Drain {
  const since = pointsOf(active);
  const last = since.at(-1)?.[1] ?? Number.NaN;
  // A reading between two boundaries leaves a little of the one before in its row.
  if (last < 0.5) return { kind: 'empty' };
  const points = since.length === 1 && !Number.isNaN(before) ? pointsOf([before, ...active]) : since;
  if (points.length < 2) return { kind: 'early' };
  const halfLifeRows = Math.max(2, halfLifeS / stepS);
  const rates = [slopeOf(points, Number.POSITIVE_INFINITY), slopeOf(points, halfLifeRows)].map(
    (slope) => -slope / stepS,
  );
  const isFewer = rates.every((perS) => perS * 3600 > leastPerHour * last);
  // Within a single interval the weight may have changed at its very end.
  if (!isFewer) return { kind: since.length === 1 ? 'early' : 'standing' };
  const leftS = last / (rates[1] ?? 0);
  return { kind: 'draining', leftS: Math.max(leftS, stoodS(since, last, stepS), stepS) };
}

type Point = readonly [row: number, value: number];

function pointsOf(values: readonly number[]): readonly Point[] {
  return [...values.entries()].filter(([, value]) => !Number.isNaN(value));
}

/** How long there have been as few as now: they will hardly be gone sooner than that. */
function stoodS(points: readonly Point[], last: number, stepS: number): number {
  const newest = points.at(-1)?.[0] ?? 0;
  const more = points.findLast(([, value]) => value >= last + 0.5)?.[0] ?? newest;
  return Math.max(0, newest - more - 1) * stepS;
}

/** Connections more with each row, where a row has half the weight of one that is so many rows newer. */
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
