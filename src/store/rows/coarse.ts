// Rows that outlive the readings, such as a day's 2-hour rows and its day row, for both consolidation functions. They are kept in sheets
// (docs/format.md, "Sheets") as soon as the day is over, because months and years are read from them. All other rows are derived from readings
// on request.

import type { Cf, DataSource } from '../../model/archive.js';
import { consolidate, type Rows } from '../../model/rows/consolidate.js';
import type { ReadingColumns } from '../layout/readings.js';
import type { Get, Operation } from '../leveldb/database.js';
import { decodeSheet, encodeSheet, sheetKey, withDay } from '../packing/sheet.js';
import { loadReadings, type ReadingPlace } from './load.js';
import { derivePdps } from './pdp.js';
import { type CoarseRra, dayS, type KeptRra } from './slot.js';

/** The data points of a day, one column per data source. `isClosed`: no later reading can change them. */
interface DayPdps {
  readonly pdps: readonly Float64Array[];
  readonly isClosed: boolean;
}

/**
 * Derives the data points of a day from its readings; null when the archive knows nothing of that day. With `isLongPast`, a data point that
 * no reading has closed is closed as after a silence longer than the heartbeat.
 */
export function deriveDay(
  place: ReadingPlace,
  dataSources: readonly DataSource[],
  { day, isLongPast }: { readonly day: number; readonly isLongPast: boolean },
): DayPdps | null {
  const { stepS, slotsPerDay } = place.state.grid;
  const firstSlot = day * slotsPerDay + 1;
  const runs = loadReadings(place, { first: firstSlot, last: firstSlot + slotsPerDay - 1 });
  const lastS = runs.at(-1)?.timesS.at(-1) ?? 0;
  const isClosed = lastS >= (day + 1) * dayS;
  const closing = isClosed || !isLongPast ? [] : [silence(lastS, lastS + 3 * dayS, place.columns)];
  const pdps = derivePdps([...runs, ...closing], dataSources, { stepS, firstSlot, count: slotsPerDay }).columns;
  return pdps.every((column) => column.every(Number.isNaN)) ? null : { pdps, isClosed };
}

/** A stretch of unknown time. */
function silence(sinceS: number, timeS: number, columns: number): ReadingColumns {
  const values = Array.from({ length: columns }, () => Float64Array.of(Number.NaN));
  return { sinceS: Float64Array.of(sinceS), timesS: Float64Array.of(timeS), values, unknownS: new Map() };
}

/** The rows of a day, from its data points. */
export function rowsOfDay(pdps: readonly Float64Array[], { pdpPerRow }: CoarseRra): Rows {
  const rows = (cf: Cf): readonly Float64Array[] => pdps.map((column) => consolidate(column, pdpPerRow, cf));
  return { AVERAGE: rows('AVERAGE'), MAX: rows('MAX') };
}

/** The rows of one day of an archive, and the form in which they are kept. */
export interface KeptDay {
  readonly rra: KeptRra;
  readonly day: number;
  readonly id: number;
  readonly rows: Rows;
}

/** The write that adds a day's rows to their sheet. */
export function dayOperation(get: Get, { rra, day, id, rows }: KeptDay): Operation {
  const key = sheetKey(rra, day, id);
  const place = { sheet: Math.floor(day / rra.daysPerSheet), rra };
  const stored = get(key);
  const sheet = stored === undefined ? null : decodeSheet(stored, { ...place, columns: rows.AVERAGE.length });
  return { type: 'put', key, value: encodeSheet(withDay(sheet, { day, rows }), place) };
}
