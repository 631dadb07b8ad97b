// The peaks that stand out of the means: where rows of several steps hide one, the picture shows it with its value. What sets
// the axis is then never invisible.

import { formatFigure } from '../look/si-format.js';
import type { Layer, Peak } from './picture.js';

/** A peak up to this much above the means is as good as drawn by them. */
const leastExcess = 1.02;

/** The greatest peak above zero and the greatest below, each if `maxima` rise above all `means`. */
export function peaksOf(maxima: readonly Layer[], means: readonly Layer[]): readonly Peak[] {
  return [1, -1].flatMap((sign) => {
    const heights = maxima.map((layer) => highestIn(layer, sign));
    const highest = Math.max(0, ...heights);
    const layer = maxima[heights.indexOf(highest)];
    const drawn = Math.max(0, ...means.map((one) => highestIn(one, sign)));
    if (layer === undefined || highest <= drawn * leastExcess) return [];
    const value = sign * highest;
    return [{ timeS: timeOf(layer, value), value, text: `max ${formatFigure(highest)}` }];
  });
}

function highestIn({ values }: Layer, sign: number): number {
  let highest = 0;
  for (const value of values) if (value * sign > highest) highest = value * sign;
  return highest;
}

/** The middle of the row with a value: a step ends at its point and begins at the one before. */
function timeOf({ values, timesS, stepped }: Layer, value: number): number {
  const first = values.indexOf(value);
  let last = first;
  while (stepped && values[last + 1] === value && last < first + 1) last += 1;
  const atS = timesS[last] ?? Number.NaN;
  const beforeS = timesS[last - 1];
  return stepped && beforeS !== undefined && !Number.isNaN(values[last - 1] ?? Number.NaN) ? (atS + beforeS) / 2 : atS;
}
