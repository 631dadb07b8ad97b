// Days that are over: each gets its day row at once, which spares a year's graph a hundred days of readings; after 100 days
// its readings leave, and its 2-hour rows are kept in their place.

import { stepS } from '../model/archive.js';
import { deriveDay } from './coarse.js';
import type { Database, Operation } from './database.js';
import { type ArchiveRecord, dataSourcesOf, type State } from './directory.js';
import { timedKey, timedRange, timeOfKey } from './keys.js';
import type { ReadingPlace } from './load.js';
import type { Chore } from './maintain.js';
import { readingsKeptS, slotsPerDay, slotsPerWindow } from './slot.js';

const dayS = slotsPerDay * stepS;
const windowsPerDay = slotsPerDay / slotsPerWindow;

/** Keeps the day row of each day that is sealed. One whose last data point is still open is left to be derived. */
export const keepDayRows: Chore = {
  cursor: 'rows',
  limit: ({ seal }) => Math.floor(seal.at / windowsPerDay),
  work: (database, state, { records }) => records.flatMap((record) => keepRow(database, state, record)),
  next: nextDay,
};

/** Lets the readings go of each day that no 5-minute or 30-minute archive reaches any more. */
export const expireDays: Chore = {
  cursor: 'expire',
  limit: ({ agedS }) => Math.floor(agedS / dayS) - readingsKeptS / dayS,
  work: (database, state, { records }) => records.flatMap((record) => expireDay(database, state, record)),
  next: nextDay,
};

function keepRow(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const day = state.rows.at;
  if (sealedKeys(database, day, record.id).length === 0) return [];
  const place = placeOf(database, state, record);
  const rows = deriveDay(place, dataSourcesOf(record), { day, isLongPast: false });
  if (rows === null || !rows.isClosed) return [];
  return [{ type: 'put', key: timedKey('y', day, record.id), value: rows.y }];
}

function expireDay(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const day = state.expire.at;
  const sealed = sealedKeys(database, day, record.id);
  if (sealed.length === 0) return [];
  const operations: Operation[] = sealed.map((key) => ({ type: 'del', key }));
  const place = placeOf(database, state, record);
  const rows = deriveDay(place, dataSourcesOf(record), { day, isLongPast: true });
  if (rows === null) return operations;
  operations.push({ type: 'put', key: timedKey('h', day, record.id), value: rows.h });
  operations.push({ type: 'put', key: timedKey('y', day, record.id), value: rows.y });
  return operations;
}

function sealedKeys(database: Database, day: number, id: number): Buffer[] {
  const keys = Array.from({ length: windowsPerDay }, (_, i) => timedKey('c', day * windowsPerDay + i, id));
  return keys.filter((key) => database.get(key) !== undefined);
}

function placeOf(database: Database, state: State, record: ArchiveRecord): ReadingPlace {
  const columns = dataSourcesOf(record).length;
  return { get: database.get, state, id: record.id, columns };
}

async function nextDay(database: Database, day: number, limit: number): Promise<number> {
  const later = timedRange('c', (day + 1) * windowsPerDay, 0xffffffff);
  const [key] = await database.keys(later, 1);
  return key === undefined ? limit : Math.min(limit, Math.floor(timeOfKey(key) / windowsPerDay));
}
