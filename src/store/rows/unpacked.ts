// The records that an open database keeps unpacked: sheets of kept rows, and chunks of sealed readings.

import type { Cf } from '../../model/archive.js';
import type { RowPart } from '../../model/rows/consolidate.js';
import { isChunkKey, isSheetKey } from '../layout/keys.js';
import type { ReadingColumns } from '../layout/readings.js';
import type { Sheet } from '../packing/sheet.js';
import { UnpackedCache, type UnpackedForm, type UnpackedView } from './unpacked-cache.js';

/** A hundred days of 2-hour rows of 200 services. */
const sheetBytes = 20 * 2 ** 20;

/** A day of readings of 200 services. */
const chunkBytes = 10 * 2 ** 20;

/** Bytes of a record besides its columns, roughly. */
const emptyBytes = 400;

/** A missing column. */
const none = new Float64Array();

/** Sheets, of which a query needs some columns of some consolidation functions. */
export const unpackedSheets: UnpackedForm<Sheet, RowPart> = {
  isKey: isSheetKey,
  hasPart: ({ rows }, { cfs, columns }) => cfs.every((cf) => hasColumns(rows[cf], columns)),
  joined: (before, { days, rows }, { cfs, columns }) => {
    const joint = (cf: Cf): readonly Float64Array[] =>
      joinedColumns(before?.rows[cf], rows[cf], cfs.includes(cf) ? columns : []);
    return { days, rows: { AVERAGE: joint('AVERAGE'), MAX: joint('MAX') } };
  },
  bytesOf: ({ rows: { AVERAGE, MAX } }) => emptyBytes + bytesOf(AVERAGE) + bytesOf(MAX),
  partBytes: ({ rows }, { cfs, columns }) => cfs.reduce((sum, cf) => sum + partBytes(rows[cf], columns), emptyBytes),
};

/** Chunks, of which a query needs some columns. */
export const unpackedChunks: UnpackedForm<ReadingColumns, readonly number[]> = {
  isKey: isChunkKey,
  hasPart: ({ values }, columns) => hasColumns(values, columns),
  joined: (before, { timesS, sinceS, values, unknownS }, columns) => ({
    timesS: timesS.slice(),
    sinceS: sinceS.slice(),
    values: joinedColumns(before?.values, values, columns),
    unknownS,
  }),
  bytesOf: ({ timesS, sinceS, values, unknownS }) =>
    emptyBytes + bytesOf([timesS, sinceS]) + bytesOf(values) + unknownS.size * emptyBytes,
  partBytes: ({ timesS, sinceS, values, unknownS }, columns) =>
    emptyBytes + bytesOf([timesS, sinceS]) + partBytes(values, columns) + unknownS.size * emptyBytes,
};

/** May a record with this key be kept unpacked? */
export function isUnpackedKey(key: Buffer): boolean {
  return isSheetKey(key) || isChunkKey(key);
}

/** The records that a reader may find unpacked. */
export interface UnpackedViews {
  readonly sheets: UnpackedView<Sheet, RowPart>;
  readonly chunks: UnpackedView<ReadingColumns, readonly number[]>;
}

/** The unpacked records of an open database. */
export class Unpacked {
  readonly #sheets = new UnpackedCache(unpackedSheets, sheetBytes);
  readonly #chunks = new UnpackedCache(unpackedChunks, chunkBytes);

  /** The records as they are now. */
  views(): UnpackedViews {
    return { sheets: this.#sheets.view(), chunks: this.#chunks.view() };
  }

  /** Performs a write of some keys, or, with null, of any; forgets the records that it changes. */
  whileChanging<R>(keys: readonly Buffer[] | null, write: () => Promise<R>): Promise<R> {
    return this.#sheets.whileChanging(keys, () => this.#chunks.whileChanging(keys, write));
  }
}

function hasColumns(all: readonly (Float64Array | undefined)[], columns: readonly number[]): boolean {
  for (const column of columns) if ((all[column] ?? none) === none) return false;
  return true;
}

function joinedColumns(
  before: readonly Float64Array[] | undefined,
  all: readonly Float64Array[],
  columns: readonly number[],
): readonly Float64Array[] {
  const joint = before?.slice() ?? [];
  for (const column of columns) {
    while (joint.length < column) joint.push(none);
    joint[column] = all[column]?.slice() ?? none;
  }
  return joint;
}

function bytesOf(columns: readonly Float64Array[]): number {
  return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function partBytes(all: readonly Float64Array[], columns: readonly number[]): number {
  let sum = 0;
  for (const column of columns) sum += (all[column] ?? none).byteLength;
  return sum;
}
