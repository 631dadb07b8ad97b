// The kernel's totals of a simulated service: everything it counted since the machine's boot, in each of its lives, and its
// open connections. Neither removing a service nor zeroing it alone reduces the totals (ip_vs_zero_service,
// __ip_vs_unlink_service in ip_vs_ctl.c).
//
//   tally = conns inPkts outPkts inBytes outBytes connections

import { isWithin, type Span } from '../traffic/calendar.js';
import { counterCount } from '../traffic/curve.js';
import { rowsBefore } from './rows-before.js';

/** Columns of a tally. */
export const tallyColumns = counterCount + 1;

/** From `fromS` on, up to the next life. */
export interface Life {
  readonly fromS: number;
  readonly isPresent: boolean;
  /** Its earlier contribution to the totals, by counter. */
  readonly carried: readonly number[];
}

/** The input of lives. */
export interface LivesInput {
  readonly spans: readonly Span[];
  /** Restarts of its counters: with the machine, or alone. */
  readonly bootsS: readonly number[];
  readonly restartsS: readonly number[];
  /** Its five counters at a time at which it exists. */
  readonly countersAt: (timeS: number) => readonly number[];
}

/** Rows of a service in the table: seven columns, as `ipvsDataSources`. */
interface ShownRows {
  readonly timesS: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** The lives of a service, oldest first. */
export function livesOf({ spans, bootsS, restartsS, countersAt }: LivesInput): readonly Life[] {
  const edges = [...bootsS, ...restartsS, ...spans.flatMap(({ fromS, toS }) => [fromS, toS])].filter(Number.isFinite);
  const lives: Life[] = [];
  for (const fromS of [...new Set(edges)].sort((a, b) => a - b)) {
    const before = lives.at(-1);
    const isPresent = spans.some((span) => isWithin(span, fromS));
    if (before === undefined || bootsS.includes(fromS)) {
      lives.push({ fromS, isPresent, carried: Array(counterCount).fill(0) });
      continue;
    }
    // Readings are at whole seconds: this is the last one before.
    const last = before.isPresent ? countersAt(Math.ceil(fromS) - 1) : [];
    lives.push({ fromS, isPresent, carried: before.carried.map((value, i) => value + (last[i] ?? 0)) });
  }
  return lives;
}

/** Adds a service's counts to a tally, row by row. */
export function addTally(tally: readonly Float64Array[], lives: readonly Life[], { timesS, columns }: ShownRows): void {
  const [active = timesS, inactive = timesS, ...counters] = columns;
  let to = rowsBefore(timesS, 0, lives[0]?.fromS ?? Number.POSITIVE_INFINITY);
  for (const [i, { isPresent, carried }] of lives.entries()) {
    const from = to;
    to = rowsBefore(timesS, from, lives[i + 1]?.fromS ?? Number.POSITIVE_INFINITY);
    for (const [counter, shown] of counters.entries()) {
      const sums = tally[counter] ?? shown;
      const more = carried[counter] ?? 0;
      if (isPresent) for (let row = from; row < to; row++) sums[row] = (sums[row] ?? 0) + more + (shown[row] ?? 0);
      else if (more > 0) for (let row = from; row < to; row++) sums[row] = (sums[row] ?? 0) + more;
    }
    const open = tally[counterCount];
    if (!isPresent || open === undefined) continue;
    for (let row = from; row < to; row++) open[row] = (open[row] ?? 0) + (active[row] ?? 0) + (inactive[row] ?? 0);
  }
}
