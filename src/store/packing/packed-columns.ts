// Columns that can be read one by one: the length of each stands before them (docs/format.md, "Packed columns"). A column may follow another
// one, its leader, which is then read too, but no deeper than two: reading one column takes three at most.

import { type BitReader, BitWriter } from './bits.js';
import type { Leaders } from './column.js';

const widthBits = 5;
const deepest = 2;

/** The columns that one may follow, at most two, the likeliest first. They stand before it. */
export type CandidatesOf = (column: number) => readonly number[];

/** A column that was written: the number of the leader among its candidates, and the integers that others may follow. */
export interface WrittenColumn {
  readonly leader: number | null;
  readonly integers: Float64Array | null;
}

/** A column that was read: its values, and the integers that others may follow. */
export interface ReadColumn {
  readonly values: Float64Array;
  readonly integers: Float64Array | null;
}

/** Appends columns after their lengths in bits; `write` writes the column with that number. */
export function writePacked(
  bits: BitWriter,
  columns: { readonly count: number; readonly candidatesOf: CandidatesOf },
  write: (bits: BitWriter, column: number, leaders: Leaders) => WrittenColumn,
): void {
  const body = new BitWriter();
  const lengths: number[] = [];
  const written: (WrittenColumn & { readonly depth: number })[] = [];
  for (let column = 0; column < columns.count; column += 1) {
    const from = body.length;
    const candidates = columns.candidatesOf(column).map((one) => written[one]);
    const leaders = candidates.map((one) => (one === undefined || one.depth >= deepest ? null : one.integers));
    const own = write(body, column, leaders);
    const leader = own.leader === null ? undefined : candidates[own.leader];
    written.push({ ...own, depth: leader === undefined ? 0 : leader.depth + 1 });
    lengths.push(body.length - from);
  }
  let width = 0;
  while (lengths.some((length) => length >= 2 ** width)) width += 1;
  bits.write(width, widthBits);
  for (const length of lengths) bits.write(length, width);
  bits.append(body);
}

/** Columns that were written by `writePacked`, read when they are asked for. */
export class PackedColumns {
  readonly #bits: BitReader;
  readonly #candidatesOf: CandidatesOf;
  readonly #read: (column: number, leaderOf: (leader: number) => Float64Array) => ReadColumn;
  /** The bit at which each column begins; behind the last, where all end. */
  readonly #starts: readonly number[];
  readonly #known: (ReadColumn | undefined)[] = [];

  /** Finds the columns that begin here, and goes behind them. `read` reads the column at which the reader stands. */
  constructor(
    bits: BitReader,
    { count, candidatesOf }: { readonly count: number; readonly candidatesOf: CandidatesOf },
    read: (column: number, leaderOf: (leader: number) => Float64Array) => ReadColumn,
  ) {
    this.#bits = bits;
    this.#candidatesOf = candidatesOf;
    this.#read = read;
    const width = bits.read(widthBits);
    let at = bits.at + count * width;
    const starts = [at];
    for (let i = 0; i < count; i += 1) {
      at += bits.read(width);
      starts.push(at);
    }
    this.#starts = starts;
    bits.seek(at);
  }

  /** The values of a column. Throws a `RangeError` when the bits are no column. */
  column(column: number): Float64Array {
    return this.#readColumn(column).values;
  }

  #readColumn(column: number): ReadColumn {
    const known = this.#known[column];
    if (known !== undefined) return known;
    const backTo = this.#bits.at;
    this.#bits.seek(this.#starts[column] ?? 0);
    const own = this.#read(column, (leader) => this.#leaderOf(column, leader));
    this.#bits.seek(backTo);
    this.#known[column] = own;
    return own;
  }

  #leaderOf(column: number, leader: number): Float64Array {
    const found = this.#candidatesOf(column)[leader];
    // Bytes that are no columns may point anywhere; only columns that stand before this one end.
    const integers = found === undefined || found >= column ? null : this.#readColumn(found).integers;
    if (integers === null) throw new RangeError('a column follows none that is there');
    return integers;
  }
}
