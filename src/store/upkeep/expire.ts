// Keeps rows of past days. The coarsest row of each day, its day row, is stored at once, which saves a year's graph a hundred days of
// readings. When the readings expire, after 100 days, all rows that outlive them are stored instead.

import { type ArchiveRecord, columnCountOf, dataSourcesOf, type State } from '../layout/directory.js';
import { timedKey, timedRange, timeOfKey } from '../layout/keys.js';
import type { Database, Operation } from '../leveldb/database.js';
import { deriveDay } from '../rows/coarse.js';
import type { ReadingPlace } from '../rows/load.js';
import { dayS } from '../rows/slot.js';
import type { Chore } from './maintain.js';

/** Stores the day row of each sealed day. A day whose last data point is still open is derived later. */
export const keepDayRows: Chore = {
  cursor: 'rows',
  limit: ({ grid, seal }) => (grid.coarse.length === 0 ? 0 : Math.floor(seal.at / grid.windowsPerDay)),
  work: (database, state, { records }) => records.flatMap((record) => keepRow(database, state, record)),
  next: (database, state, limit) => nextDay(database, state, { day: state.rows.at, limit }),
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
  const place = placeOf(database, state, record);
  const derived = deriveDay(place, dataSourcesOf(record, state.grid), { day, isLongPast: false });
  const value = derived?.isClosed === true ? derived.rows.get('y') : undefined;
  return value === undefined ? [] : [{ type: 'put', key: timedKey('y', day, record.id), value }];
}

function expireDay(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const day = state.expire.at;
  const sealed = sealedKeys(database, state, { day, id: record.id });
  if (sealed.length === 0) return [];
  const operations: Operation[] = sealed.map((key) => ({ type: 'del', key }));
  const place = placeOf(database, state, record);
  const derived = deriveDay(place, dataSourcesOf(record, state.grid), { day, isLongPast: true });
  for (const [kind, value] of derived?.rows ?? []) {
    operations.push({ type: 'put', key: timedKey(kind, day, record.id), value });
  }
  return operations;
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
