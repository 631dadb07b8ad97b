// Whether work grows linearly or better with the number of services, by figures that all include a fixed part: what each
// service costs may fall as they become more, and must not rise.

import type { GrowthLine } from './comparison.js';

/**
 * How much more a service may cost at the largest number than at the number where it costs least. Noise between runs is some
 * 5 %, and ten times as much data fits the processor's caches less well; work that grows as n log n costs 1.33 from 1,000 to
 * 10,000, work that grows as the square 10.
 */
export const mostPerService = 1.15;

/** What a service costs at the largest number, over what it costs where it costs least; NaN where there is too little. */
export function perServiceGrowth({ points }: GrowthLine): number {
  const measured = points.filter(({ value }) => !Number.isNaN(value));
  const costs = measured.map(({ services, value }) => value / services);
  const [last, ...smaller] = costs.reverse();
  return last === undefined || smaller.length === 0 ? Number.NaN : last / Math.min(...smaller);
}

/** The exponent of a x n^b between two points. */
export function exponentOf(from: GrowthLine['points'][number], to: GrowthLine['points'][number]): number {
  return Math.log(to.value / from.value) / Math.log(to.services / from.services);
}
