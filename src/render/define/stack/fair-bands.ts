// Marks where the borders between the parts of a stack should lie if each part were as large as the scheduler promises: a pale
// band each, as wide as chance makes it (fair-share.ts), and so narrow for many connections that it becomes a line.

import { chanceOf } from '../../../model/service/promise.js';
import { coloursOf } from '../../look/theme.js';
import type { FairStretch } from '../../series/fair-share.js';
import type { GraphKind } from '../../series/quantity.js';
import type { Stack, StackPart } from '../../series/stack-parts.js';
import { pixelColumns } from '../graph/graph-layers.js';
import { linePath } from '../path.js';
import type { Box, Layer } from '../picture.js';
import type { StackRequest } from './stack-request.js';

/** The narrowest visible band, as a fraction of the plot's height. */
const minPart = 0.006;

/** The bands of a stack; none if no shares are promised, or if a part is hidden. */
export function fairLayers(request: StackRequest, kind: GraphKind, plot: Box): Layer[] {
  const { stack, hidden, theme, span } = request;
  if (stack.fair === null || (hidden?.size ?? 0) > 0) return [];
  const colour = coloursOf(theme).fair;
  const none = '#00000000';
  return stack.parts.slice(0, -1).flatMap((_, border) => {
    const { lower, upper } = bordersOf(request, kind, border);
    const path = (values: Float64Array) => linePath({ ...stack.rows, values }, span, pixelColumns(request, plot));
    const label = `fair ${border}`;
    const style = { form: 'band', pattern: 'plain' } as const;
    return [
      { ...path(lower), label, style: { ...style, fill: none, edge: none }, above: null },
      { ...path(upper), label: `${label} to`, style: { ...style, fill: colour, edge: colour }, above: label },
    ];
  });
}

/** The lower and the upper end of the band of one border, one value per row; NaN if nothing is promised. */
function bordersOf(
  { stack: { parts, rows, fair }, isShare }: StackRequest,
  kind: GraphKind,
  border: number,
): { lower: Float64Array; upper: Float64Array } {
  const lower = new Float64Array(rows.length).fill(Number.NaN);
  const upper = lower.slice();
  const highest = isShare ? 100 : highestOf(parts, rows.length);
  // Connections that arrived in a row, or were open in it.
  const perValue = kind.sampled ? 1 : rows.stepS;
  for (let row = 0; row < rows.length; row++) {
    const shares = promisedIn(fair?.stretches ?? [], rows.startS + row * rows.stepS, rows.stepS);
    if (shares === null || rows.known[row] !== rows.present[row]) continue;
    const dealt = sum(parts, (part, i) => ((shares[i] ?? 0) > 0 ? valueAt(part, row) : 0));
    const below = parts.slice(0, border + 1);
    const apart = sum(below, (part, i) => ((shares[i] ?? 0) > 0 ? 0 : valueAt(part, row)));
    const share = Math.min(
      1,
      sum(below, (_, i) => shares[i] ?? 0),
    );
    const total = sum(parts, (part) => valueAt(part, row));
    if (!(dealt > 0)) continue;
    const scale = isShare ? 100 / total : 1;
    const half = Math.max(chanceOf(share, dealt * perValue) * dealt * scale, minPart * 0.5 * highest);
    const middle = (apart + share * dealt) * scale;
    lower[row] = Math.max(0, middle - half);
    upper[row] = Math.min(total * scale, middle + half);
  }
  return { lower, upper };
}

/**
 * The share of each part over the whole span if each row had been distributed as promised; rows without a promise count as they
 * were distributed. So a member counts from when it existed.
 */
export function promisedShares({ parts, rows, fair }: Stack): readonly number[] {
  const sums = parts.map(() => 0);
  for (let row = 0; row < rows.length; row++) {
    const shares = promisedIn(fair?.stretches ?? [], rows.startS + row * rows.stepS, rows.stepS);
    const total = sum(parts, (part) => valueAt(part, row));
    for (const [i, part] of parts.entries()) {
      sums[i] = (sums[i] ?? 0) + (shares === null ? valueAt(part, row) : total * (shares[i] ?? 0));
    }
  }
  const whole = sums.reduce((all, one) => all + one, 0);
  return sums.map((one) => (whole > 0 ? one / whole : 0));
}

/** The shares promised throughout a row; null if there are none, or more than one promise. */
function promisedIn(stretches: readonly FairStretch[], startS: number, stepS: number): readonly number[] | null {
  return stretches.find((one) => startS >= one.startS && startS + stepS <= one.endS)?.shares ?? null;
}

function highestOf(parts: readonly StackPart[], rows: number): number {
  let highest = 0;
  for (let row = 0; row < rows; row++)
    highest = Math.max(
      highest,
      sum(parts, (part) => valueAt(part, row)),
    );
  return highest;
}

function valueAt({ values }: StackPart, row: number): number {
  return values[0]?.[row] ?? 0;
}

function sum(parts: readonly StackPart[], of: (part: StackPart, index: number) => number): number {
  let total = 0;
  for (const [i, part] of parts.entries()) total += of(part, i);
  return total;
}
