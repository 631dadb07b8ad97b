// One column of readings, packed with Golomb-Rice codes (Rice & Plaunt 1971). Counters grow by similar amounts, so their differences are
// small integers. The grammar is in docs/format.md, "Columns".

import type { BitReader, BitWriter } from './bits.js';

const forms = ['zero', 'same', 'plain', 'steps', 'exact'] as const;
type Form = (typeof forms)[number];

const escapeOnes = 24;
const valueBits = 53;
const largest = 2 ** 51;

/** Appends a column; NaN means unknown. */
export function writeColumn(bits: BitWriter, values: Float64Array): void {
  const known = hasNaN(values) ? values.filter((value) => !Number.isNaN(value)) : values;
  const hasUnknown = known.length < values.length;
  const { form, codes } = chooseForm(known);
  bits.write(forms.indexOf(form), 3);
  bits.write(hasUnknown ? 1 : 0, 1);
  if (hasUnknown) for (const value of values) bits.write(Number.isNaN(value) ? 0 : 1, 1);
  if (form === 'same' || form === 'steps') bits.write(known[0] ?? 0, valueBits);
  if (form === 'exact') for (const value of known) writeDouble(bits, value);
  if (form === 'plain' || form === 'steps') writeCodes(bits, codes);
}

/** A loop: it takes a fraction of the time of `some`. */
function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (Number.isNaN(values[i])) return true;
  return false;
}

/** Reads a column of `count` values. */
export function readColumn(bits: BitReader, count: number): Float64Array {
  const form = forms[bits.read(3)];
  if (form === undefined) throw new RangeError('unknown form of column');
  if (bits.read(1) === 0) return readBody(bits, form, count);
  const values = Float64Array.from({ length: count }, () => (bits.read(1) === 1 ? 0 : Number.NaN));
  const known = readBody(bits, form, values.filter((value) => value === 0).length);
  let next = 0;
  for (let i = 0; i < count; i += 1) if (values[i] === 0) values[i] = known[next++] ?? Number.NaN;
  return values;
}

/** Reads the `count` known values of a column. */
function readBody(bits: BitReader, form: Form, count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0 || form === 'zero') return values;
  if (form === 'plain') readCodes(bits, values);
  else if (form === 'exact') for (let i = 0; i < count; i += 1) values[i] = readDouble(bits);
  else if (form === 'same') values.fill(bits.read(valueBits));
  else {
    let value = bits.read(valueBits);
    values[0] = value;
    readCodes(bits, values.subarray(1));
    for (let i = 1; i < count; i += 1) {
      value += unzigzag(values[i] ?? 0);
      values[i] = value;
    }
  }
  return values;
}

interface Choice {
  readonly form: Form;
  readonly codes: Float64Array;
}

/** A Rice code takes about log2 of the mean, so this chooses the smaller on average: the values or their differences. */
function chooseForm(known: Float64Array): Choice {
  const first = known[0] ?? 0;
  const steps = stepsOf(known.length - 1);
  let last = first;
  let sum = 0;
  let stepSum = 0;
  for (let i = 0; i < known.length; i += 1) {
    const value = known[i] ?? 0;
    if (!isPackable(value)) return { form: 'exact', codes: known };
    sum += value;
    if (i > 0) {
      const code = zigzag(value - last);
      steps[i - 1] = code;
      stepSum += code;
    }
    last = value;
  }
  if (stepSum === 0) return { form: first === 0 ? 'zero' : 'same', codes: known };
  const shrinks = Math.log2((sum + 1) / (stepSum + 1)) * steps.length > valueBits;
  return shrinks ? { form: 'steps', codes: steps } : { form: 'plain', codes: known };
}

/** Shared buffer for differences: columns are short and many, and allocating one each would take longer than the work itself. */
let scratch = new Float64Array(512);

function stepsOf(count: number): Float64Array {
  if (count > scratch.length) scratch = new Float64Array(2 * count);
  return scratch.subarray(0, Math.max(0, count));
}

/** -0 would come back as 0. */
function isPackable(value: number): boolean {
  return value >= 0 && value <= largest && value === Math.floor(value) && (value !== 0 || 1 / value > 0);
}

/** The best k is near log2 of the mean (Kiely 2004, "Selecting the Golomb Parameter in Rice Coding"). */
function bestRice(codes: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < codes.length; i += 1) sum += codes[i] ?? 0;
  const guess = Math.min(51, Math.max(0, Math.floor(Math.log2(Math.max(1, sum / codes.length)))));
  return guess > 0 && riceBits(codes, guess - 1) < riceBits(codes, guess) ? guess - 1 : guess;
}

function riceBits(codes: Float64Array, k: number): number {
  const unit = 1 / 2 ** k;
  let bits = codes.length * (1 + k);
  for (let i = 0; i < codes.length; i += 1) {
    const ones = Math.floor((codes[i] ?? 0) * unit);
    bits += ones >= escapeOnes ? escapeOnes + valueBits - k : ones;
  }
  return bits;
}

function writeCodes(bits: BitWriter, codes: Float64Array): void {
  const k = bestRice(codes);
  const unit = 2 ** k;
  bits.write(k, 6);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    const ones = Math.floor(code / unit);
    if (ones >= escapeOnes) {
      bits.writeUnary(escapeOnes);
      bits.write(code, valueBits);
    } else {
      bits.writeUnary(ones);
      bits.write(code - ones * unit, k);
    }
  }
}

function readCodes(bits: BitReader, codes: Float64Array): void {
  const k = bits.read(6);
  const unit = 2 ** k;
  for (let i = 0; i < codes.length; i += 1) {
    const ones = bits.readUnary();
    codes[i] = ones >= escapeOnes ? bits.read(valueBits) : ones * unit + bits.read(k);
  }
}

/** Maps signed differences to non-negative integers: 0, -1, 1, -2, … become 0, 1, 2, 3, … */
function zigzag(step: number): number {
  return step < 0 ? -2 * step - 1 : 2 * step;
}

function unzigzag(code: number): number {
  const half = Math.floor(code / 2);
  return code === 2 * half ? half : -1 - half;
}

const doubleView = new DataView(new ArrayBuffer(8));

function writeDouble(bits: BitWriter, value: number): void {
  doubleView.setFloat64(0, value);
  bits.write(doubleView.getUint32(0), 32);
  bits.write(doubleView.getUint32(4), 32);
}

function readDouble(bits: BitReader): number {
  doubleView.setUint32(0, bits.read(32));
  doubleView.setUint32(4, bits.read(32));
  return doubleView.getFloat64(0);
}
