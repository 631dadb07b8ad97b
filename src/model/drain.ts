// How a real server of weight 0 empties: the straight line through the newest rows of its active connections (least squares)
// tells when there will be none left.

/** `empty`: none is left; `draining`: none will be in about so many seconds; `standing`: they do not become fewer. */
export type Drain =
  | { readonly kind: 'empty' | 'standing' | 'unknown' }
  | { readonly kind: 'draining'; readonly leftS: number };

/** A decline of less than this part of the connections an hour is none. */
const leastPerHour = 0.02;

/** How connections become fewer. `active` has a value a row of `stepS`, NaN where unknown. */
export function drainFrom(active: Float64Array, stepS: number): Drain {
  const points = [...active.entries()].filter(([, value]) => !Number.isNaN(value));
  const last = points.at(-1)?.[1];
  if (last === undefined) return { kind: 'unknown' };
  if (last === 0) return { kind: 'empty' };
  const meanRow = meanOf(points.map(([row]) => row));
  const mean = meanOf(points.map(([, value]) => value));
  const spread = points.reduce((sum, [row]) => sum + (row - meanRow) ** 2, 0);
  const slope = points.reduce((sum, [row, value]) => sum + (row - meanRow) * (value - mean), 0) / spread;
  const perS = slope / stepS;
  return perS * 3600 < -leastPerHour * last ? { kind: 'draining', leftS: last / -perS } : { kind: 'standing' };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
