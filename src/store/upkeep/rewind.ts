// Removes readings that lie in the future. They were stored while the clock was ahead, and would block all later readings until the clock
// has passed them. The rewind is one batch: all or nothing.

import type { KnownState } from '../../model/cycle.js';
import { directorName } from '../../model/names/name.js';
import { setBackTable } from '../../model/set-back.js';
import { monthOf } from '../../model/time/month.js';
import { tableOperations } from '../append.js';
import {
  type ArchiveRecord,
  columnCountOf,
  firstKnownS,
  formatState,
  readRecords,
  readState,
  type State,
} from '../layout/directory.js';
import { archiveKey, idOfKey, metaKey, prefixRange, type TimedKind, timedRange, timeOfKey } from '../layout/keys.js';
import { toColumns, toParts } from '../layout/readings.js';
import { archivesPerBlock, type ColumnsOf, decodeBlock, encodeBlock } from '../layout/recent.js';
import { eventOfKey, eventOperations, nextNumber } from '../ledger.js';
import type { Database, Operation } from '../leveldb/database.js';
import { decodeChunk, encodeChunk } from '../packing/chunk.js';
import { decodeSheet, encodeSheet, sheetUntil } from '../packing/sheet.js';
import { allDue, headOf, shiftS } from '../rows/baseline-record.js';
import { dayOf, dayS, type Grid, type KeptRra, slotOf, windowOf } from '../rows/slot.js';
import { newestBefore } from './newest-before.js';

/** The outcome of a rewind: the times of the newest reading before and after it (null when none is left). */
export interface RewindOutcome {
  readonly fromS: number;
  readonly toS: number | null;
  /** Archives that had no other readings and were removed with them. */
  readonly archives: number;
}

/** Removes all readings, rows and events after `untilS`; null when there are none. */
export async function rewind(database: Database, table: KnownState, untilS: number): Promise<RewindOutcome | null> {
  const state = readState(database.get);
  if (state.lastS === null || state.lastS <= untilS) return null;
  const records = await readRecords(database);
  const kept = new Map([...records].filter(([, record]) => isBefore(record, untilS)));
  keepDirector(records, kept);
  const toS = kept.size === 0 ? null : await newestBefore(database, { state, kept, untilS });
  const { grid } = state;
  const day = dayOf(grid, slotOf(grid, untilS));
  const operations = [
    ...(await cutReadings(database, { records, grid, untilS })),
    // The rows of that day are derived anew when it is over.
    ...(await cutSheets(database, grid.coarse, { records, untilS: day * dayS })),
    ...(await keysFrom(database, 'p', monthOf(untilS))).map(deletion),
    ...(await laterBaselines(database, untilS)),
    ...(await cutSheets(database, grid.imported, { records, untilS })),
    ...(await cutArchives(database, { records, kept, untilS, toS: toS ?? untilS })),
  ];
  if (toS === null) {
    operations.push(...(['table', 'gone', 'state'] as const).map((name) => deletion(metaKey(name))));
  } else {
    const exists = (name: string): boolean => kept.has(name);
    operations.push(...tableOperations(database, setBackTable(table, { lastS: toS, exists })));
    operations.push({ type: 'put', key: metaKey('state'), value: formatState(setBackState(state, toS)) });
  }
  await database.write(operations, { isDurable: true });
  return { fromS: state.lastS, toS, archives: records.size - kept.size };
}

/** The director's ledger exists before its first reading if HAProxy was read before the kernel's table. */
function keepDirector(records: Map<string, ArchiveRecord>, kept: Map<string, ArchiveRecord>): void {
  const director = records.get(directorName);
  if (kept.size === 0 || director === undefined || kept.has(directorName)) return;
  for (const map of [records, kept]) map.set(directorName, { ...director, firstS: null });
}

/** Removes readings after a time from the records of recent ones and from the chunks of sealed ones. */
async function cutReadings(database: Database, { records, grid, untilS }: RewindContext): Promise<Operation[]> {
  const { stepS, windowS } = grid;
  const first = slotOf(grid, untilS);
  const columnsOf = new Map([...records.values()].map((record) => [record.id, columnCountOf(record)]));
  const isKept = ({ timeS }: { readonly timeS: number }): boolean => timeS <= untilS;
  const operations: Operation[] = [];
  for (const [key, stored] of await database.entries(timedRange('r', first, 0xffffffff))) {
    const slot = timeOfKey(key);
    const columnsIn: ColumnsOf = (number) => columnsOf.get(idOfKey(key) * archivesPerBlock + number);
    const block = [...decodeBlock(stored, { slot, stepS }, columnsIn)].map(
      ([id, parts]) => [id, parts.filter(isKept)] as const,
    );
    const left = new Map(block.filter(([, parts]) => parts.length > 0));
    operations.push(left.size === 0 ? deletion(key) : { type: 'put', key, value: encodeBlock(left, { slot, stepS }) });
  }
  for (const [key, stored] of await database.entries(timedRange('c', windowOf(grid, first), 0xffffffff))) {
    const window = timeOfKey(key);
    const columns = columnsOf.get(idOfKey(key));
    if (columns === undefined) {
      operations.push(deletion(key));
      continue;
    }
    const left = toParts(decodeChunk(stored, { window, windowS }, { columns })).filter(isKept);
    const value = encodeChunk(toColumns(left, columns), { window, windowS });
    operations.push(left.length === 0 ? deletion(key) : { type: 'put', key, value });
  }
  return operations;
}

/** Does an archive know anything up to `untilS`? */
function isBefore(record: ArchiveRecord, untilS: number): boolean {
  const firstS = firstKnownS(record);
  return firstS !== null && firstS <= untilS;
}

/** Removes the rows that end after a time from their sheets. */
async function cutSheets(
  database: Database,
  rras: readonly KeptRra[],
  { records, untilS }: Pick<RewindCut, 'records' | 'untilS'>,
): Promise<Operation[]> {
  const columnsOf = new Map([...records.values()].map((record) => [record.id, columnCountOf(record)]));
  const operations: Operation[] = [];
  for (const rra of rras) {
    const first = Math.floor(untilS / dayS / rra.daysPerSheet);
    for (const [key, stored] of await database.entries(timedRange(rra.kind, first, 0xffffffff))) {
      const columns = columnsOf.get(idOfKey(key));
      const place = { sheet: timeOfKey(key), rra };
      const left = columns === undefined ? null : sheetUntil(decodeSheet(stored, { ...place, columns }), untilS, rra);
      operations.push(left === null ? deletion(key) : { type: 'put', key, value: encodeSheet(left, place) });
    }
  }
  return operations;
}

interface RewindContext extends Pick<RewindCut, 'records' | 'untilS'> {
  readonly grid: Grid;
}

interface RewindCut {
  readonly records: ReadonlyMap<string, ArchiveRecord>;
  readonly kept: ReadonlyMap<string, ArchiveRecord>;
  readonly untilS: number;
  readonly toS: number;
}

/** The records without future archives, and the ledger without future events; adds an event that says so. */
async function cutArchives(database: Database, { records, kept, untilS, toS }: RewindCut): Promise<Operation[]> {
  const operations: Operation[] = [];
  const events = new Map<string, number>();
  for (const key of await database.keys(prefixRange('e'))) {
    const { archive, timeS } = eventOfKey(key);
    if (timeS > untilS || !kept.has(archive)) operations.push(deletion(key));
    else events.set(archive, (events.get(archive) ?? 0) + 1);
  }
  if (kept.has(directorName)) {
    const detail = 'readings that lay in the future of the clock were dropped';
    const event = { timeS: untilS, archive: directorName, kind: 'clock-set-back', detail } as const;
    operations.push(...eventOperations([event], nextNumber(database, directorName, untilS)));
    events.set(directorName, (events.get(directorName) ?? 0) + 1);
  }
  for (const [name, record] of records) {
    if (!kept.has(name)) operations.push(deletion(archiveKey(name)));
    else {
      const { lastS, goneS } = record;
      const earlier = (timeS: number | null): number | null => (timeS === null ? null : Math.min(timeS, toS));
      const { importedS, imported, ...rest } = record;
      const value = {
        ...rest,
        lastS: earlier(lastS),
        goneS: earlier(goneS),
        events: events.get(name) ?? 0,
        ...(importedS === undefined || importedS > untilS
          ? {}
          : { importedS, ...(imported === undefined ? {} : { imported }) }),
      };
      operations.push(putJson(archiveKey(name), value));
    }
  }
  return operations;
}

/** Removes the baselines that look back on readings after a time. Maintenance derives them again. */
async function laterBaselines(database: Database, untilS: number): Promise<Operation[]> {
  const stored = await database.entries(prefixRange('b'));
  return stored.filter(([, value]) => (headOf(value).shift + 1) * shiftS > untilS).map(([key]) => deletion(key));
}

/** Reopens the windows and days after the newest reading. */
function setBackState(state: State, toS: number): State {
  const { grid } = state;
  const slot = slotOf(grid, toS);
  const [window, day] = [windowOf(grid, slot), dayOf(grid, slot)];
  const back = (cursor: State['seal'], at: number): State['seal'] => (cursor.at < at ? cursor : { at, block: 0 });
  return {
    ...state,
    lastS: toS,
    agedS: Math.min(state.agedS, toS),
    seal: back(state.seal, window),
    rows: back(state.rows, day),
    months: back(state.months, monthOf(toS)),
    baselines: back(state.baselines, allDue(grid, Math.min(state.seal.at, window)).at),
    expire: back(state.expire, day),
    dropDay: Math.min(state.dropDay, day),
  };
}

async function keysFrom(database: Database, kind: TimedKind, time: number): Promise<Buffer[]> {
  return database.keys(timedRange(kind, time, 0xffffffff));
}

function deletion(key: Buffer): Operation {
  return { type: 'del', key };
}

function putJson(key: Buffer, value: object): Operation {
  return { type: 'put', key, value: Buffer.from(JSON.stringify(value)) };
}
