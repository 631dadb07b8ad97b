// What keeps the store small, a little at every cycle so that no cycle is long: readings are sealed some hours after they
// were made, a day gets its row and a month its percentiles when it is over, readings leave when no 5-minute row is kept of them any more, rows and archives
// when they are over.
// Each step is one batch with the state that says so; the next one, or the next process, goes on from there.

import { type ArchiveRecord, type Cursor, formatState, recordsByBlock, type State } from '../layout/directory.js';
import { metaKey } from '../layout/keys.js';
import type { Database, Operation } from '../leveldb/database.js';
import { dropOver } from './drop.js';
import { expireDays, keepDayRows } from './expire.js';
import { keepMonths } from './keep-months.js';
import { sealWindows } from './seal.js';

/** The store while it is maintained; `records` loses those of archives that are over. */
export interface StoreUpkeep {
  readonly database: Database;
  readonly records: Map<string, ArchiveRecord>;
}

/** Work that goes through windows, days or months, and in each of them through the blocks of archives. */
export interface Chore {
  readonly cursor: 'seal' | 'rows' | 'months' | 'expire';
  /** The first window, day or month whose time has not come. */
  readonly limit: (state: State) => number;
  /** What is to be written for a block. */
  readonly work: (database: Database, state: State, block: Block) => Operation[];
  /** The next window or day that has work, `limit` at the most: after a long silence empty ones are passed over. */
  readonly next: (database: Database, state: State, limit: number) => Promise<number>;
  /** What is left to do when a window or day is done with. */
  readonly finish?: (database: Database, state: State) => Promise<void>;
  /** Seconds of cycles over which it is spread; an hour of them unless told. */
  readonly spreadS?: number;
  /** Must all of what is due be done now? Without it, while more than one window or day is due. */
  readonly isUrgent?: (state: State) => boolean;
}

/** Archives that share a block. */
export interface Block {
  readonly number: number;
  readonly records: readonly ArchiveRecord[];
}

/** Seconds of cycles over which a window or a day is spread. */
const spreadS = 3600;

/** Does this cycle's share of maintenance and returns the new state. */
export async function maintain(store: StoreUpkeep, start: State): Promise<State> {
  if (start.lastS === null) return start;
  let state = start;
  for (const chore of [sealWindows, keepDayRows, keepMonths, expireDays]) state = await advance(store, state, chore);
  const dropped = await dropOver(store, state);
  if (dropped === null) return state;
  await write(store.database, dropped.operations, dropped.state);
  return dropped.state;
}

/** A share of the window or day that is due; all of it while more than one is. */
async function advance({ database, records }: StoreUpkeep, start: State, chore: Chore): Promise<State> {
  const limit = chore.limit(start);
  if (start[chore.cursor].at >= limit) return start;
  let state = start;
  const blocks = [...recordsByBlock(records.values())].map(([number, own]) => ({ number, records: own }));
  const share = Math.ceil((blocks.length * start.grid.stepS) / (chore.spreadS ?? spreadS));
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
