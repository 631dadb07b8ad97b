// One column of rows, packed without losing a bit. A row is a mean or a maximum of rates, so it is close to a fraction: a whole number of
// connections, packets or bytes over the seconds of the step or of the row. A column is packed as the numerators over one denominator, and
// by how many units in the last place (ulps) each row differs from its fraction, because sums round. Rows that do not fit stay
// as they are. The grammar is in docs/format.md, "Rows".

import type { BitReader, BitWriter } from './bits.js';
import { canLead, fillColumn, type LeaderOf, type Leaders, writeColumn } from './column.js';
import type { ReadColumn, WrittenColumn } from './packed-columns.js';
import { unzigzag, zigzag } from './rice-codes.js';
import { freshRoom, type Room } from './room.js';

const denominatorBits = 3;
/** In place of the number of a denominator: the rows as they are. */
const asIs = 7;

/** The denominators of a round-robin archive, at most seven, in ascending order. */
export type Denominators = readonly number[];

/**
 * The denominators of rows of `pdpPerRow` steps. Gauges are whole numbers over the steps of a row; growth between readings that close
 * their slots, over its seconds. Readings that are a constant number of seconds late divide each step's growth in two, so that numerators
 * are over the step once more.
 */
export function denominatorsOf({
  stepS,
  pdpPerRow,
}: {
  readonly stepS: number;
  readonly pdpPerRow: number;
}): Denominators {
  const all = [1, pdpPerRow, stepS, pdpPerRow * stepS, stepS * stepS, pdpPerRow * stepS * stepS];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Rounding errors of a sum, in ulps: a row that is further from its fraction does not fit. */
const maxUlps = 15;

const largestNumerator = 2 ** 51;

/** Bits by which a row that does not fit is longer than a numerator over 1. Measured; it decides only what is shorter. */
const misfitBits = 40;

/** Appends a column of rows; NaN means unknown. Its numerators may follow those of the `leaders`. */
export function writeRowColumn(
  bits: BitWriter,
  rows: Float64Array,
  { denominators, leaders = [] }: { readonly denominators: Denominators; readonly leaders?: Leaders },
): WrittenColumn {
  const denominator = chooseDenominator(rows, denominators);
  if (denominator === null) {
    bits.write(asIs, denominatorBits);
    writeColumn(bits, rows);
    return { leader: null, integers: null };
  }
  const numerators = new Float64Array(rows.length);
  const ulps: number[] = [];
  for (const [i, row] of rows.entries()) {
    const difference = ulpsFrom(row, denominator);
    numerators[i] = Number.isNaN(difference) ? Number.NaN : Math.round(row * denominator);
    if (!Number.isNaN(difference)) ulps.push(zigzag(difference));
  }
  bits.write(denominators.indexOf(denominator), denominatorBits);
  const leader = writeColumn(bits, numerators, leaders);
  writeColumn(bits, Float64Array.from(ulps));
  const others = rows.filter((_, i) => Number.isNaN(numerators[i]));
  const hasMisfits = others.some((row) => !Number.isNaN(row));
  bits.write(hasMisfits ? 1 : 0, 1);
  if (hasMisfits) writeColumn(bits, others);
  return { leader, integers: canLead(numerators) ? numerators : null };
}

/** Reads a column of `count` rows, in arrays of the `room`. Throws a `RangeError` when the bits are no column. */
export function readRowColumn(
  bits: BitReader,
  count: number,
  { denominators, leaderOf, room = freshRoom }: RowColumnForm,
): ReadColumn {
  const read = (length: number, leaders?: LeaderOf): Float64Array => fillColumn(bits, room.take(length), leaders);
  const number = bits.read(denominatorBits);
  if (number === asIs) return { values: read(count), integers: null };
  const denominator = denominators[number];
  if (denominator === undefined) throw new RangeError('unknown denominator of rows');
  const numerators = read(count, leaderOf);
  const rows = room.take(count);
  let fits = 0;
  for (let i = 0; i < count; i += 1) {
    const row = (numerators[i] ?? Number.NaN) / denominator;
    rows[i] = row;
    if (!Number.isNaN(row)) fits += 1;
  }
  addUlps(rows, read(fits));
  const misfits = bits.read(1) === 1 ? read(count - fits) : null;
  if (misfits !== null) {
    let next = 0;
    for (let i = 0; i < count; i += 1) if (Number.isNaN(numerators[i])) rows[i] = misfits[next++] ?? Number.NaN;
  }
  return { values: rows, integers: fits === count ? numerators : null };
}

interface RowColumnForm {
  readonly denominators: Denominators;
  readonly leaderOf?: LeaderOf;
  readonly room?: Room;
}

/** The denominator that makes the column shortest; null when none makes it shorter than the rows as they are. */
function chooseDenominator(rows: Float64Array, denominators: Denominators): number | null {
  let chosen: number | null = null;
  let least = misfitBits * rows.length;
  for (const denominator of denominators) {
    let size = Math.log2(denominator) * rows.length;
    for (let i = 0; i < rows.length && size < least; i += 1) {
      const row = rows[i] ?? Number.NaN;
      if (!Number.isNaN(row) && Number.isNaN(ulpsFrom(row, denominator))) size += misfitBits;
    }
    if (size < least) [chosen, least] = [denominator, size];
  }
  return chosen;
}

/** How many ulps a row lies above the nearest fraction; NaN when the row is unknown or does not fit. */
function ulpsFrom(row: number, denominator: number): number {
  const numerator = Math.round(row * denominator);
  if (!(numerator >= 0 && numerator <= largestNumerator) || Object.is(row, -0)) return Number.NaN;
  const difference = ulpsBetween(numerator / denominator, row);
  return Math.abs(difference) <= maxUlps ? difference : Number.NaN;
}

/** A double and its two halves, in this machine's order. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;
const high = 1 - low;

/** How many doubles lie between two non-negative ones; exact below 2^53. */
function ulpsBetween(from: number, to: number): number {
  if (from === to) return 0;
  double[0] = from;
  const [fromHigh = 0, fromLow = 0] = [halves[high], halves[low]];
  double[0] = to;
  return ((halves[high] ?? 0) - fromHigh) * 2 ** 32 + ((halves[low] ?? 0) - fromLow);
}

/**
 * Moves each known row, none of them negative, by its zigzag-coded ulps. The halves of the doubles are added apart, because the 64 bits exceed
 * what a double holds, and in a loop of their own: a double that was just written would have to be waited for.
 */
function addUlps(rows: Float64Array, codes: Float64Array): void {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, 2 * rows.length);
  let next = 0;
  for (let i = 0; i < rows.length; i += 1) {
    if (Number.isNaN(rows[i])) continue;
    const sum = (words[2 * i + low] ?? 0) + unzigzag(codes[next++] ?? 0);
    const carry = Math.floor(sum / 2 ** 32);
    words[2 * i + high] = (words[2 * i + high] ?? 0) + carry;
    words[2 * i + low] = sum - carry * 2 ** 32;
  }
}
