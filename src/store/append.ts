// Appends one cycle as one atomic, synchronous batch: after a crash, either all of it is stored or none of it.

import type { Cycle, KnownState, Reading } from '../model/cycle.js';
import { eventsPerArchive, type LedgerEvent } from '../model/ledger-event.js';
import { formatRetention } from '../model/retention.js';
import { hasReadings } from '../model/table/row-readings.js';
import { monthOf } from '../model/time/month.js';
import { type NumberedReadings, numberedTable, numberReadings, slotOperations } from './cycle-readings.js';
import {
  type ArchiveRecord,
  agedUpTo,
  changedRecord,
  columnCountOf,
  dataSourcesOf,
  formatState,
  type State,
} from './layout/directory.js';
import { hasImported, readRetention, withRetention, writtenRetention } from './layout/kept-retention.js';
import { archiveKey, metaKey, timedKey } from './layout/keys.js';
import { addReading } from './layout/readings.js';
import { archivesPerBlock, type Block, type ColumnsOf, decodeBlock, encodeBlock } from './layout/recent.js';
import { formatTable } from './layout/table-bytes.js';
import { formatGone } from './layout/table-text.js';
import { eventOperations, eventsByArchive, nextNumber, trimOperations } from './ledger.js';
import type { Database, Operation } from './leveldb/database.js';
import type { RecordCache } from './record-cache.js';
import { allDue, firstOpenShift } from './rows/baseline-record.js';
import { dayOf, slotOf, windowOf } from './rows/slot.js';
import { StoreError } from './store-error.js';

/** The store before a cycle: its state, and its records. `appendCycle` keeps the records up to date. */
export interface StoreState {
  readonly database: Database;
  readonly state: State;
  readonly records: RecordCache;
}

/** The store after a cycle. */
export interface AppendOutcome {
  readonly state: State;
  readonly table: KnownState;
}

/** Writes a cycle and returns the new state and table. Throws `overtaken` when the cycle was not made from the newest table. */
export async function appendCycle(known: StoreState, cycle: Cycle, isDurable: boolean): Promise<AppendOutcome> {
  const held = { ...known, state: await chosen(known, cycle) };
  if (held.state.lastS !== cycle.previousS) {
    throw new StoreError('overtaken', 'another collector has stored a newer reading: this one was skipped');
  }
  await held.records.expect(cycle.archives.length);
  const { changed, nextId } = changeRecords(held, cycle);
  const recordOf = (name: string): ArchiveRecord | undefined => changed.get(name) ?? held.records.get(name);
  const numbered = numberReadings(cycle, (name) => readRecordOf(held, changed, { name, timeS: cycle.timeS }));
  const events = eventsByArchive(cycle.events);
  const operations: Operation[] = [];
  for (const [name, all] of events) {
    const record = recordOf(name);
    if (record === undefined) continue;
    const own = all.slice(-eventsPerArchive);
    operations.push(...numberedEvents(held.database, name, own));
    operations.push(...(await trimOperations(held.database, name, record.events + own.length)));
    changed.set(name, withEvents(record, all.length));
  }
  operations.push(...(await readingOperations(held, { cycle, numbered, changed })));
  const state = hasReadings(cycle) ? advanced(held.state, cycle, nextId) : { ...held.state, nextId };
  const table = numberedTable(cycle, numbered);
  operations.push(...tableOperations(held.database, table));
  operations.push({ type: 'put', key: metaKey('state'), value: formatState(state) });
  await held.database.write(withRecords(operations, changed), { isDurable });
  for (const [name, record] of changed) held.records.set(name, record);
  return { state, table };
}

/** The writes, and those of the records, one after the other: a first cycle has a hundred thousand. */
function* withRecords(operations: readonly Operation[], changed: ChangedRecords): Generator<Operation> {
  yield* operations;
  for (const [name, record] of changed) {
    yield { type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(record)) };
  }
}

/** The first reading fixes the retention; later readings must have the same one. */
async function chosen({ state, records }: StoreState, cycle: Cycle): Promise<State> {
  if (state.lastS === null && !hasReadings(cycle)) return state;
  const { retention } = cycle.table;
  if (readRetention(formatRetention(retention)) === state.grid.retention) return state;
  return withRetention(state, retention, hasImported((await records.all()).values()));
}

/** The writes of events of an archive, each numbered within its second. */
function numberedEvents(database: Database, name: string, events: readonly LedgerEvent[]): readonly Operation[] {
  const seconds = [...new Set(events.map(({ timeS }) => timeS))];
  return seconds.flatMap((timeS) => {
    const own = events.filter((event) => event.timeS === timeS);
    return eventOperations(own, nextNumber(database, name, timeS));
  });
}

/** A record with `added` more events in its ledger. */
function withEvents(record: ArchiveRecord, added: number): ArchiveRecord {
  const events = Math.min(eventsPerArchive, record.events + added);
  const dropped = record.events + added - events;
  return dropped === 0
    ? { ...record, events }
    : { ...record, events, droppedEvents: (record.droppedEvents ?? 0) + dropped };
}

/** The writes that store a table. The gone names are written only when they have changed. */
export function tableOperations({ get }: Pick<Database, 'get'>, table: KnownState): Operation[] {
  const gone = Buffer.from(formatGone(table.gone));
  const put: Operation = { type: 'put', key: metaKey('table'), value: formatTable(table) };
  if (get(metaKey('gone'))?.equals(gone)) return [put];
  return [put, { type: 'put', key: metaKey('gone'), value: gone }];
}

/** Before the first reading there is nothing to seal, expire or drop. */
function advanced(state: State, cycle: Cycle, nextId: number): State {
  const { timeS } = cycle;
  if (state.lastS !== null) return { ...state, lastS: timeS, agedS: agedUpTo(state, cycle), nextId };
  const { grid } = state;
  const slot = slotOf(grid, timeS);
  const day = dayOf(grid, slot);
  const today = { at: day, block: 0 };
  const window = windowOf(grid, slot);
  return {
    grid,
    lastS: timeS,
    agedS: timeS,
    nextId,
    seal: { at: window, block: 0 },
    rows: today,
    months: { at: monthOf(timeS), block: 0 },
    // Archives from before the first reading have imported rows.
    baselines: state.nextId > 0 ? allDue(grid, window) : { at: firstOpenShift(grid, window), block: 0 },
    expire: today,
    dropDay: day,
  };
}

type ChangedRecords = Map<string, ArchiveRecord>;

/** The records that the cycle creates or changes, with their numbers, and the number of the next one. */
function changeRecords(
  { state, records }: StoreState,
  cycle: Cycle,
): { readonly changed: ChangedRecords; readonly nextId: number } {
  const changed: ChangedRecords = new Map();
  let { nextId } = state;
  for (const change of cycle.archives) {
    const old = changed.get(change.name) ?? records.get(change.name);
    changed.set(change.name, changedRecord(old, change, nextId));
    if (old === undefined) nextId += 1;
  }
  return { changed, nextId };
}

interface ReadArchive {
  readonly name: string;
  readonly timeS: number;
}

/** The record of an archive that was read; a first reading changes it. */
function readRecordOf(
  { state, records }: StoreState,
  changed: ChangedRecords,
  { name, timeS }: ReadArchive,
): ArchiveRecord {
  const record = changed.get(name) ?? records.get(name);
  if (record === undefined) throw new RangeError(`the record of ${name} is missing`);
  if (record.firstS !== null) return record;
  const first = { ...record, firstS: timeS, ...writtenRetention(state.grid.retention) };
  changed.set(name, first);
  return first;
}

interface NewReadings {
  readonly cycle: Cycle;
  readonly numbered: NumberedReadings;
  readonly changed: ChangedRecords;
}

/** The readings, one record per block. Where the slot already has readings, these are added to them. */
async function readingOperations(held: StoreState, { cycle, numbered, changed }: NewReadings): Promise<Operation[]> {
  const { state } = held;
  const { stepS } = state.grid;
  if (!hasReadings(cycle)) return [];
  const slot = slotOf(state.grid, cycle.timeS);
  if (state.lastS === null || slotOf(state.grid, state.lastS) !== slot)
    return slotOperations(numbered, { slot, stepS });
  const records = new Map([...(await held.records.all()), ...changed]);
  return addedOperations(held, cycle.readings, records);
}

/** The readings added to those of the same slot. */
function addedOperations(
  { database, state: { grid, lastS } }: StoreState,
  readings: readonly Reading[],
  records: ReadonlyMap<string, ArchiveRecord>,
): Operation[] {
  const { stepS } = grid;
  const slot = slotOf(grid, lastS ?? 0);
  const columnsOf = new Map([...records.values()].map((record) => [record.id, columnCountOf(record)]));
  const blocks = new Map<number, Block>();
  for (const reading of readings) {
    const record = records.get(reading.archive);
    if (record === undefined) throw new RangeError(`the record of ${reading.archive} is missing`);
    const number = Math.floor(record.id / archivesPerBlock);
    let block = blocks.get(number);
    if (block === undefined) {
      const stored = database.get(timedKey('r', slot, number));
      const columnsIn: ColumnsOf = (own) => columnsOf.get(number * archivesPerBlock + own);
      block = stored === undefined ? new Map() : decodeBlock(stored, { slot, stepS }, columnsIn);
      blocks.set(number, block);
    }
    const parts = block.get(record.id % archivesPerBlock) ?? [];
    const dataSources = dataSourcesOf(record, grid);
    block.set(record.id % archivesPerBlock, addReading(parts, reading, { dataSources, stepS }));
  }
  return [...blocks].map(([number, block]) => ({
    type: 'put',
    key: timedKey('r', slot, number),
    value: encodeBlock(block, { slot, stepS }),
  }));
}
