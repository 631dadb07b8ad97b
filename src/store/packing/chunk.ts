// Sealed readings: all parts of one archive in a window of some hours, column by column (column.ts). The grammar is in docs/format.md,
// "Chunks".

import type { ReadingColumns } from '../layout/readings.js';
import type { Grid } from '../rows/slot.js';
import { BitReader, BitWriter } from './bits.js';
import { canLead, fillColumn, writeColumn } from './column.js';
import { type CandidatesOf, PackedColumns, writePacked } from './packed-columns.js';
import { freshRoom, type Room } from './room.js';

const countBits = 16;

/** A window, and the length of windows. */
export interface WindowPlace extends Pick<Grid, 'windowS'> {
  readonly window: number;
}

/** Packs the readings of a window, in time order. */
export function encodeChunk(readings: ReadingColumns, { window, windowS }: WindowPlace): Uint8Array {
  const { timesS, sinceS, values, unknownS } = readings;
  const bits = new BitWriter();
  bits.write(timesS.length, countBits);
  const startS = window * windowS;
  const lengths = new Float64Array(timesS.length);
  const starts = new Float64Array(timesS.length);
  let beforeS = startS;
  for (let i = 0; i < lengths.length; i += 1) {
    const timeS = timesS[i] ?? beforeS;
    lengths[i] = timeS - beforeS;
    starts[i] = beforeS - (sinceS[i] ?? beforeS);
    beforeS = timeS;
  }
  writeColumn(bits, lengths);
  writeColumn(bits, starts);
  writeValues(bits, values);
  bits.write(unknownS.size === 0 ? 0 : 1, 1);
  if (unknownS.size > 0) bits.write(unknownS.size, countBits);
  for (const [index, unknown] of unknownS) {
    bits.write(index, countBits);
    for (const lengthS of unknown) bits.write(lengthS, countBits);
  }
  return bits.finish();
}

/** A column may follow one of the two before it. */
const candidatesOf: CandidatesOf = (column) => (column > 1 ? [column - 1, column - 2] : column === 1 ? [0] : []);

function writeValues(bits: BitWriter, values: readonly Float64Array[]): void {
  writePacked(bits, { count: values.length, candidatesOf }, (body, column, leaders) => {
    const own = values[column] ?? none;
    return { leader: writeColumn(body, own, leaders), integers: canLead(own) ? own : null };
  });
}

/**
 * Unpacks a chunk of an archive with `columns` data sources, in arrays of the `room`. With `wanted`, only those columns are read, and the others
 * are empty. Throws a `RangeError` when the bytes are no chunk.
 */
export function decodeChunk(
  bytes: Uint8Array,
  { window, windowS }: WindowPlace,
  { columns, wanted = null, room = freshRoom }: ChunkPart,
): ReadingColumns {
  const bits = new BitReader(bytes);
  const count = bits.read(countBits);
  const timesS = fillColumn(bits, room.take(count));
  const sinceS = fillColumn(bits, room.take(count));
  let timeS = window * windowS;
  for (let i = 0; i < count; i += 1) {
    sinceS[i] = timeS - (sinceS[i] ?? 0);
    timeS += timesS[i] ?? 0;
    timesS[i] = timeS;
  }
  const packed = new PackedColumns(bits, { count: columns, candidatesOf }, (_, leaderOf) => {
    const values = fillColumn(bits, room.take(count), leaderOf);
    return { values, integers: values };
  });
  const unknownS = new Map<number, Float64Array>();
  for (let left = bits.read(1) === 1 ? bits.read(countBits) : 0; left > 0; left -= 1) {
    const index = bits.read(countBits);
    const lengths = new Float64Array(columns);
    for (let i = 0; i < columns; i += 1) lengths[i] = bits.read(countBits);
    unknownS.set(index, lengths);
  }
  const values: Float64Array[] = [];
  for (let column = 0; column < columns; column += 1) {
    values.push(wanted === null || wanted.includes(column) ? packed.column(column) : none);
  }
  return { timesS, sinceS, values, unknownS };
}

/** The part of a chunk to read. */
export interface ChunkPart {
  readonly columns: number;
  readonly wanted?: readonly number[] | null;
  readonly room?: Room;
}

/** Are these bytes a chunk in this form? Bytes of another form that can be read as one would not be written again as they are. */
export function isChunk(bytes: Uint8Array, place: WindowPlace, columns: number): boolean {
  try {
    return Buffer.from(encodeChunk(decodeChunk(bytes, place, { columns }), place)).equals(bytes);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const none = new Float64Array();
