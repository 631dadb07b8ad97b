// Splits the director's packets among its processors: nearly even, wandering slowly with the traffic (portion.ts), until one
// receives more and more of them. It gains exactly the others' loss, so the split is exact.
//
//   S = share x N + wandering - loss x D(N)    D = 0 up to N = `from`, then (N - from)^2 / 2 (to - from), then straight on

import { noiseKey } from '../traffic/noise.js';
import { fillPortion, type Portion } from '../traffic/portion.js';

/** Shares of the packets; they add up to 1. */
const shares = [0.26, 0.24, 0.255, 0.245] as const;
/** The processor that receives more, and its final gain as a fraction of the total. */
const busiest = 2;
const surplus = 0.33;
/** Amplitude of the wandering, as a fraction of the smallest share; and seconds of mean traffic between its knots. */
const wander = 0.09;
const wanderS = 10_800;
/** The counter that paces the wandering of each, as for real servers. */
const paces = [0, 1, 2, 1, 2] as const;

/** The time at which one receives more, and the totals then: at the beginning, and at its full gain. */
export interface Drift {
  readonly fromS: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The input of the split. */
export interface SplitInput {
  readonly seed: number;
  /** Mean rates per second of the totals' five counters. */
  readonly means: readonly number[];
  readonly drift: Drift;
}

/** The five counters of the totals, row by row. */
export interface TotalRows {
  readonly timesS: Float64Array;
  readonly counters: readonly Float64Array[];
}

/** The five counters of each processor, by its number. */
export function splitTotals({ timesS, counters }: TotalRows, input: SplitInput): readonly (readonly Float64Array[])[] {
  const split = shares.map(() => counters.map(() => new Float64Array(timesS.length)));
  for (const [counter, total] of counters.entries()) {
    const rest = Float64Array.from(total);
    const pace = counters[paces[counter] ?? 0] ?? total;
    const drifted = driftOf({ timesS, total }, counter, input.drift);
    for (const [processor, columns] of split.entries()) {
      const column = columns[counter];
      if (column === undefined || processor === busiest) continue;
      fillPortion(column, { counts: total, paces: pace, portion: portionOf(processor, counter, input), start: 0 });
      const loss = (shares[processor] ?? 0) / (1 - shares[busiest]);
      for (let row = 0; row < column.length; row++) {
        const own = (column[row] ?? 0) - Math.floor(loss * (drifted[row] ?? 0));
        column[row] = own;
        rest[row] = (rest[row] ?? 0) - own;
      }
    }
    split[busiest]?.[counter]?.set(rest);
  }
  return split;
}

function portionOf(processor: number, counter: number, { seed, means }: SplitInput): Portion {
  const perKnot = (means[counter] ?? 0) * wanderS;
  const pacePerKnot = (means[paces[counter] ?? 0] ?? 0) * wanderS;
  const isWandering = perKnot > 0 && pacePerKnot > 0;
  return {
    share: shares[processor] ?? 0,
    amplitude: isWandering ? wander * Math.min(...shares) * perKnot : 0,
    perPace: isWandering ? 1 / pacePerKnot : 0,
    own: noiseKey(seed, `processor ${processor}`),
    next: noiseKey(seed, `processor ${(processor + 1) % shares.length}`),
  };
}

/** The gain of the busiest beyond its share, row by row. */
function driftOf(
  { timesS, total }: { readonly timesS: Float64Array; readonly total: Float64Array },
  counter: number,
  drift: Drift,
): Float64Array {
  const from = drift.from[counter] ?? 0;
  const length = (drift.to[counter] ?? 0) - from;
  return total.map((n, row) => {
    const more = n - from;
    if ((timesS[row] ?? 0) < drift.fromS || more <= 0) return 0;
    return surplus * (more < length ? more ** 2 / (2 * length) : more - length / 2);
  });
}
