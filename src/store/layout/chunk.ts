// Sealed readings: all parts of one archive in a window of some hours, column by column (column.ts). The grammar is in docs/format.md,
// "Chunks".

import type { Grid } from '../rows/slot.js';
import { BitReader, BitWriter } from './bits.js';
import { readColumn, writeColumn } from './column.js';
import type { ReadingColumns } from './readings.js';

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
  for (const column of values) writeColumn(bits, column);
  bits.write(unknownS.size, countBits);
  for (const [index, lengths] of unknownS) {
    bits.write(index, countBits);
    for (const lengthS of lengths) bits.write(lengthS, countBits);
  }
  return bits.finish();
}

/** Unpacks a chunk of an archive with `columns` data sources. */
export function decodeChunk(bytes: Uint8Array, { window, windowS }: WindowPlace, columns: number): ReadingColumns {
  const bits = new BitReader(bytes);
  const count = bits.read(countBits);
  const timesS = readColumn(bits, count);
  const sinceS = readColumn(bits, count);
  let timeS = window * windowS;
  for (let i = 0; i < count; i += 1) {
    sinceS[i] = timeS - (sinceS[i] ?? 0);
    timeS += timesS[i] ?? 0;
    timesS[i] = timeS;
  }
  const values = Array.from({ length: columns }, () => readColumn(bits, count));
  const unknownS = new Map<number, Float64Array>();
  for (let left = bits.read(countBits); left > 0; left -= 1) {
    const index = bits.read(countBits);
    const lengths = new Float64Array(columns);
    for (let i = 0; i < columns; i += 1) lengths[i] = bits.read(countBits);
    unknownS.set(index, lengths);
  }
  return { timesS, sinceS, values, unknownS };
}
