// Keeps rows of past days. The rows of each day that outlive its readings are stored as soon as it is over, so that a graph of months need
// not read them. When the readings expire, after 100 days, the rows of days that were never closed are stored too.

import { type ArchiveRecord, columnCountOf, dataSourcesOf, type State } from '../layout/directory.js';
import { timedKey, timedRange, timeOfKey } from '../layout/keys.js';
import type { Database, Operation } from '../leveldb/database.js';
import { hasDay, sheetKey } from '../packing/sheet.js';
import { dayOperation, deriveDay, rowsOfDay } from '../rows/coarse.js';
import type { ReadingPlace } from '../rows/load.js';
import { type CoarseRra, dayS } from '../rows/slot.js';
import type { Chore } from './chore.js';

/** Stores the rows of each sealed day. A day whose last data point is still open is derived later. */
export const keepDayRows: Chore = {
  cursor: 'rows',
  limit: ({ grid, seal }) => (grid.coarse.length === 0 ? 0 : Math.floor(seal.at / grid.windowsPerDay)),
  work: (database, state, { records }) => records.flatMap((record) => keepRow(database, state, record)),
  next: (database, state, limit) => nextDay(database, state, { day: state.rows.at, limit }),
  // A migration leaves a hundred days to do, and rare cycles do few shares a day.
  spreadS: (due) => (due > 1 ? 45 * 60 : 3 * 3600),
  // Until then, rows are derived from readings on request; those of days that expire are stored by `expireDays`.
  isUrgent: () => false,
};

/** Expires the readings of each day beyond the reach of the finest archive. */
export const expireDays: Chore = {
  cursor: 'expire',
  limit: ({ grid, agedS }) => Math.floor(agedS / dayS) - grid.readingsKeptS / dayS,
  work: (database, state, { records }) => records.flatMap((record) => expireDay(database, state, record)),
  next: (database, state, limit) => nextDay(database, state, { day: state.expire.at, limit }),
};

function keepRow(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const day = state.rows.at;
  if (sealedKeys(database, state, { day, id: record.id }).length === 0) return [];
  const derived = deriveDay(placeOf(database, state, record), dataSourcesOf(record, state.grid), {
    day,
    isLongPast: false,
  });
  return derived?.isClosed === true
    ? state.grid.coarse.map((rra) => keep(database, { rra, day, record }, derived.pdps))
    : [];
}

function expireDay(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const day = state.expire.at;
  const sealed = sealedKeys(database, state, { day, id: record.id });
  if (sealed.length === 0) return [];
  const operations: Operation[] = sealed.map((key) => ({ type: 'del', key }));
  const missing = state.grid.coarse.filter((rra) => {
    const sheet = database.get(sheetKey(rra, day, record.id));
    return sheet === undefined || !hasDay(sheet, day, rra);
  });
  if (missing.length === 0) return operations;
  const place = placeOf(database, state, record);
  const derived = deriveDay(place, dataSourcesOf(record, state.grid), { day, isLongPast: true });
  if (derived !== null) operations.push(...missing.map((rra) => keep(database, { rra, day, record }, derived.pdps)));
  return operations;
}

function keep(
  { get }: Database,
  { rra, day, record: { id } }: { readonly rra: CoarseRra; readonly day: number; readonly record: ArchiveRecord },
  pdps: readonly Float64Array[],
): Operation {
  return dayOperation(get, { rra, day, id, rows: rowsOfDay(pdps, rra) });
}

function sealedKeys(
  database: Database,
  { grid: { windowsPerDay } }: State,
  { day, id }: { readonly day: number; readonly id: number },
): Buffer[] {
  const keys = Array.from({ length: windowsPerDay }, (_, i) => timedKey('c', day * windowsPerDay + i, id));
  return keys.filter((key) => database.get(key) !== undefined);
}

function placeOf(database: Database, state: State, record: ArchiveRecord): ReadingPlace {
  return { get: database.get, state, id: record.id, columns: columnCountOf(record) };
}

async function nextDay(
  database: Database,
  { grid: { windowsPerDay } }: State,
  { day, limit }: { readonly day: number; readonly limit: number },
): Promise<number> {
  const later = timedRange('c', (day + 1) * windowsPerDay, 0xffffffff);
  const [key] = await database.keys(later, 1);
  return key === undefined ? limit : Math.min(limit, Math.floor(timeOfKey(key) / windowsPerDay));
}
