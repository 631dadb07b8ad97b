// Golomb-Rice codes of non-negative integers, and the other values in packed bits. The grammar is in docs/format.md, "Columns".

import type { BitReader, BitWriter } from './bits.js';

const kBits = 6;
/** The length of an integer that is written as its length and its bits. */
const lengthBits = 6;
const escapeOnes = 24;
const valueBits = 53;

/** The best Rice parameter, or one close to it. */
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

/** Writes codes with the parameter that suits them. */
export function writeCodes(bits: BitWriter, codes: Float64Array): void {
  const k = bestRice(codes);
  const unit = 2 ** k;
  bits.write(k, kBits);
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

/** Reads as many codes as there is room for from an index on. */
export function readCodes(bits: BitReader, codes: Float64Array, from = 0): void {
  bits.readRice(codes, from, { k: bits.read(kBits), escapeOnes });
}

/** Writes a non-negative integer of any size. */
export function writeInteger(bits: BitWriter, value: number): void {
  let length = 0;
  for (let next = 1; next <= value; next *= 2) length += 1;
  bits.write(length, lengthBits);
  bits.write(value, length);
}

/** Reads a non-negative integer. */
export function readInteger(bits: BitReader): number {
  return bits.read(bits.read(lengthBits));
}

/** Maps signed differences to non-negative integers: 0, -1, 1, -2, … become 0, 1, 2, 3, … */
export function zigzag(step: number): number {
  return step < 0 ? -2 * step - 1 : 2 * step;
}

/** The inverse of `zigzag`, without a branch: nobody can predict the sign of a difference. */
export function unzigzag(code: number): number {
  const half = Math.floor(code / 2);
  const odd = code - 2 * half;
  return half - odd * (2 * half + 1);
}

const doubleView = new DataView(new ArrayBuffer(8));

/** Writes a double as eight bytes. */
export function writeDouble(bits: BitWriter, value: number): void {
  doubleView.setFloat64(0, value);
  bits.write(doubleView.getUint32(0), 32);
  bits.write(doubleView.getUint32(4), 32);
}

/** Reads eight bytes as a double. */
export function readDouble(bits: BitReader): number {
  doubleView.setUint32(0, bits.read(32));
  doubleView.setUint32(4, bits.read(32));
  return doubleView.getFloat64(0);
}
