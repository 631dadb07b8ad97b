// Deletes an archive for good, along with those of its real servers or links: readings, rows, ledger, and the table's entry for the next
// comparison. One that is still in the kernel's table starts anew with the next cycle, like one that was gone: its counts so far are not
// growth, neither its own nor the director's.

import type { KnownState } from '../../model/cycle.js';
import { isOfDirector, nameWithin, partName, serviceOf } from '../../model/names/name.js';
import { otherArchives, othersWith } from '../../model/table/other-sources.js';
import { monthOf } from '../../model/time/month.js';
import { tableOperations } from '../append.js';
import {
  type ArchiveRecord,
  columnCountOf,
  firstKnownS,
  readRecords,
  readState,
  type State,
} from '../layout/directory.js';
import { archiveKey, type TimedKind, timedKey } from '../layout/keys.js';
import { archivesPerBlock, decodeBlock, encodeBlock } from '../layout/recent.js';
import { ledgerRange } from '../ledger.js';
import type { Database, Operation } from '../leveldb/database.js';
import { baselineKeys } from '../rows/baseline-record.js';
import { dayOf, slotOf } from '../rows/slot.js';

/** The archives that were deleted. */
export interface ForgetOutcome {
  readonly archives: readonly string[];
  readonly events: number;
  /** Those in the newest reading. */
  readonly live: number;
}

/** Deletes an archive and all below it; null when none has that name. */
export async function forget(database: Database, table: KnownState, name: string): Promise<ForgetOutcome | null> {
  const records = await readRecords(database);
  const isTop = name === serviceOf(name);
  const own = [...records].filter(([one]) => one === name || (isTop && serviceOf(one) === name));
  if (!own.some(([one]) => one === name)) return null;
  const state = readState(database.get);
  const operations: Operation[] = [...recentOperations(database, { state, records, own })];
  let events = 0;
  for (const [one, record] of own) {
    operations.push({ type: 'del', key: archiveKey(one) });
    for (const key of await database.keys(ledgerRange(one))) {
      operations.push({ type: 'del', key });
      events += 1;
    }
    operations.push(...keptKeys(database, state, record).map((key): Operation => ({ type: 'del', key })));
  }
  const left = withoutArchives(
    table,
    own.map(([one]) => one),
  );
  operations.push(...tableOperations(database, left));
  await database.write(operations, { isDurable: true });
  const live = own.filter(([, { goneS }]) => goneS === null).length;
  return { archives: own.map(([one]) => one), events, live };
}

interface Place {
  readonly state: State;
  readonly records: ReadonlyMap<string, ArchiveRecord>;
  readonly own: readonly (readonly [string, ArchiveRecord])[];
}

/** The records of recent readings without those of the archives; their neighbours stay. */
function recentOperations(database: Database, { state, records, own }: Place): Operation[] {
  const { grid } = state;
  const { stepS } = grid;
  const ids = new Set(own.map(([, { id }]) => id));
  const columnsOf = new Map([...records.values()].map((record) => [record.id, columnCountOf(record)]));
  const operations: Operation[] = [];
  const blocks = new Set([...ids].map((id) => Math.floor(id / archivesPerBlock)));
  for (let slot = state.seal.at * grid.slotsPerWindow + 1; slot <= slotOf(grid, state.lastS ?? 0); slot += 1) {
    for (const block of blocks) {
      const key = timedKey('r', slot, block);
      const stored = database.get(key);
      if (stored === undefined) continue;
      const idOf = (number: number): number => block * archivesPerBlock + number;
      const all = [...decodeBlock(stored, { slot, stepS }, (number) => columnsOf.get(idOf(number)))];
      // An archive that was dropped earlier cannot be rewritten without its values.
      const left = all.filter(([number]) => !ids.has(idOf(number)) && columnsOf.has(idOf(number)));
      if (left.length === all.length) continue;
      const value = encodeBlock(new Map(left), { slot, stepS });
      operations.push(left.length === 0 ? { type: 'del', key } : { type: 'put', key, value });
    }
  }
  return operations;
}

/** Keys of an archive's sealed readings and rows, for all times at which it may have any. */
function keptKeys({ get }: Database, { grid, lastS }: State, record: ArchiveRecord): Buffer[] {
  const firstS = firstKnownS(record);
  if (firstS === null) return [];
  // A reading starts before the first one, at most on the day before.
  const first = dayOf(grid, slotOf(grid, firstS)) - 1;
  const newestS = Math.max(lastS ?? 0, record.lastS ?? 0);
  const last = dayOf(grid, slotOf(grid, newestS)) + 1;
  const keys: Buffer[] = [];
  const add = (kind: TimedKind, from: number, to: number): void => {
    for (let time = Math.max(0, from); time <= to; time += 1) {
      const key = timedKey(kind, time, record.id);
      if (get(key) !== undefined) keys.push(key);
    }
  };
  add('c', first * grid.windowsPerDay, (last + 1) * grid.windowsPerDay);
  for (const { kind, daysPerSheet } of [...grid.coarse, ...grid.imported]) {
    add(kind, Math.floor(first / daysPerSheet), Math.floor(last / daysPerSheet));
  }
  add('p', monthOf(firstS), monthOf(newestS));
  keys.push(...baselineKeys(record.id).filter((key) => get(key) !== undefined));
  return keys;
}

/** The table without some archives; they count as gone, so that a return is not treated as a first sighting. */
function withoutArchives(table: KnownState, names: readonly string[]): KnownState {
  const services = new Map(table.director.services);
  const gone = new Map(table.gone);
  const parts = new Map(table.director.kernel.parts);
  const books = new Map(table.director.books);
  const entries = new Map(table.haproxy.entries);
  const others = otherArchives(table);
  const dropped = new Set(names);
  for (const name of names) {
    books.delete(name);
    const entry = entries.get(name) ?? others.get(name);
    if (entry !== undefined) {
      gone.set(name, entry.lastS);
      entries.delete(name);
      continue;
    }
    const service = services.get(serviceOf(name));
    if (isOfDirector(name)) {
      for (const part of parts.keys()) if (partName(part) === name) parts.delete(part);
    } else if (service === undefined) continue;
    else if (name === serviceOf(name)) {
      gone.set(name, service.lastS);
      for (const [server, known] of service.realServers) gone.set(`${name}/${server}`, known.lastS);
      services.delete(name);
    } else {
      const within = nameWithin(name);
      const known = service.realServers.get(within);
      if (known !== undefined) gone.set(name, known.lastS);
      const realServers = new Map([...service.realServers].filter(([server]) => server !== within));
      services.set(serviceOf(name), { ...service, realServers });
    }
  }
  return {
    ...table,
    gone,
    director: { ...table.director, services, books, kernel: { ...table.director.kernel, parts } },
    haproxy: { ...table.haproxy, entries },
    ...othersWith(table, (name) => !dropped.has(name)),
  };
}
