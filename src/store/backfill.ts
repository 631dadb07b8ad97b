// A whole history at once into an empty store, archive by archive: what sealing and expiring would have made of its
// readings, without a cycle for each. For the simulated director, whose year is there in columns.

import { type About, type DataSource, ipvsDataSources, stepS } from '../model/archive.js';
import type { Table } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { tableOperations } from './append.js';
import { encodeChunk } from './chunk.js';
import { type CoarseKind, coarseKinds, packRows } from './coarse.js';
import type { Database, Operation } from './database.js';
import type { ArchiveRecord, State } from './directory.js';
import { archiveKey, metaKey, timedKey } from './keys.js';
import { eventOperations, eventsByArchive } from './ledger.js';
import { derivePdps } from './pdp.js';
import type { ReadingColumns } from './readings.js';
import { keptS, readingsKeptS, slotOf, slotsPerDay, slotsPerWindow, windowOf } from './slot.js';
import { StoreError } from './store-error.js';

/** The readings of one archive, oldest first, one a slot at the most. */
export interface ArchiveHistory {
  readonly name: string;
  readonly about: About;
  readonly lastS: number | null;
  readonly goneS: number | null;
  readonly readings: Omit<ReadingColumns, 'unknownS'>;
}

/** A history up to `table.timeS`, which has to be the end of a window (00:00, 08:00 or 16:00 UTC). */
export interface Backfill {
  readonly histories: Iterable<ArchiveHistory>;
  readonly table: Table;
  readonly events: readonly LedgerEvent[];
}

const dayS = slotsPerDay * stepS;

/** Writes a history. Throws a `StoreError` with code `overtaken` where the store has readings already. */
export async function backfill(database: Database, { histories, table, events }: Backfill): Promise<void> {
  if (database.get(metaKey('state')) !== undefined) {
    throw new StoreError(
      'overtaken',
      'a history can only be loaded into an empty data folder: choose another with --data',
    );
  }
  const endS = table.timeS ?? 0;
  const endWindow = windowOf(slotOf(endS)) + 1;
  if (endS !== endWindow * slotsPerWindow * stepS) throw new RangeError('a history ends at the end of a window');
  const today = Math.floor(endS / dayS);
  const firstKeptDay = today - readingsKeptS / dayS;
  // The last day's row waits for the reading that closes it.
  const lastRowDay = today - 1;
  const place = { dataSources: ipvsDataSources, today, firstKeptDay, lastRowDay };
  const byArchive = eventsByArchive(events);
  let nextId = 0;
  for (const history of histories) {
    const own = byArchive.get(history.name) ?? [];
    const { name, about, lastS, goneS, readings } = history;
    const firstS = readings.timesS[0] ?? null;
    const record: ArchiveRecord = { id: nextId, sources: 'ipvs', about, firstS, lastS, goneS, events: own.length };
    await database.write([
      { type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(record)) },
      ...historyOperations({ ...readings, unknownS: new Map() }, nextId, place),
      ...eventOperations(own),
    ]);
    nextId += 1;
  }
  const state: State = {
    lastS: endS,
    agedS: endS,
    nextId,
    seal: { at: endWindow, block: 0 },
    rows: { at: lastRowDay, block: 0 },
    expire: { at: firstKeptDay, block: 0 },
    dropDay: today,
  };
  const put: Operation = { type: 'put', key: metaKey('state'), value: Buffer.from(JSON.stringify(state)) };
  await database.write([...tableOperations(database, table), put], { isDurable: true });
}

interface HistoryPlace {
  readonly dataSources: readonly DataSource[];
  readonly today: number;
  /** The first day whose readings are kept; before it there are only rows. */
  readonly firstKeptDay: number;
  /** The first day without a day row. */
  readonly lastRowDay: number;
}

function historyOperations(readings: ReadingColumns, id: number, place: HistoryPlace): Operation[] {
  return [...coarseOperations(readings, id, place), ...chunkOperations(readings, id, place.firstKeptDay)];
}

function chunkOperations(readings: ReadingColumns, id: number, firstKeptDay: number): Operation[] {
  const { timesS, sinceS, values, unknownS } = readings;
  const operations: Operation[] = [];
  let from = timesS.findIndex((timeS) => timeS > firstKeptDay * dayS);
  while (from >= 0 && from < timesS.length) {
    const window = windowOf(slotOf(timesS[from] ?? 0));
    const endS = (window + 1) * slotsPerWindow * stepS;
    let to = from;
    while (to < timesS.length && (timesS[to] ?? 0) <= endS) to += 1;
    const run: ReadingColumns = {
      timesS: timesS.subarray(from, to),
      sinceS: sinceS.subarray(from, to),
      values: values.map((column) => column.subarray(from, to)),
      unknownS,
    };
    operations.push({ type: 'put', key: timedKey('c', window, id), value: encodeChunk(run, window) });
    from = to;
  }
  return operations;
}

function coarseOperations(readings: ReadingColumns, id: number, place: HistoryPlace): Operation[] {
  const { dataSources, today, firstKeptDay, lastRowDay } = place;
  const firstDay = Math.floor((readings.sinceS[0] ?? 0) / dayS);
  const lastS = readings.timesS.at(-1) ?? 0;
  const operations: Operation[] = [];
  const count = (lastRowDay - firstDay) * slotsPerDay;
  if (count <= 0) return operations;
  const { columns } = derivePdps([readings], dataSources, { firstSlot: firstDay * slotsPerDay + 1, count });
  for (let day = firstDay; day < lastRowDay; day += 1) {
    const from = (day - firstDay) * slotsPerDay;
    const ofDay = columns.map((column) => column.subarray(from, from + slotsPerDay));
    if (ofDay.every((column) => column.every(Number.isNaN))) continue;
    for (const [kind, pdpPerRow] of Object.entries(coarseKinds) as [CoarseKind, number][]) {
      const isWanted = day < firstKeptDay || (kind === 'y' && lastS >= (day + 1) * dayS);
      if (!isWanted || day < today - keptS(pdpPerRow) / dayS) continue;
      operations.push({ type: 'put', key: timedKey(kind, day, id), value: packRows(ofDay, pdpPerRow) });
    }
  }
  return operations;
}
