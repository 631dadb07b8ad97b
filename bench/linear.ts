// Checks whether work grows at most linearly with the number of services. All figures include a fixed part: the cost per service may fall
// as the services grow in number, and must not rise.

import type { GrowthLine } from './comparison.js';

/**
 * How much more a service may cost at the largest number than at its cheapest. Noise between runs is some 5 %, and ten times as much data
 * fits the processor's caches less well; work that grows as n log n costs 1.33 from 1,000 to 10,000, work that grows as the square 10.
 */
export const maxPerService = 1.15;

/** The cost of a service at the largest number, over its lowest cost; NaN when there are too few points. */
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
