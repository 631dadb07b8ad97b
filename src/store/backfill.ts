// Loads a whole history at once into an empty store, archive by archive. The result is what sealing and expiring would have made of the
// readings, without a cycle for each. The simulated director uses it: its year of readings comes in columns.

import { partPath } from '../files/part-name.js';
import type { About } from '../model/archive.js';
import type { BaselineColumns } from '../model/baseline/baseline-columns.js';
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
import { baselineOperations, hasBaselines, readBaselines } from './upkeep/keep-baselines.js';

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
  readonly outcome: (baselines: PastBaselines) => Outcome | Promise<Outcome>;
}

/** The baselines of a history, as maintenance would have kept them by a time. */
export interface PastBaselines {
  /** Keeps those that were due by a time, up to the end of the history; at first, those of a week. Times must not decrease. */
  readonly keep: (timeS: number) => Promise<void>;
  /** The kept baselines around any time. */
  readonly read: (timeS: number) => Promise<BaselineColumns>;
}

/** Writes a history. Throws a `StoreError` with code `overtaken` when the store already has readings. */
export async function backfill(database: Database, { endS, histories, outcome }: Backfill): Promise<void> {
  if (database.get(metaKey('state')) !== undefined) {
    throw new StoreError(
      'overtaken',
      'a history can only be loaded into an empty data folder: choose another with --data',
    );
  }
  const endWindow = endWindowOf(endS);
  if (endS !== endWindow * standardGrid.windowS) throw new RangeError('a history ends at the end of a window');
  const archives = await writeReadings(database, histories);
  const state = stateAt(endS, { endWindow, archives: archives.length });
  const baselines = pastBaselines(database, state, archives);
  const { table, events } = await outcome(baselines);
  await baselines.keep(endS);
  await writeArchives(database, archives, events);
  const put: Operation = { type: 'put', key: metaKey('state'), value: formatState(state) };
  await database.write([...tableOperations(database, table), put], { isDurable: true });
  // Otherwise LevelDB compacts in the short-lived processes that follow, which interrupt it again and again.
  await database.compact({ gte: Buffer.from([0]), lt: Buffer.from([0xff]) });
}

/** The state of a database whose upkeep is complete up to the end of a history. */
function stateAt(endS: number, { endWindow, archives }: { endWindow: number; archives: number }): State {
  return {
    grid: standardGrid,
    lastS: endS,
    agedS: endS,
    nextId: archives,
    seal: { at: endWindow, block: 0 },
    rows: { at: lastRowDay(endS), block: 0 },
    months: { at: monthOf(lastRowDay(endS) * dayS), block: 0 },
    baselines: { at: firstOpenShift(standardGrid, endWindow), block: 0 },
    expire: { at: firstKeptDay(endS), block: 0 },
    dropDay: Math.floor(endS / dayS),
  };
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
): Promise<void> {
  const byArchive = eventsByArchive(events);
  const operations = archives.flatMap(([name, record]): Operation[] => {
    const own = byArchive.get(name) ?? [];
    const whole: ArchiveRecord = { ...record, events: own.length };
    const put: Operation = { type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(whole)) };
    return [put, ...eventOperations(own)];
  });
  await database.write(operations);
}

function pastBaselines(database: Database, state: State, archives: readonly Archive[]): PastBaselines {
  const known = archives.filter(([, { about }]) => hasBaselines(about));
  let next: number | null = null;
  return {
    keep: async (timeS) => {
      const open = firstOpenShift(standardGrid, endWindowOf(timeS));
      for (next ??= Math.max(0, open - shiftsPerWeek); next < open; next += 1) {
        const shift = next;
        const operations = known.flatMap(([name, own]) => {
          const record: ArchiveRecord = { ...own, events: 0 };
          return baselineOperations(database.get, { state, name, record, shift });
        });
        await database.write(operations);
      }
    },
    read: (timeS) => readBaselines(database, timeS),
  };
}

/** The number of windows that are over at a time. */
function endWindowOf(timeS: number): number {
  return windowOf(standardGrid, slotOf(standardGrid, timeS) + 1);
}
