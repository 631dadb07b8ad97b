// Months that are over: the percentiles of each archive are kept, since those of its 5-minute rows cannot be told once these
// have left. In the days after the end of a month, a few archives at a cycle; all that are missing before its readings go.

import type { MonthPercentiles } from '../../model/percentile.js';
import type { PercentileQuery } from '../../model/series.js';
import { monthOf, monthStartS } from '../../model/time/month.js';
import { noSuchArchive } from '../fetch.js';
import { type ArchiveRecord, dataSourcesOf, reached, readRecord, type State } from '../layout/directory.js';
import { timedKey, timedRange, timeOfKey } from '../layout/keys.js';
import type { Database, Get, Operation } from '../leveldb/database.js';
import { deriveMonth, unpackMonth } from '../rows/month.js';
import { dayS, type Grid } from '../rows/slot.js';
import { expireDays } from './expire.js';
import type { Chore } from './maintain.js';

/** A month is spread over a day of cycles, since its rows take some 4 ms an archive. */
const spreadS = dayS;

/** Keeps the percentiles of each month that is sealed. */
export const keepMonths: Chore = {
  cursor: 'months',
  limit: ({ grid, seal }) => monthOf(seal.at * grid.windowS),
  work: (database, state, { records }) => records.flatMap((record) => keepMonth(database, state, record)),
  next: async (database, { grid: { windowS }, months }, limit) => {
    const later = timedRange('c', monthStartS(months.at + 1) / windowS, 0xffffffff);
    const [key] = await database.keys(later, 1);
    return key === undefined ? limit : Math.min(limit, monthOf(timeOfKey(key) * windowS));
  },
  spreadS,
  // Its first day leaves now.
  isUrgent: (state) => monthStartS(state.months.at) / dayS < expireDays.limit(state),
};

/** The first month whose percentiles are still kept when readings are as old as that: as long as the rows kept longest. */
export function firstKeptMonth({ longestKeptS }: Grid, agedS: number): number {
  return monthOf(Math.max(0, agedS - longestKeptS));
}

/** The months that a span reaches into, as far as they are kept, the oldest first. Throws `no-such-archive`. */
export function readMonths(get: Get, { name, startS, endS }: PercentileQuery): readonly MonthPercentiles[] {
  const record = readRecord(get, name);
  if (record === undefined) throw noSuchArchive(name);
  const months: MonthPercentiles[] = [];
  for (let month = monthOf(startS); monthStartS(month) < endS; month += 1) {
    const stored = get(timedKey('p', month, record.id));
    if (stored !== undefined) months.push(unpackMonth(stored, month));
  }
  return months;
}

function keepMonth(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const month = state.months.at;
  if (hasLost(database, state, record)) return [];
  const dataSources = dataSourcesOf(record, state.grid);
  const place = { get: database.get, state, id: record.id, columns: dataSources.length };
  const value = deriveMonth(place, dataSources, month);
  return value === null ? [] : [{ type: 'put', key: timedKey('p', month, record.id), value }];
}

/**
 * Have readings of that month left already? Then 2-hour rows stand in their place; what is left would tell of a part of it. Where
 * there are no such rows, or they are kept before readings leave, any day that has left may have been one with readings.
 */
function hasLost({ get }: Database, { grid, expire, months }: State, { id, firstS }: ArchiveRecord): boolean {
  const toDay = Math.min(reached(expire, id), monthStartS(months.at + 1) / dayS);
  const [finest] = grid.coarse;
  if (finest === undefined || finest.kind === 'y') {
    return toDay > Math.max(monthStartS(months.at) / dayS, Math.floor((firstS ?? 0) / dayS));
  }
  for (let day = monthStartS(months.at) / dayS; day < toDay; day += 1) {
    if (get(timedKey(finest.kind, day, id)) !== undefined) return true;
  }
  return false;
}
