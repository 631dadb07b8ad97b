// Restores consistency to a damaged database once its bad records are out: the state is recomputed from the remaining records, and the
// table is kept only if it belongs to the newest reading. Lost values read as unknown; none is made up.

import { emptyState, type KnownState } from '../../model/cycle.js';
import { directorName, partName } from '../../model/names/name.js';
import { forgottenTable, setBackTable } from '../../model/set-back.js';
import { countersIn, otherArchives } from '../../model/table/other-sources.js';
import { monthOf } from '../../model/time/month.js';
import { tableOperations } from '../append.js';
import { type ArchiveRecord, type Cursor, formatState, newState, type State } from '../layout/directory.js';
import { writtenRetention } from '../layout/kept-retention.js';
import { archiveKey, metaKey } from '../layout/keys.js';
import { eventOperations, nextNumber } from '../ledger.js';
import type { Database, Operation } from '../leveldb/database.js';
import { allDue } from '../rows/baseline-record.js';
import { dayOf, dayS, slotOf, windowOf } from '../rows/slot.js';
import type { Survey } from './survey.js';

/** Writes what is missing, and an event at the director that says so, in one batch. */
export async function mend(database: Database, found: Survey, detail: string): Promise<void> {
  const lastS = found.newestS;
  if (lastS === null) {
    await database.write(beginAnew(database, found));
    return;
  }
  const records = new Map(found.records);
  const isWithDirector = records.has(directorName);
  if (!isWithDirector) records.set(directorName, newDirector(found));
  const table = tableOf(found, lastS);
  const operations: Operation[] = [];
  for (const [name, record] of records) {
    const isAway = record.lastS === null && name !== directorName && !isInTable(table, name);
    const events = (found.events.get(name) ?? 0) + (name === directorName ? 1 : 0);
    const value = { ...record, events, ...(isAway ? { lastS, goneS: lastS } : {}) };
    operations.push({ type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(value)) });
  }
  const event = { timeS: lastS, archive: directorName, kind: 'database-repaired', detail } as const;
  operations.push(...eventOperations([event], nextNumber(database, directorName, lastS)));
  operations.push(...tableOperations(database, table));
  const state = stateOf(found, lastS, isWithDirector ? found.nextId : found.nextId + 1);
  operations.push({ type: 'put', key: metaKey('state'), value: formatState(state) });
  await database.write(operations, { isDurable: true });
}

/** No reading is left. Archives with imported rows may remain, and keep their numbers. */
function beginAnew(database: Database, { grid, records, nextId }: Survey): Operation[] {
  if (records.size === 0)
    return (['state', 'table', 'gone'] as const).map((name) => ({ type: 'del', key: metaKey(name) }));
  const state = {
    type: 'put',
    key: metaKey('state'),
    value: formatState({ ...newState, grid, nextId }),
  } as const;
  return [...tableOperations(database, emptyState), state];
}

/** The progress of maintenance, as the stored records show it; when they allow two answers, the earlier one. */
function stateOf({ grid, state, firstDay, firstOpenWindow, nextId: _ }: Survey, lastS: number, nextId: number): State {
  const slot = slotOf(grid, lastS);
  const [window, day] = [windowOf(grid, slot), dayOf(grid, slot)];
  const firstReadings = firstDay ?? day;
  const sealed = Math.min(window, firstOpenWindow ?? window);
  const cursor = (known: Cursor | undefined, at: number): Cursor => (known?.at === at ? known : { at, block: 0 });
  return {
    grid,
    lastS,
    agedS: Math.min(lastS, state?.agedS ?? lastS),
    nextId,
    seal: cursor(state?.seal, sealed),
    rows: cursor(state?.rows, Math.max(firstReadings, Math.min(day, state?.rows.at ?? firstReadings))),
    // Stored months and baselines stay; missing ones are recomputed while there are readings.
    months: { at: monthOf(firstReadings * dayS), block: 0 },
    baselines: allDue(grid, sealed),
    // LevelDB's repaired files may bring back deleted readings: those of expired days stay expired.
    expire: cursor(state?.expire, Math.max(firstReadings, state?.expire.at ?? firstReadings)),
    dropDay: Math.min(day, state?.dropDay ?? firstReadings),
  };
}

/** The table of the newest reading when it is intact; else whatever is left of it, without counters to compare. */
function tableOf({ table, records }: Survey, lastS: number): KnownState {
  const exists = (name: string): boolean => records.has(name);
  if (table === null) return forgottenTable(records.keys(), lastS);
  const isWhole = table.timeS === lastS && archiveNames(table).every(exists);
  return isWhole ? table : setBackTable(table, { lastS, exists });
}

function archiveNames(table: KnownState): string[] {
  const serviceNames = [...table.director.services].flatMap(([name, { realServers }]) => [
    name,
    ...[...realServers.keys()].map((server) => `${name}/${server}`),
  ]);
  const parts = [...table.director.kernel.parts.keys()].map(partName);
  return [...serviceNames, ...parts, ...table.haproxy.entries.keys(), ...otherArchives(table).keys()];
}

function isInTable(table: KnownState, archive: string): boolean {
  return countersIn(table, archive) !== undefined;
}

function newDirector({ nextId: id, grid }: Survey): ArchiveRecord {
  const about = { kind: 'director' } as const;
  return {
    id,
    sources: 'ipvs',
    ...writtenRetention(grid.retention),
    about,
    firstS: null,
    lastS: null,
    goneS: null,
    events: 0,
  };
}
