// Loads a whole history at once into an empty store, archive by archive. The result is what sealing and expiring would have made of the
// readings, without a cycle for each. The simulated director uses it: its year of readings comes in columns.

import { partPath } from '../files/part-name.js';
import type { About } from '../model/archive.js';
import type { KnownState } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { monthOf } from '../model/time/month.js';
import { tableOperations } from './append.js';
import { type ArchiveRecord, formatState, type State, sourcesOf } from './layout/directory.js';
import { archiveKey, metaKey } from './layout/keys.js';
import { eventOperations, eventsByArchive } from './ledger.js';
import type { Database, Operation } from './leveldb/database.js';
import { SortedRecords } from './leveldb/sorted-records.js';
import { firstOpenShift, shiftsPerWeek } from './rows/baseline-record.js';
import { firstKeptDay, lastRowDay, type PackedHistory, recordsOf } from './rows/pack-history.js';
import { dayS, slotOf, standardGrid, windowOf } from './rows/slot.js';
import { StoreError } from './store-error.js';
import { baselineOperations, hasBaselines } from './upkeep/keep-baselines.js';

/** One archive, with its readings packed up to the end of the history. */
export interface ArchiveHistory {
  readonly name: string;
  readonly about: About;
  readonly lastS: number | null;
  readonly goneS: number | null;
  readonly readings: PackedHistory;
}

/** The table and the events at the end of a history. */
export interface Outcome {
  readonly table: KnownState;
  readonly events: readonly LedgerEvent[];
}

/** A history up to `endS`, which must be the end of a window (00:00, 08:00 or 16:00 UTC). */
export interface Backfill {
  readonly endS: number;
  readonly histories: Iterable<ArchiveHistory> | AsyncIterable<ArchiveHistory>;
  /** Called after all histories have been read. */
  readonly outcome: () => Outcome;
}

/** Writes a history. Throws a `StoreError` with code `overtaken` when the store already has readings. */
export async function backfill(database: Database, { endS, histories, outcome }: Backfill): Promise<void> {
  if (database.get(metaKey('state')) !== undefined) {
    throw new StoreError(
      'overtaken',
      'a history can only be loaded into an empty data folder: choose another with --data',
    );
  }
  const endWindow = windowOf(standardGrid, slotOf(standardGrid, endS)) + 1;
  if (endS !== endWindow * standardGrid.windowS) throw new RangeError('a history ends at the end of a window');
  const archives = await writeReadings(database, histories);
  const { table, events } = outcome();
  const records = await writeArchives(database, archives, events);
  const state: State = {
    grid: standardGrid,
    lastS: endS,
    agedS: endS,
    nextId: archives.length,
    seal: { at: endWindow, block: 0 },
    rows: { at: lastRowDay(endS), block: 0 },
    months: { at: monthOf(lastRowDay(endS) * dayS), block: 0 },
    baselines: { at: firstOpenShift(standardGrid, endWindow), block: 0 },
    expire: { at: firstKeptDay(endS), block: 0 },
    dropDay: Math.floor(endS / dayS),
  };
  for (const [name, record] of records) await database.write(baselinesOf(database, state, { name, record }));
  const put: Operation = { type: 'put', key: metaKey('state'), value: formatState(state) };
  await database.write([...tableOperations(database, table), put], { isDurable: true });
  // Otherwise LevelDB compacts in the short-lived processes that follow, which interrupt it again and again.
  await database.compact({ gte: Buffer.from([0]), lt: Buffer.from([0xff]) });
}

type Archive = readonly [name: string, record: Omit<ArchiveRecord, 'events'>];

/** Writes all readings in key order, and the archives in order of their numbers. */
async function writeReadings(database: Database, histories: Backfill['histories']): Promise<readonly Archive[]> {
  const archives: Archive[] = [];
  const records = new SortedRecords(partPath(database.location));
  try {
    for await (const { name, about, lastS, goneS, readings } of histories) {
      const id = archives.length;
      archives.push([name, { id, sources: sourcesOf(about), about, firstS: readings.firstS, lastS, goneS }]);
      for (const { kind, time, value } of recordsOf(readings)) records.add(kind, time, { id, value });
    }
    for (const batch of records.batches()) await database.write(batch);
  } finally {
    records.close();
  }
  return archives;
}

async function writeArchives(
  database: Database,
  archives: readonly Archive[],
  events: readonly LedgerEvent[],
): Promise<ReadonlyMap<string, ArchiveRecord>> {
  const byArchive = eventsByArchive(events);
  const records = new Map<string, ArchiveRecord>();
  const operations = archives.flatMap(([name, record]): Operation[] => {
    const own = byArchive.get(name) ?? [];
    const whole: ArchiveRecord = { ...record, events: own.length };
    records.set(name, whole);
    const put: Operation = { type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(whole)) };
    return [put, ...eventOperations(own)];
  });
  await database.write(operations);
  return records;
}

/** The baselines of the week before the end of a history. */
function baselinesOf({ get }: Database, state: State, archive: NamedRecord): readonly Operation[] {
  if (!hasBaselines(archive.record.about)) return [];
  const end = state.baselines.at;
  const first = Math.max(0, end - shiftsPerWeek);
  const shifts = Array.from({ length: end - first }, (_, i) => first + i);
  return shifts.flatMap((shift) => baselineOperations(get, { state, ...archive, shift }));
}

interface NamedRecord {
  readonly name: string;
  readonly record: ArchiveRecord;
}
