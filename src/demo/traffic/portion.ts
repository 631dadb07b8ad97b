// The portion of a service's counter that falls to one real server: S = share x N, moved to and fro by value noise along a
// pace, a counter that N follows (bytes follow their packets, so that sizes stay alike). One's gain is its neighbour's loss, so
// the portions add up to N. The slope of the noise is less than that of the share, so S never falls as long as N grows by a
// fair part of its usual growth at that pace. Shares thus wander with the traffic, without a clock.

import { hashAt } from './noise.js';

/** S of one real server and one counter. `perPace` is the inverse of the pace between knots of the noise. */
export interface Portion {
  readonly share: number;
  readonly amplitude: number;
  readonly perPace: number;
  /** Keys of the real server and of its neighbour. */
  readonly own: number;
  readonly next: number;
}

/** floor(S) at a count and its pace. */
export function portionAt(portion: Portion, count: number, pace: number): number {
  const column = Float64Array.of(count);
  fillPortion(column, { counts: column, paces: Float64Array.of(pace), portion, start: 0 });
  return column[0] ?? 0;
}

/** The input of a column: counts and paces row by row, and the offset added to each floor(S). */
export interface PortionSource {
  readonly counts: Float64Array;
  readonly paces: Float64Array;
  readonly portion: Portion;
  readonly start: number;
}

/** Fills `column` with `start` + floor(S), row by row. */
export function fillPortion(column: Float64Array, { counts, paces, portion, start }: PortionSource): void {
  const { share, amplitude, perPace, own, next } = portion;
  if (amplitude === 0) {
    for (let i = 0; i < column.length; i++) column[i] = start + Math.floor(share * (counts[i] ?? 0));
    return;
  }
  let known = Number.NaN;
  let left = 0;
  let slope = 0;
  for (let i = 0; i < column.length; i++) {
    const at = (paces[i] ?? 0) * perPace;
    const cell = Math.floor(at);
    if (cell !== known) {
      known = cell;
      left = hashAt(own, cell) - hashAt(next, cell);
      slope = hashAt(own, cell + 1) - hashAt(next, cell + 1) - left;
    }
    column[i] = start + Math.floor(share * (counts[i] ?? 0) + amplitude * (left + (at - cell) * slope));
  }
}
