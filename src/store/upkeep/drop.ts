// Drops expired data once a day: rows that have left their round-robin archive, the percentiles of equally old months, and archives without
// any row left.

import { kindOf } from '../../model/kinds/registry.js';
import { archiveKeptS } from '../../model/retention.js';
import { monthOf } from '../../model/time/month.js';
import type { State } from '../layout/directory.js';
import { archiveKey, timedKey, timedRange } from '../layout/keys.js';
import { ledgerRange } from '../ledger.js';
import type { Operation } from '../leveldb/database.js';
import { baselineKeys } from '../rows/baseline-record.js';
import { dayS } from '../rows/slot.js';
import type { StoreUpkeep } from './chore.js';
import { firstKeptMonth } from './keep-months.js';

/** Drops old rows, and returns the operations that remove expired archives; null when this was already done today. */
export async function dropOver(
  { database, records }: StoreUpkeep,
  state: State,
): Promise<{ readonly operations: readonly Operation[]; readonly state: State } | null> {
  const { agedS, grid } = state;
  const { retention } = grid;
  const today = Math.floor(agedS / dayS);
  if (state.dropDay >= today) return null;
  const operations: Operation[] = [];
  for (const [name, { id, goneS, lastS: ownLastS, about }] of records) {
    const isServer = kindOf(about).level === 'member';
    if (goneS === null || agedS - (ownLastS ?? goneS) <= archiveKeptS(retention, isServer)) continue;
    operations.push({ type: 'del', key: archiveKey(name) });
    for (const key of await database.keys(ledgerRange(name))) operations.push({ type: 'del', key });
    operations.push(...monthsOf(id, state));
    operations.push(...baselineKeys(id).map((key): Operation => ({ type: 'del', key })));
    records.delete(name);
  }
  for (const { kind, keptS, daysPerSheet } of [...grid.coarse, ...grid.imported]) {
    await database.drop(timedRange(kind, 0, Math.max(0, Math.floor((today - keptS / dayS) / daysPerSheet))));
  }
  await database.drop(timedRange('p', 0, firstKeptMonth(grid, agedS)));
  // Chunks of archives that were removed before their day expired.
  await database.drop(timedRange('c', 0, state.expire.at * grid.windowsPerDay));
  return { operations, state: { ...state, dropDay: today } };
}

/** The operations that remove the months of an archive, stored or not. */
function monthsOf(id: number, { agedS, grid }: State): readonly Operation[] {
  const first = firstKeptMonth(grid, agedS);
  const count = monthOf(agedS) + 1 - first;
  return Array.from({ length: count }, (_, i) => ({ type: 'del', key: timedKey('p', first + i, id) }));
}
