// Counters as 32-bit words, exact up to 2^64 - 1 without a bigint for each: ten words per entry, of each counter the low and the high half.

import type { Counters } from '../snapshot.js';

/** Words per entry. */
export const counterWords = 10;

/** Counters per entry: conns, inPkts, outPkts, inBytes, outBytes. */
export const countersPerEntry = 5;

const half = 2 ** 32;

/** Writes a counter of up to 2^53 as the n-th of a row. */
export function putCounter(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = value / half;
}

/** Writes any counter. */
export function putLargeCounter(words: Uint32Array, at: number, value: bigint): void {
  words[at] = Number(value & 0xffff_ffffn);
  words[at + 1] = Number(value >> 32n);
}

/** Writes the counters of a row. */
export function putCounters(words: Uint32Array, row: number, counters: Counters): void {
  const { conns, inPkts, outPkts, inBytes, outBytes } = counters;
  for (const [i, value] of [conns, inPkts, outPkts, inBytes, outBytes].entries()) {
    putLargeCounter(words, row * counterWords + 2 * i, value);
  }
}

/** The counters of a row, in order. */
export function counterListAt(words: Uint32Array, row: number): readonly bigint[] {
  const list: bigint[] = [];
  for (let i = 0; i < countersPerEntry; i += 1) {
    const at = row * counterWords + 2 * i;
    const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
    list.push(high < 0x20_0000 ? BigInt(high * half + low) : (BigInt(high) << 32n) + BigInt(low));
  }
  return list;
}

/** The counters of a row. */
export function countersAt(words: Uint32Array, row: number): Counters {
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = counterListAt(words, row);
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

/** The counters of two tables, and the values that take their growth, `perRow` for a row of the newer table, from the `first` of them on. */
export interface GrowthColumns {
  readonly before: Uint32Array;
  readonly now: Uint32Array;
  readonly values: Float64Array;
  readonly perRow: number;
  readonly first: number;
}

/**
 * Writes the growth of a row's counters, `was` being the row in the older table; false if one fell. The difference is exact before it is
 * rounded to a double, as that of two bigints is.
 */
export function putGrowth({ before, now, values, perRow, first }: GrowthColumns, row: number, was: number): boolean {
  const from = was * counterWords;
  const to = row * counterWords;
  const at = row * perRow + first;
  for (let i = 0; i < countersPerEntry; i += 1) {
    const low = (now[to + 2 * i] ?? 0) - (before[from + 2 * i] ?? 0);
    const high = (now[to + 2 * i + 1] ?? 0) - (before[from + 2 * i + 1] ?? 0);
    const growth = high * half + low;
    if (growth < 0) return false;
    values[at + i] = growth;
  }
  return true;
}

/** Has any counter of a row counted? */
export function hasCounted(words: Uint32Array, row: number): boolean {
  for (let i = row * counterWords; i < (row + 1) * counterWords; i += 1) if (words[i] !== 0) return true;
  return false;
}
