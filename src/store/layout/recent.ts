// Recent readings, as each cycle writes them: the parts of 32 neighbouring archives in one slot. The grammar is in docs/format.md, "Recent
// readings". The format is plain because every cycle writes it for all archives; its extra space is freed within hours (chunk.ts).

import type { Grid } from '../rows/slot.js';
import { PackedInput, PackedOutput } from './packed-bytes.js';
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
  const out = new PackedOutput(64 * block.size + 64);
  const entry = new PackedOutput(128);
  for (const [archive, parts] of block) {
    out.byte(archive);
    entry.length = 0;
    for (const part of parts) writePart(entry, part, place);
    out.entry(entry);
  }
  return out.bytes();
}

/** A single reading: values from one place of a column block to another. */
export interface SingleReading {
  readonly sinceS: number;
  readonly timeS: number;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** Packs the first readings of a slot, block after block, without parts of their own. */
export class BlockWriter {
  readonly #place: SlotPlace;
  readonly #entry = new PackedOutput(128);
  #out = new PackedOutput(64);

  constructor(place: SlotPlace) {
    this.#place = place;
  }

  /** Adds a reading of an archive of the current block, by its number within it. */
  add(archive: number, { sinceS, timeS, values, from, to }: SingleReading): void {
    const entry = this.#entry;
    entry.length = 0;
    writeTimes(entry, { sinceS, timeS, isSum: false }, this.#place);
    for (let i = from; i < to; i += 1) entry.value(values[i] ?? Number.NaN);
    this.#out.byte(archive);
    this.#out.entry(entry);
  }

  /** Ends the block, and returns its record. */
  end(): Uint8Array {
    const bytes = this.#out.bytes();
    this.#out = new PackedOutput(bytes.length);
    return bytes;
  }
}

/** Unpacks a record. For an archive that is no longer known, only the time of its first part is returned, without values. */
export function decodeBlock(bytes: Uint8Array, place: SlotPlace, columnsOf: ColumnsOf): Block {
  const block: Block = new Map();
  const input = new PackedInput(bytes);
  while (!input.isAtEnd()) {
    const archive = input.byte();
    const columns = columnsOf(archive);
    block.set(archive, columns === undefined ? readTime(input, place) : readEntry(input, place, columns));
  }
  return block;
}

function readTime(input: PackedInput, { slot, stepS }: SlotPlace): readonly Part[] {
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
  const input = new PackedInput(bytes);
  while (!input.isAtEnd()) {
    if (input.byte() === wanted) return readEntry(input, place, columns);
    const size = input.varint();
    input.at += size;
  }
  return [];
}

function readEntry(input: PackedInput, place: SlotPlace, columns: number): readonly Part[] {
  const size = input.varint();
  const endsAt = input.at + size;
  const parts: Part[] = [];
  while (input.at < endsAt) parts.push(readPart(input, place, columns));
  return parts;
}

function writePart(out: PackedOutput, { sinceS, timeS, values, unknownS }: Part, place: SlotPlace): void {
  writeTimes(out, { sinceS, timeS, isSum: unknownS !== null }, place);
  for (const value of values) out.value(value);
  if (unknownS !== null) for (const lengthS of unknownS) out.varint(lengthS);
}

interface PartTimes {
  readonly sinceS: number;
  readonly timeS: number;
  readonly isSum: boolean;
}

function writeTimes(out: PackedOutput, { sinceS, timeS, isSum }: PartTimes, { slot, stepS }: SlotPlace): void {
  const endS = timeS - (slot - 1) * stepS;
  out.byte(endS >>> 8);
  out.byte(endS & 0xff);
  out.varint(timeS - sinceS);
  out.byte(isSum ? 1 : 0);
}

function readPart(input: PackedInput, { slot, stepS }: SlotPlace, columns: number): Part {
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
