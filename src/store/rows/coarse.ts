// Rows that outlive the readings, such as a day's 2-hour rows and its day row, for both consolidation functions, as plain doubles
// (docs/format.md, "Coarse rows"). All other rows are derived from readings on request.

import { cfs, type DataSource } from '../../model/archive.js';
import type { ReadingColumns } from '../layout/readings.js';
import { consolidateRow, type Rows } from './cdp.js';
import { loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import { type CoarseKind, type CoarseRra, dayS, type Grid } from './slot.js';

/** The rows of a day, by kind. `isClosed`: no later reading can change them. */
interface DayRows {
  readonly rows: ReadonlyMap<CoarseKind, Buffer>;
  readonly isClosed: boolean;
}

/**
 * Derives the rows of a day from its readings; null when the archive knows nothing of that day. With `isLongPast`, a data point that no
 * reading has closed is closed as after a silence longer than the heartbeat.
 */
export function deriveDay(
  place: ReadingPlace,
  dataSources: readonly DataSource[],
  { day, isLongPast }: { readonly day: number; readonly isLongPast: boolean },
): DayRows | null {
  const { grid } = place.state;
  const { stepS, slotsPerDay, coarse } = grid;
  const firstSlot = day * slotsPerDay + 1;
  const runs = loadReadings(place, firstSlot, firstSlot + slotsPerDay - 1);
  const lastS = runs.at(-1)?.timesS.at(-1) ?? 0;
  const isClosed = lastS >= (day + 1) * dayS;
  const closing = isClosed || !isLongPast ? [] : [silence(lastS, lastS + 3 * dayS, place.columns)];
  const pdps = derivePdps([...runs, ...closing], dataSources, { stepS, firstSlot, count: slotsPerDay }).columns;
  if (pdps.every((column) => column.every(Number.isNaN))) return null;
  return { rows: new Map(coarse.map((rra) => [rra.kind, packRows(pdps, { grid, rra })])), isClosed };
}

/** A stretch of unknown time. */
function silence(sinceS: number, timeS: number, columns: number): ReadingColumns {
  const values = Array.from({ length: columns }, () => Float64Array.of(Number.NaN));
  return { sinceS: Float64Array.of(sinceS), timesS: Float64Array.of(timeS), values, unknownS: new Map() };
}

/** Bytes that the rows of a day take. */
export function dayRowsBytes({ slotsPerDay }: Grid, { pdpPerRow }: CoarseRra, columns: number): number {
  return cfs.length * columns * (slotsPerDay / pdpPerRow) * 8;
}

/** Copies rows `from` up to `to` of a stored day; its row 0 belongs at `first`. */
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

/** Packs the rows of a day from data points, one column per data source; the day begins at `from` in them. */
export function packRows(
  pdps: readonly Float64Array[],
  { grid, rra: { pdpPerRow }, from = 0 }: { readonly grid: Grid; readonly rra: CoarseRra; readonly from?: number },
): Buffer {
  const rows = grid.slotsPerDay / pdpPerRow;
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
