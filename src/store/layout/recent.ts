// Recent readings, as each cycle writes them: the parts of 32 neighbouring archives in one slot. The grammar is in docs/format.md, "Recent
// readings". The format is plain because every cycle writes it for all archives; its extra space is freed within hours (chunk.ts).

import type { Grid } from '../rows/slot.js';
import type { Part } from './readings.js';

/** Archives that share a record. */
export const archivesPerBlock = 32;

/** A slot, and the length of slots. */
export interface SlotPlace extends Pick<Grid, 'stepS'> {
  readonly slot: number;
}

/** Parts by the archive's number within its block. */
export type Block = Map<number, readonly Part[]>;

/** The number of an archive's data sources, by its number within the block; undefined when it is no longer known. */
export type ColumnsOf = (archive: number) => number | undefined;

/** Packs the parts of a block of archives in a slot. */
export function encodeBlock(block: Block, place: SlotPlace): Uint8Array {
  const out = new Output(64 * block.size + 64);
  const entry = new Output(128);
  for (const [archive, parts] of block) {
    out.byte(archive);
    entry.length = 0;
    for (const part of parts) writePart(entry, part, place);
    out.varint(entry.length);
    out.append(entry.bytes());
  }
  return out.bytes();
}

/** Unpacks a record. For an archive that is no longer known, only the time of its first part is returned, without values. */
export function decodeBlock(bytes: Uint8Array, place: SlotPlace, columnsOf: ColumnsOf): Block {
  const block: Block = new Map();
  const input = new Input(bytes);
  while (!input.isAtEnd()) {
    const archive = input.byte();
    const columns = columnsOf(archive);
    block.set(archive, columns === undefined ? readTime(input, place) : readEntry(input, place, columns));
  }
  return block;
}

function readTime(input: Input, { slot, stepS }: SlotPlace): readonly Part[] {
  const size = input.varint();
  const endsAt = input.at + size;
  if (size === 0) return [];
  const timeS = (slot - 1) * stepS + input.byte() * 256 + input.byte();
  input.at = endsAt;
  return [{ sinceS: timeS, timeS, values: new Float64Array(0), unknownS: null }];
}

/** Unpacks one archive's entry of a record and skips the others. */
export function decodeEntry(
  bytes: Uint8Array,
  wanted: number,
  { columns, ...place }: SlotPlace & { readonly columns: number },
): readonly Part[] {
  const input = new Input(bytes);
  while (!input.isAtEnd()) {
    if (input.byte() === wanted) return readEntry(input, place, columns);
    const size = input.varint();
    input.at += size;
  }
  return [];
}

function readEntry(input: Input, place: SlotPlace, columns: number): readonly Part[] {
  const size = input.varint();
  const endsAt = input.at + size;
  const parts: Part[] = [];
  while (input.at < endsAt) parts.push(readPart(input, place, columns));
  return parts;
}

function writePart(out: Output, { sinceS, timeS, values, unknownS }: Part, { slot, stepS }: SlotPlace): void {
  const endS = timeS - (slot - 1) * stepS;
  out.byte(endS >>> 8);
  out.byte(endS & 0xff);
  out.varint(timeS - sinceS);
  out.byte(unknownS === null ? 0 : 1);
  for (const value of values) out.value(value);
  if (unknownS !== null) for (const lengthS of unknownS) out.varint(lengthS);
}

function readPart(input: Input, { slot, stepS }: SlotPlace, columns: number): Part {
  const timeS = (slot - 1) * stepS + input.byte() * 256 + input.byte();
  const sinceS = timeS - input.varint();
  const isSum = input.byte() === 1;
  const values = new Float64Array(columns);
  for (let i = 0; i < columns; i += 1) values[i] = input.value();
  if (!isSum) return { sinceS, timeS, values, unknownS: null };
  const unknownS = new Float64Array(columns);
  for (let i = 0; i < columns; i += 1) unknownS[i] = input.varint();
  return { sinceS, timeS, values, unknownS };
}

const doubleView = new DataView(new ArrayBuffer(8));
const largestPlain = 2 ** 52;

/** An output buffer that grows as needed. */
class Output {
  #bytes: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  /** Seven bits per byte, low ones first; the high bit is set when more follow (LEB128). */
  varint(value: number): void {
    let left = value;
    this.#reserve(8);
    while (left >= 0x80) {
      this.#bytes[this.length] = (left % 0x80) | 0x80;
      this.length += 1;
      left = left > 0x7fffffff ? Math.floor(left / 0x80) : left >>> 7;
    }
    this.#bytes[this.length] = left;
    this.length += 1;
  }

  value(value: number): void {
    if (Number.isNaN(value)) this.varint(0);
    else if (Number.isInteger(value) && value >= 0 && value <= largestPlain && !Object.is(value, -0))
      this.varint(value + 2);
    else {
      this.varint(1);
      doubleView.setFloat64(0, value);
      for (let i = 0; i < 8; i += 1) this.byte(doubleView.getUint8(i));
    }
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * this.#bytes.length + count);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** An input buffer; throws a `RangeError` past the end. */
class Input {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new RangeError('the record of readings is cut off');
    this.at += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  }

  value(): number {
    const code = this.varint();
    if (code === 0) return Number.NaN;
    if (code > 1) return code - 2;
    for (let i = 0; i < 8; i += 1) doubleView.setUint8(i, this.byte());
    return doubleView.getFloat64(0);
  }
}
