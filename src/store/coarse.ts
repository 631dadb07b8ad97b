// Rows that outlive the readings: a day's 2-hour rows and its day row, of both consolidation functions, as plain doubles.
//
//   2-hour rows = (AVERAGE, MAX) x data source x 12 doubles, little-endian
//   day row     = (AVERAGE, MAX) x data source x 1 double
//
// All other rows are derived from readings when they are asked for.

import { cfs, type DataSource, stepS } from '../model/archive.js';
import { consolidateRow, type Rows } from './cdp.js';
import { loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import type { ReadingColumns } from './readings.js';
import { keptS, slotsPerDay } from './slot.js';

/** Kinds of kept rows, with the steps each consolidates. */
export const coarseKinds = { h: 24, y: 288 } as const;

/** Kind of kept row, as in keys.ts. */
export type CoarseKind = keyof typeof coarseKinds;

/** The rows of a day. `isClosed`: no later reading will change them. */
interface DayRows extends Readonly<Record<CoarseKind, Buffer>> {
  readonly isClosed: boolean;
}

/**
 * The rows of a day, out of its readings; null where the archive knows nothing of that day. With `isLongPast` a data point
 * that no reading has closed is closed as one by a silence longer than the heartbeat.
 */
export function deriveDay(
  place: ReadingPlace,
  dataSources: readonly DataSource[],
  { day, isLongPast }: { readonly day: number; readonly isLongPast: boolean },
): DayRows | null {
  const firstSlot = day * slotsPerDay + 1;
  const runs = loadReadings(place, firstSlot, firstSlot + slotsPerDay - 1);
  const lastS = runs.at(-1)?.timesS.at(-1) ?? 0;
  const isClosed = lastS >= (day + 1) * slotsPerDay * stepS;
  const closing = isClosed || !isLongPast ? [] : [silence(lastS, lastS + keptS(coarseKinds.y), place.columns)];
  const pdps = derivePdps([...runs, ...closing], dataSources, { firstSlot, count: slotsPerDay }).columns;
  if (pdps.every((column) => column.every(Number.isNaN))) return null;
  const [h, y] = [packRows(pdps, { pdpPerRow: coarseKinds.h }), packRows(pdps, { pdpPerRow: coarseKinds.y })];
  return { h, y, isClosed };
}

/** A stretch of which nothing is known. */
function silence(sinceS: number, timeS: number, columns: number): ReadingColumns {
  const values = Array.from({ length: columns }, () => Float64Array.of(Number.NaN));
  return { sinceS: Float64Array.of(sinceS), timesS: Float64Array.of(timeS), values, unknownS: new Map() };
}

/** Copies rows `from` up to `to` of a kept day; its row 0 belongs at `first`. */
export function unpackRows(
  stored: Buffer,
  { first, from, to }: { readonly first: number; readonly from: number; readonly to: number },
  rows: Rows,
): void {
  const count = stored.length / 8 / cfs.length / rows.AVERAGE.length;
  let at = 0;
  for (const cf of cfs) {
    for (const column of rows[cf]) {
      for (let i = from; i < to; i += 1) column[first + i] = stored.readDoubleLE(at + i * 8);
      at += count * 8;
    }
  }
}

/** Packs the rows of a day out of data points, a column a data source, in which it begins at `from`. */
export function packRows(
  pdps: readonly Float64Array[],
  { pdpPerRow, from = 0 }: { readonly pdpPerRow: number; readonly from?: number },
): Buffer {
  const rows = slotsPerDay / pdpPerRow;
  const packed = Buffer.allocUnsafe(cfs.length * pdps.length * rows * 8);
  let at = 0;
  for (const cf of cfs) {
    for (const column of pdps) {
      for (let row = 0; row < rows; row += 1) {
        const value = consolidateRow(column, { from: from + row * pdpPerRow, pdpPerRow, cf });
        at = packed.writeDoubleLE(value, at);
      }
    }
  }
  return packed;
}
