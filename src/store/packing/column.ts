// One column of integers, packed with Golomb-Rice codes (Rice & Plaunt 1971). Counters grow by similar amounts, so their differences are
// small integers, and bytes follow packets. The grammar is in docs/format.md, "Columns".

import type { BitReader, BitWriter } from './bits.js';
import {
  readCodes,
  readDouble,
  readInteger,
  unzigzag,
  writeCodes,
  writeDouble,
  writeInteger,
  zigzag,
} from './rice-codes.js';

const forms = ['zero', 'same', 'plain', 'steps', 'follows', 'exact'] as const;
type Form = (typeof forms)[number];

const formBits = 3;
const largest = 2 ** 51;

/** Columns that a column may follow; null where one is missing or not suitable. */
export type Leaders = readonly (Float64Array | null)[];

/** Most columns that one may follow. */
const maxLeaders = 2;

/** How much an earlier value counts for the ratio to the leader, against the next one. */
const decay = 0.75;

/**
 * Appends a column; NaN means unknown. A column without unknown values may follow one of the `leaders`, which must have as many values,
 * all of them packable. Returns the number of the leader that it follows, or null.
 */
export function writeColumn(bits: BitWriter, values: Float64Array, leaders: Leaders = []): number | null {
  const known = hasNaN(values) ? values.filter((value) => !Number.isNaN(value)) : values;
  const hasUnknown = known.length < values.length;
  const { form, codes, leader } = chooseForm(known, hasUnknown ? [] : leaders);
  bits.write(forms.indexOf(form), formBits);
  bits.write(hasUnknown ? 1 : 0, 1);
  if (hasUnknown) for (const value of values) bits.write(Number.isNaN(value) ? 0 : 1, 1);
  if (form === 'follows') bits.write(leader, 1);
  if (form === 'same' || form === 'steps' || form === 'follows') writeInteger(bits, known[0] ?? 0);
  if (form === 'exact') for (const value of known) writeDouble(bits, value);
  if (form === 'plain' || form === 'steps' || form === 'follows') writeCodes(bits, codes);
  return form === 'follows' ? leader : null;
}

/** May other columns follow this one? Every value must be known and packable. */
export function canLead(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (!isPackable(values[i] ?? Number.NaN)) return false;
  return true;
}

/** A loop: it takes a fraction of the time of `some`. */
function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (Number.isNaN(values[i])) return true;
  return false;
}

/** Reads a column of `count` values; `leaderOf` returns the leader with that number. Throws a `RangeError` when the bits are no column. */
export function readColumn(bits: BitReader, count: number, leaderOf: LeaderOf = noLeader): Float64Array {
  return fillColumn(bits, new Float64Array(count), leaderOf);
}

/** Reads a column of as many values as there is room for, into an array that may have had others. */
export function fillColumn(bits: BitReader, values: Float64Array, leaderOf: LeaderOf = noLeader): Float64Array {
  const form = forms[bits.read(formBits)];
  if (form === undefined) throw new RangeError('unknown form of column');
  if (bits.read(1) === 0) {
    fillBody(bits, values, { form, leaderOf });
    return values;
  }
  const maskAt = bits.at;
  let left = 0;
  for (let i = 0; i < values.length; i += 1) left += bits.read(1);
  fillBody(bits, values.subarray(0, left), { form, leaderOf });
  const end = bits.at;
  // From the last value on, so that none is overwritten before it has moved.
  for (let i = values.length - 1; i >= 0; i -= 1) {
    bits.seek(maskAt + i);
    if (bits.read(1) === 0) values[i] = Number.NaN;
    else {
      left -= 1;
      values[i] = values[left] ?? Number.NaN;
    }
  }
  bits.seek(end);
  return values;
}

/** Returns the leader with a number. */
export type LeaderOf = (leader: number) => Float64Array;

function noLeader(): Float64Array {
  throw new RangeError('a column follows none that is there');
}

interface Body {
  readonly form: Form;
  readonly leaderOf: LeaderOf;
}

/** Reads the known values of a column. */
function fillBody(bits: BitReader, values: Float64Array, { form, leaderOf }: Body): void {
  if (values.length === 0) return;
  if (form === 'zero') values.fill(0);
  else if (form === 'plain') readCodes(bits, values);
  else if (form === 'exact') for (let i = 0; i < values.length; i += 1) values[i] = readDouble(bits);
  else if (form === 'same') values.fill(readInteger(bits));
  else {
    const leader = form === 'follows' ? leaderOf(bits.read(1)) : null;
    values[0] = readInteger(bits);
    readCodes(bits, values, 1);
    if (leader === null) sumSteps(values);
    else sumFollowing(values, leader);
  }
}

function sumSteps(values: Float64Array): void {
  let value = values[0] ?? 0;
  for (let i = 1; i < values.length; i += 1) {
    value += unzigzag(values[i] ?? 0);
    values[i] = value;
  }
}

function sumFollowing(values: Float64Array, leader: Float64Array): void {
  let value = values[0] ?? 0;
  let ahead = leader[0] ?? 0;
  let [own, led] = [value, ahead];
  for (let i = 1; i < values.length; i += 1) {
    ahead = leader[i] ?? 0;
    value = expected(value, { ahead, own, led }) + unzigzag(values[i] ?? 0);
    values[i] = value;
    own = own * decay + value;
    led = led * decay + ahead;
  }
}

/**
 * The value after `last` and beside the leader's `ahead`, by the ratio of the sums of both so far. Products, quotients and sums of doubles
 * round the same on every machine, so reading expects what writing expected.
 */
function expected(
  last: number,
  { ahead, own, led }: { readonly ahead: number; readonly own: number; readonly led: number },
): number {
  return led === 0 ? last : Math.min(largest, Math.round((ahead * own) / led));
}

interface Choice {
  readonly form: Form;
  readonly codes: Float64Array;
  readonly leader: number;
}

/** Bits that a form takes besides its codes. */
const firstBits = 24;

/** Chooses the shortest form on average: a Rice code takes about two bits more than log2 of the mean. */
function chooseForm(known: Float64Array, leaders: Leaders): Choice {
  const first = known[0] ?? 0;
  const steps = scratchOf(0, known.length - 1);
  let last = first;
  let sum = 0;
  let stepSum = 0;
  for (let i = 0; i < known.length; i += 1) {
    const value = known[i] ?? 0;
    if (!isPackable(value)) return { form: 'exact', codes: known, leader: 0 };
    sum += value;
    if (i > 0) {
      const code = zigzag(value - last);
      steps[i - 1] = code;
      stepSum += code;
    }
    last = value;
  }
  if (stepSum === 0) return { form: first === 0 ? 'zero' : 'same', codes: known, leader: 0 };
  let choice: Choice = { form: 'plain', codes: known, leader: 0 };
  let least = bitsOf(sum, known.length);
  const stepBits = firstBits + bitsOf(stepSum, steps.length);
  if (stepBits < least) [choice, least] = [{ form: 'steps', codes: steps, leader: 0 }, stepBits];
  for (const [number, leader] of leaders.entries()) {
    if (leader === null) continue;
    const codes = scratchOf(number + 1, known.length - 1);
    const bits = firstBits + 1 + bitsOf(follow(known, leader, codes), codes.length);
    if (bits < least) [choice, least] = [{ form: 'follows', codes, leader: number }, bits];
  }
  return choice;
}

/** Writes the codes of a column that follows another, and returns their sum. */
function follow(known: Float64Array, leader: Float64Array, codes: Float64Array): number {
  let value = known[0] ?? 0;
  let ahead = leader[0] ?? 0;
  let [own, led] = [value, ahead];
  let sum = 0;
  for (let i = 1; i < known.length; i += 1) {
    ahead = leader[i] ?? 0;
    const wanted = expected(value, { ahead, own, led });
    value = known[i] ?? 0;
    const code = zigzag(value - wanted);
    codes[i - 1] = code;
    sum += code;
    own = own * decay + value;
    led = led * decay + ahead;
  }
  return sum;
}

function bitsOf(sum: number, count: number): number {
  return count * Math.log2(sum / Math.max(1, count) + 1);
}

/** Shared buffers for codes: columns are short and many, and allocating them would take longer than the work itself. */
const scratch = Array.from({ length: 1 + maxLeaders }, () => new Float64Array(512));

function scratchOf(buffer: number, count: number): Float64Array {
  let codes = scratch[buffer] ?? new Float64Array(count);
  if (count > codes.length) {
    codes = new Float64Array(2 * count);
    scratch[buffer] = codes;
  }
  return codes.subarray(0, Math.max(0, count));
}

/** -0 would come back as 0. */
function isPackable(value: number): boolean {
  return value >= 0 && value <= largest && value === Math.floor(value) && (value !== 0 || 1 / value > 0);
}
