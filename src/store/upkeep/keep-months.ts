// Stores each archive's percentiles of past months, since they cannot be computed once the 5-minute rows have expired. In the days after
// the end of a month, each cycle handles a few archives; any that are missing are done before the readings expire.

import type { MonthPercentiles } from '../../model/percentile.js';
import type { PercentileQuery } from '../../model/series.js';
import { monthOf, monthStartS } from '../../model/time/month.js';
import { noSuchArchive } from '../fetch.js';
import { type ArchiveRecord, dataSourcesOf, reached, readRecord, type State } from '../layout/directory.js';
import { timedKey, timedRange, timeOfKey } from '../layout/keys.js';
import type { Database, Get, Operation } from '../leveldb/database.js';
import { hasDay, sheetKey } from '../packing/sheet.js';
import { deriveMonth, unpackMonth } from '../rows/month.js';
import { dayS, type Grid } from '../rows/slot.js';
import type { Chore } from './chore.js';
import { expireDays } from './expire.js';

/** A month is spread over a day of cycles, since its rows take some 4 ms per archive. */
const spreadS = dayS;

/** Stores the percentiles of each sealed month. */
export const keepMonths: Chore = {
  cursor: 'months',
  limit: ({ grid, seal }) => monthOf(seal.at * grid.windowS),
  work: (database, state, { records }) => records.flatMap((record) => keepMonth(database, state, record)),
  next: async (database, { grid: { windowS }, months }, limit) => {
    const later = timedRange('c', monthStartS(months.at + 1) / windowS, 0xffffffff);
    const [key] = await database.keys(later, 1);
    return key === undefined ? limit : Math.min(limit, monthOf(timeOfKey(key) * windowS));
  },
  spreadS: () => spreadS,
  // Its first day expires now.
  isUrgent: (state) => monthStartS(state.months.at) / dayS < expireDays.limit(state),
};

/** The first month whose percentiles are still kept when readings are this old: as long as the rows kept longest. */
export function firstKeptMonth({ longestKeptS }: Grid, agedS: number): number {
  return monthOf(Math.max(0, agedS - longestKeptS));
}

/** The stored months within a span, oldest first. Throws `no-such-archive`. */
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
 * Have readings of that month already expired? Then rows replace them, and the rest would cover only a part of it. Where no rows outlive
 * the readings, any expired day may have had some.
 */
function hasLost({ get }: Database, { grid, expire, months }: State, { id, firstS }: ArchiveRecord): boolean {
  const toDay = Math.min(reached(expire, id), monthStartS(months.at + 1) / dayS);
  const [finest] = grid.coarse;
  if (finest === undefined) {
    return toDay > Math.max(monthStartS(months.at) / dayS, Math.floor((firstS ?? 0) / dayS));
  }
  for (let day = monthStartS(months.at) / dayS; day < toDay; day += 1) {
    const sheet = get(sheetKey(finest, day, id));
    if (sheet !== undefined && hasDay(sheet, day, finest)) return true;
  }
  return false;
}
