// What keeps the store small, a little at every cycle so that no cycle is long: readings are sealed some hours after they
// were made, leave after 100 days for the rows kept in their place, and those are dropped when their archive is over.
// Each step is one batch with the state that says so; the next one, or the next process, goes on from there.

import { stepS } from '../model/archive.js';
import { encodeChunk } from './chunk.js';
import { deriveDay } from './coarse.js';
import { compact, type Database } from './database.js';
import { type ArchiveRecord, dataSourcesOf, recordsByBlock, type State } from './directory.js';
import { archiveKey, metaKey, prefixRange, timedKey, timedRange, timeOfKey } from './keys.js';
import { ledgerRange, type Operation } from './ledger.js';
import { type Part, toColumns } from './readings.js';
import { archivesPerBlock, decodeBlock } from './recent.js';
import { keptS, readingsKeptS, slotOf, slotsPerDay, slotsPerWindow, windowOf } from './slot.js';

/** Cycles over which the sealing of a window, and the leaving of a day, are spread: an hour. */
const spreadCycles = 12;

const dayS = slotsPerDay * stepS;

/** The store while it is maintained; `records` loses those of archives that are over. */
export interface Maintained {
  readonly database: Database;
  readonly records: Map<string, ArchiveRecord>;
}

/** Does this cycle's share of maintenance and returns the new state. */
export async function maintain(store: Maintained, state: State): Promise<State> {
  if (state.lastS === null) return state;
  const sealed = await sealDue(store, state);
  const expired = await expireDue(store, sealed);
  return dropDue(store, expired);
}

async function sealDue(store: Maintained, start: State): Promise<State> {
  let state = start;
  const newest = windowOf(slotOf(state.lastS ?? 0));
  if (state.sealWindow >= newest) return state;
  const byBlock = recordsByBlock(store.records.values());
  const blocks = [...byBlock.keys()];
  const share = Math.ceil(blocks.length / spreadCycles);
  while (state.sealWindow < newest) {
    const due = blocks.filter((block) => block >= state.sealBlock);
    const isBehind = state.sealWindow < newest - 1;
    const now = isBehind ? due : due.slice(0, share);
    const operations = now.flatMap((block) =>
      sealBlock(store.database, { window: state.sealWindow, block, records: byBlock.get(block) ?? [] }),
    );
    const last = now.at(-1);
    const isDone = now.length === due.length;
    state = isDone
      ? { ...state, sealWindow: await nextWindow(store, state.sealWindow, newest), sealBlock: 0 }
      : { ...state, sealBlock: (last ?? 0) + 1 };
    await write(store, operations, state);
    if (isDone) await compactRecent(store, state);
    if (!isBehind) break;
  }
  return state;
}

/** The next window that has readings, or the newest: after a long silence the empty ones are passed over at once. */
async function nextWindow({ database }: Maintained, window: number, newest: number): Promise<number> {
  const from = timedRange('r', (window + 1) * slotsPerWindow + 1, 0xffffffff);
  const [key] = await database.keys({ ...from, limit: 1 }).all();
  return key === undefined ? newest : Math.min(newest, windowOf(timeOfKey(key)));
}

interface SealedBlock {
  readonly window: number;
  readonly block: number;
  readonly records: readonly ArchiveRecord[];
}

function sealBlock(database: Database, { window, block, records }: SealedBlock): Operation[] {
  const columnsOf = new Map(records.map((record) => [record.id, dataSourcesOf(record).length]));
  const columns = Math.max(...columnsOf.values());
  const operations: Operation[] = [];
  const parts = new Map<number, Part[]>();
  for (let i = 1; i <= slotsPerWindow; i += 1) {
    const slot = window * slotsPerWindow + i;
    const key = timedKey('r', slot, block);
    const stored = database.getSync(key);
    if (stored === undefined) continue;
    operations.push({ type: 'del', key });
    for (const [number, own] of decodeBlock(stored, slot, columns)) {
      const id = block * archivesPerBlock + number;
      const sofar = parts.get(id);
      if (sofar === undefined) parts.set(id, [...own]);
      else sofar.push(...own);
    }
  }
  for (const [id, own] of parts) {
    const chunk = encodeChunk(toColumns(own, columnsOf.get(id) ?? columns), window);
    operations.push({ type: 'put', key: timedKey('c', window, id), value: Buffer.from(chunk) });
  }
  return operations;
}

/** A process that opens, appends and closes breaks off LevelDB's own compaction, and its files would pile up. */
async function compactRecent({ database }: Maintained, state: State): Promise<void> {
  await compact(database, timedRange('r', 0, state.sealWindow * slotsPerWindow + 1));
  await compact(database, prefixRange('m'));
}

async function expireDue(store: Maintained, start: State): Promise<State> {
  let state = start;
  const firstKeptS = Math.floor((state.lastS ?? 0) / dayS) * dayS - readingsKeptS;
  if ((state.expireDay + 1) * dayS > firstKeptS) return state;
  const byBlock = recordsByBlock(store.records.values());
  const blocks = [...byBlock.keys()];
  const share = Math.ceil(blocks.length / spreadCycles);
  while ((state.expireDay + 1) * dayS <= firstKeptS) {
    const due = blocks.filter((block) => block >= state.expireBlock);
    const isBehind = (state.expireDay + 2) * dayS <= firstKeptS;
    const now = isBehind ? due : due.slice(0, share);
    const records = now.flatMap((block) => byBlock.get(block) ?? []);
    const operations = records.flatMap((record) => expireDay(store.database, state, record));
    const isDone = now.length === due.length;
    state = isDone
      ? { ...state, expireDay: await nextDay(store, state.expireDay, firstKeptS / dayS), expireBlock: 0 }
      : { ...state, expireBlock: (now.at(-1) ?? 0) + 1 };
    await write(store, operations, state);
    if (!isBehind) break;
  }
  return state;
}

/** The next day that has readings, or the first that stays. */
async function nextDay({ database }: Maintained, day: number, firstKept: number): Promise<number> {
  const windows = slotsPerDay / slotsPerWindow;
  const [key] = await database.keys({ ...timedRange('c', (day + 1) * windows, 0xffffffff), limit: 1 }).all();
  return key === undefined ? firstKept : Math.min(firstKept, Math.floor(timeOfKey(key) / windows));
}

/** Keeps rows in the place of what an archive read on the day that expires. */
function expireDay(database: Database, state: State, record: ArchiveRecord): Operation[] {
  const { id } = record;
  const day = state.expireDay;
  const windows = slotsPerDay / slotsPerWindow;
  const keys = Array.from({ length: windows }, (_, i) => timedKey('c', day * windows + i, id));
  const present = keys.filter((key) => database.getSync(key) !== undefined);
  if (present.length === 0) return [];
  const dataSources = dataSourcesOf(record);
  const place = { get: (key: Buffer) => database.getSync(key), state, id, columns: dataSources.length };
  const rows = deriveDay(place, dataSources, day);
  const operations: Operation[] = present.map((key) => ({ type: 'del', key }));
  if (rows === null) return operations;
  operations.push({ type: 'put', key: timedKey('h', day, id), value: rows.h });
  operations.push({ type: 'put', key: timedKey('y', day, id), value: rows.y });
  return operations;
}

/** Once a day: rows that have left their archive, and archives that have no row left. */
async function dropDue(store: Maintained, state: State): Promise<State> {
  const { database, records } = store;
  const lastS = state.lastS ?? 0;
  const today = Math.floor(lastS / dayS);
  if (state.dropDay >= today) return state;
  const operations: Operation[] = [];
  const keptDaysS = { h: keptS(24), y: keptS(288) };
  for (const [name, { goneS, lastS: ownLastS, about }] of records) {
    const longestS = about.kind === 'real-server' ? readingsKeptS : keptDaysS.y;
    if (goneS === null || lastS - (ownLastS ?? goneS) <= longestS) continue;
    operations.push({ type: 'del', key: archiveKey(name) });
    for (const key of await database.keys(ledgerRange(name)).all()) operations.push({ type: 'del', key });
    records.delete(name);
  }
  const next: State = { ...state, dropDay: today };
  for (const kind of ['h', 'y'] as const) {
    const over = timedRange(kind, 0, Math.max(0, today - keptDaysS[kind] / dayS));
    await database.clear(over);
    await compact(database, over);
  }
  await write(store, operations, next);
  await compact(database, timedRange('c', 0, state.expireDay * (slotsPerDay / slotsPerWindow)));
  return next;
}

async function write({ database }: Maintained, operations: Operation[], state: State): Promise<void> {
  const value = Buffer.from(JSON.stringify(state));
  await database.batch([...operations, { type: 'put', key: metaKey('state'), value }]);
}
