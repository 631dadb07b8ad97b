// What is over, looked for once a day: rows that have left their round-robin archive, the percentiles of months as old as these,
// and archives that have no row left.

import { stepS } from '../model/archive.js';
import { monthOf } from '../model/month.js';
import type { Operation } from './database.js';
import type { State } from './directory.js';
import { firstKeptMonth } from './keep-months.js';
import { archiveKey, timedKey, timedRange } from './keys.js';
import { ledgerRange } from './ledger.js';
import type { Maintained } from './maintain.js';
import { keptS, readingsKeptS, slotsPerDay, slotsPerWindow } from './slot.js';

const dayS = slotsPerDay * stepS;

/** How long rows are kept, by kind. */
const rowsKeptS = { h: keptS(24), y: keptS(288) } as const;

/** Drops old rows, and returns what removes archives that are over; null while today has been looked at. */
export async function dropOver(
  { database, records }: Maintained,
  state: State,
): Promise<{ readonly operations: readonly Operation[]; readonly state: State } | null> {
  const { agedS } = state;
  const today = Math.floor(agedS / dayS);
  if (state.dropDay >= today) return null;
  const operations: Operation[] = [];
  for (const [name, { id, goneS, lastS: ownLastS, about }] of records) {
    const isServer = about.kind === 'real-server' || about.kind === 'haproxy-server';
    const longestS = isServer ? readingsKeptS : rowsKeptS.y;
    if (goneS === null || agedS - (ownLastS ?? goneS) <= longestS) continue;
    operations.push({ type: 'del', key: archiveKey(name) });
    for (const key of await database.keys(ledgerRange(name))) operations.push({ type: 'del', key });
    operations.push(...monthsOf(id, agedS));
    records.delete(name);
  }
  for (const kind of ['h', 'y'] as const) {
    await database.drop(timedRange(kind, 0, Math.max(0, today - rowsKeptS[kind] / dayS)));
  }
  await database.drop(timedRange('p', 0, firstKeptMonth(agedS)));
  // Chunks of archives that were removed before their day expired.
  await database.drop(timedRange('c', 0, state.expire.at * (slotsPerDay / slotsPerWindow)));
  return { operations, state: { ...state, dropDay: today } };
}

/** What removes the months of an archive, there or not. */
function monthsOf(id: number, agedS: number): readonly Operation[] {
  const first = firstKeptMonth(agedS);
  const count = monthOf(agedS) + 1 - first;
  return Array.from({ length: count }, (_, i) => ({ type: 'del', key: timedKey('p', first + i, id) }));
}
