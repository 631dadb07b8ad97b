// Keeps the store small, a little at every cycle so that no cycle is long. Readings are sealed some hours after they were taken. A past day
// gets its row, and a past month its percentiles. Readings expire when no 5-minute row needs them any more; rows and archives expire, too.
// Each step is one batch together with the state that records it; the next step, or the next process, resumes from there.

import { type Cursor, formatState, recordsByBlock, type State } from '../layout/directory.js';
import { metaKey } from '../layout/keys.js';
import type { Database, Operation } from '../leveldb/database.js';
import { dayS } from '../rows/slot.js';
import type { Chore, StoreUpkeep } from './chore.js';
import { dropOver } from './drop.js';
import { expireDays, keepDayRows } from './expire.js';
import { keepMonths } from './keep-months.js';
import { sealWindows } from './seal.js';

/** Seconds of cycles over which a window or a day is spread. */
const spreadS = 3600;

/** In the order in which a cycle does its share of each. */
const chores: readonly Chore[] = [sealWindows, keepDayRows, keepMonths, expireDays];

/**
 * Is a window, a day or a month due, or the daily search for what has expired? Most cycles have nothing to do, and need not read the records of
 * all archives for it.
 */
export function isMaintenanceDue(state: State): boolean {
  if (state.lastS === null) return false;
  const isDue = chores.some(({ cursor, limit }) => state[cursor].at < limit(state));
  return isDue || state.dropDay < Math.floor(state.agedS / dayS);
}

/** Does this cycle's share of maintenance and returns the new state. */
export async function maintain(store: StoreUpkeep, start: State): Promise<State> {
  if (start.lastS === null) return start;
  let state = start;
  for (const chore of chores) state = await advance(store, state, chore);
  const dropped = await dropOver(store, state);
  if (dropped === null) return state;
  await write(store.database, dropped.operations, dropped.state);
  return dropped.state;
}

/** A share of the due window or day; all of it while more than one is due. */
async function advance({ database, records }: StoreUpkeep, start: State, chore: Chore): Promise<State> {
  const limit = chore.limit(start);
  if (start[chore.cursor].at >= limit) return start;
  let state = start;
  const blocks = [...recordsByBlock(records.values())].map(([number, own]) => ({ number, records: own }));
  const share = Math.ceil(
    (blocks.length * start.grid.stepS) / (chore.spreadS?.(limit - start[chore.cursor].at) ?? spreadS),
  );
  for (;;) {
    const { at, block }: Cursor = state[chore.cursor];
    if (at >= limit) return state;
    const due = blocks.filter(({ number }) => number >= block);
    const isBehind = chore.isUrgent?.(state) ?? at < limit - 1;
    const now = isBehind ? due : due.slice(0, share);
    const operations = now.flatMap((one) => chore.work(database, state, one));
    const isDone = now.length === due.length;
    const cursor: Cursor = isDone
      ? { at: await chore.next(database, state, limit), block: 0 }
      : { at, block: (now.at(-1)?.number ?? 0) + 1 };
    state = { ...state, [chore.cursor]: cursor };
    await write(database, operations, state);
    if (isDone) await chore.finish?.(database, state);
    if (!isBehind) return state;
  }
}

async function write(database: Database, operations: readonly Operation[], state: State): Promise<void> {
  const value = formatState(state);
  await database.write([...operations, { type: 'put', key: metaKey('state'), value }]);
}
