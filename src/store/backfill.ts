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
import { archiveKey, metaKey } from './keys.js';
import { eventOperations, eventsByArchive } from './ledger.js';
import { derivePdps } from './pdp.js';
import type { ReadingColumns } from './readings.js';
import { keptS, readingsKeptS, slotOf, slotsPerDay, slotsPerWindow, windowOf } from './slot.js';
import { SortedRecords } from './sorted-records.js';
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
/** Rows are derived of so many days at a time: the data points of a year would not fit into a processor's cache. */
const daysAtOnce = 16;
const kinds = ['h', 'y'] as const satisfies readonly CoarseKind[];

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
  const pdps = ipvsDataSources.map(() => new Float64Array(daysAtOnce * slotsPerDay));
  const place = { dataSources: ipvsDataSources, today, firstKeptDay, lastRowDay, pdps };
  const byArchive = eventsByArchive(events);
  const records = new SortedRecords(`${database.location}.${process.pid}.part`);
  let nextId = 0;
  try {
    for (const history of histories) {
      const own = byArchive.get(history.name) ?? [];
      const { name, about, lastS, goneS, readings } = history;
      const firstS = readings.timesS[0] ?? null;
      const record: ArchiveRecord = { id: nextId, sources: 'ipvs', about, firstS, lastS, goneS, events: own.length };
      const put: Operation = { type: 'put', key: archiveKey(name), value: Buffer.from(JSON.stringify(record)) };
      await database.write([put, ...eventOperations(own)]);
      addHistory(records, { ...readings, unknownS: new Map() }, { ...place, id: nextId });
      nextId += 1;
    }
    for (const batch of records.batches()) await database.write(batch);
  } finally {
    records.close();
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
  readonly id: number;
  readonly dataSources: readonly DataSource[];
  readonly today: number;
  /** The first day whose readings are kept; before it there are only rows. */
  readonly firstKeptDay: number;
  /** The first day without a day row. */
  readonly lastRowDay: number;
  /** Where data points are worked out. */
  readonly pdps: readonly Float64Array[];
}

function addHistory(records: SortedRecords, readings: ReadingColumns, place: HistoryPlace): void {
  addRows(records, readings, place);
  addChunks(records, readings, place);
}

function addChunks(records: SortedRecords, readings: ReadingColumns, { id, firstKeptDay }: HistoryPlace): void {
  const { timesS } = readings;
  let from = timesS.findIndex((timeS) => timeS > firstKeptDay * dayS);
  while (from >= 0 && from < timesS.length) {
    const window = windowOf(slotOf(timesS[from] ?? 0));
    const endS = (window + 1) * slotsPerWindow * stepS;
    let to = from;
    while (to < timesS.length && (timesS[to] ?? 0) <= endS) to += 1;
    records.add('c', window, { id, value: encodeChunk(rowsOf(readings, from, to), window) });
    from = to;
  }
}

function addRows(records: SortedRecords, readings: ReadingColumns, place: HistoryPlace): void {
  const { id, dataSources, today, firstKeptDay, lastRowDay } = place;
  const lastS = readings.timesS.at(-1) ?? 0;
  const isWanted = (day: number, kind: CoarseKind): boolean =>
    (day < firstKeptDay || (kind === 'y' && lastS >= (day + 1) * dayS)) &&
    day >= today - keptS(coarseKinds[kind]) / dayS;
  let day = Math.floor((readings.sinceS[0] ?? 0) / dayS);
  for (let begin = 0; day < lastRowDay; day += daysAtOnce) {
    const run = readingsAround(readings, begin, { fromS: day * dayS, toS: (day + daysAtOnce) * dayS });
    begin = run.begin;
    const slots = { firstSlot: day * slotsPerDay + 1, count: daysAtOnce * slotsPerDay, into: place.pdps };
    const { columns } = derivePdps([run.readings], dataSources, slots);
    for (let i = 0; i < daysAtOnce && day + i < lastRowDay; i += 1) {
      const from = i * slotsPerDay;
      if (columns.every((column) => isUnknown(column, from))) continue;
      for (const kind of kinds) {
        if (!isWanted(day + i, kind)) continue;
        records.add(kind, day + i, { id, value: packRows(columns, { pdpPerRow: coarseKinds[kind], from }) });
      }
    }
  }
}

/** The readings that the data points of a stretch depend on, with the one before them; they lie from `begin` on. */
function readingsAround(
  readings: ReadingColumns,
  begin: number,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
): { readonly begin: number; readonly readings: ReadingColumns } {
  const { timesS } = readings;
  let first = begin;
  while (first < timesS.length && (timesS[first] ?? 0) <= fromS) first += 1;
  let end = first;
  while (end < timesS.length && (timesS[end] ?? 0) < toS) end += 1;
  const from = Math.max(0, first - 1);
  return { begin: from, readings: rowsOf(readings, from, end + 1) };
}

function rowsOf({ timesS, sinceS, values, unknownS }: ReadingColumns, from: number, to: number): ReadingColumns {
  const rows = (column: Float64Array): Float64Array => column.subarray(from, to);
  return { timesS: rows(timesS), sinceS: rows(sinceS), values: values.map(rows), unknownS };
}

/** Is nothing known of the day that begins there? */
function isUnknown(column: Float64Array, from: number): boolean {
  for (let i = from; i < from + slotsPerDay; i += 1) if (!Number.isNaN(column[i])) return false;
  return true;
}
