// Appends one cycle as one atomic, synchronous batch: after a crash, either all of it is stored or none of it.

import type { Cycle, KnownState, Reading } from '../model/cycle.js';
import { eventsPerArchive } from '../model/ledger-event.js';
import { monthOf } from '../model/time/month.js';
import {
  type ArchiveRecord,
  agedUpTo,
  changedRecord,
  columnCountOf,
  dataSourcesOf,
  formatState,
  type State,
} from './layout/directory.js';
import { hasImported, withRetention, writtenRetention } from './layout/kept-retention.js';
import { archiveKey, metaKey, timedKey } from './layout/keys.js';
import { addReading } from './layout/readings.js';
import { archivesPerBlock, type Block, type ColumnsOf, decodeBlock, encodeBlock } from './layout/recent.js';
import { formatGone, formatTable } from './layout/table-text.js';
import { eventOperations, eventsByArchive, nextNumber, trimOperations } from './ledger.js';
import type { Database, Operation } from './leveldb/database.js';
import { dayOf, slotOf, windowOf } from './rows/slot.js';
import { StoreError } from './store-error.js';

/** The store before a cycle: its state, and all records by name. `appendCycle` keeps the records up to date. */
export interface StoreState {
  readonly database: Database;
  readonly state: State;
  readonly records: Map<string, ArchiveRecord>;
}

/** Writes a cycle and returns the new state. Throws `overtaken` when the cycle was not made from the newest table. */
export async function appendCycle(known: StoreState, cycle: Cycle, isDurable: boolean): Promise<State> {
  const held = { ...known, state: chosen(known, cycle) };
  if (held.state.lastS !== cycle.previousS) {
    throw new StoreError('overtaken', 'another collector stored a newer reading meanwhile: this one was left out');
  }
  const changed = changeRecords(held, cycle);
  const nextId = held.state.nextId + [...changed.keys()].filter((name) => !held.records.has(name)).length;
  const recordOf = (name: string): ArchiveRecord | undefined => changed.get(name) ?? held.records.get(name);
  const events = eventsByArchive(cycle.events);
  const operations: Operation[] = [];
  for (const [name, all] of events) {
    const record = recordOf(name);
    if (record === undefined) continue;
    const own = all.slice(-eventsPerArchive);
    operations.push(...eventOperations(own, nextNumber(held.database, name, cycle.timeS)));
    operations.push(...(await trimOperations(held.database, name, record.events + own.length)));
    changed.set(name, withEvents(record, all.length));
  }
  operations.push(...readingOperations(held, cycle.readings, changed));
  for (const [name, record] of changed) {
    operations.push({ type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(record)) });
  }
  const state = cycle.readings.length === 0 ? { ...held.state, nextId } : advanced(held.state, cycle, nextId);
  operations.push(...tableOperations(held.database, cycle.table));
  operations.push({ type: 'put', key: metaKey('state'), value: formatState(state) });
  await held.database.write(operations, { isDurable });
  for (const [name, record] of changed) held.records.set(name, record);
  return state;
}

/** The first reading fixes the retention; later readings must have the same one. */
function chosen({ state, records }: StoreState, { table, readings }: Cycle): State {
  if (state.lastS === null && readings.length === 0) return state;
  return withRetention(state, table.retention, hasImported(records.values()));
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
  const put: Operation = { type: 'put', key: metaKey('table'), value: Buffer.from(formatTable(table)) };
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
  return {
    grid,
    lastS: timeS,
    agedS: timeS,
    nextId,
    seal: { at: windowOf(grid, slot), block: 0 },
    rows: today,
    months: { at: monthOf(timeS), block: 0 },
    expire: today,
    dropDay: day,
  };
}

/** The records that the cycle creates or changes, with their numbers and the time of a first reading. */
function changeRecords({ state, records }: StoreState, cycle: Cycle): Map<string, ArchiveRecord> {
  const changed = new Map<string, ArchiveRecord>();
  const written = writtenRetention(state.grid.retention);
  let { nextId } = state;
  for (const change of cycle.archives) {
    const old = changed.get(change.name) ?? records.get(change.name);
    changed.set(change.name, changedRecord(old, change, nextId));
    if (old === undefined) nextId += 1;
  }
  for (const { archive } of cycle.readings) {
    const record = changed.get(archive) ?? records.get(archive);
    if (record?.firstS === null) changed.set(archive, { ...record, firstS: cycle.timeS, ...written });
  }
  return changed;
}

type ChangedRecords = ReadonlyMap<string, ArchiveRecord>;

/** The readings, one record per block. Where the slot already has readings, these are added to them. */
function readingOperations(held: StoreState, readings: readonly Reading[], changed: ChangedRecords): Operation[] {
  const { database, state, records } = held;
  const { grid } = state;
  const { stepS } = grid;
  const slot = slotOf(grid, readings[0]?.timeS ?? 0);
  const isSameSlot = state.lastS !== null && slotOf(grid, state.lastS) === slot;
  const columnsOf = isSameSlot ? columnsById([...records.values(), ...changed.values()]) : new Map<number, number>();
  const blocks = new Map<number, Block>();
  for (const reading of readings) {
    const record = changed.get(reading.archive) ?? records.get(reading.archive);
    if (record === undefined) throw new RangeError(`the record of ${reading.archive} is missing`);
    const number = Math.floor(record.id / archivesPerBlock);
    let block = blocks.get(number);
    if (block === undefined) {
      const stored = isSameSlot ? database.get(timedKey('r', slot, number)) : undefined;
      const columnsIn: ColumnsOf = (own) => columnsOf.get(number * archivesPerBlock + own);
      block = stored === undefined ? new Map() : decodeBlock(stored, { slot, stepS }, columnsIn);
      blocks.set(number, block);
    }
    const parts = block.get(record.id % archivesPerBlock) ?? [];
    block.set(
      record.id % archivesPerBlock,
      addReading(parts, reading, { dataSources: dataSourcesOf(record, grid), stepS }),
    );
  }
  return [...blocks].map(([number, block]) => ({
    type: 'put',
    key: timedKey('r', slot, number),
    value: encodeBlock(block, { slot, stepS }),
  }));
}

function columnsById(records: readonly ArchiveRecord[]): ReadonlyMap<number, number> {
  return new Map(records.map((record) => [record.id, columnCountOf(record)]));
}
