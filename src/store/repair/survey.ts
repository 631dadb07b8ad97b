// Surveys every record of the database: is it intact, and does it belong to an archive? Repairs are based on this.

import { emptyState, type KnownState } from '../../model/cycle.js';
import { type ArchiveRecord, columnCountOf, parseState, type State } from '../layout/directory.js';
import { readRetention } from '../layout/kept-retention.js';
import { archiveOfKey, idOfKey, metaKey, type TimedKind, timeOfKey } from '../layout/keys.js';
import { isOfLayout } from '../layout/migrate.js';
import { archivesPerBlock, decodeBlock } from '../layout/recent.js';
import { parseTable } from '../layout/table-bytes.js';
import { eventOfKey } from '../ledger.js';
import { checkedValue } from '../leveldb/checksum.js';
import { decodeChunk } from '../packing/chunk.js';
import { decodeSheet } from '../packing/sheet.js';
import { unpackBaselines } from '../rows/baseline-record.js';
import { unpackMonth } from '../rows/month.js';
import { type Grid, gridOf, standardGrid, windowOf } from '../rows/slot.js';

/** Rows of a day, as layout 6 kept them: the migration leaves damaged ones behind. */
type FormerKind = 'g' | 'h' | 'y' | 'i' | 'j' | 'k' | 'l';

/** Kinds of records: the first letter of their keys, as in keys.ts. */
export type RecordKind = 'm' | 'a' | 'e' | 'q' | TimedKind | FormerKind;

const losses: Readonly<Partial<Record<RecordKind, string>>> = {
  m: "the collector's progress; it was computed again",
  a: 'the description of an archive; it starts again if it is still in the table',
  e: 'an event',
  q: 'a silence of findings',
  r: 'a cycle of 32 archives',
  c: '8 hours of readings of an archive',
  s: "several days' finer rows of an archive",
  t: "several days' 2-hour rows of an archive",
  u: "several days' rows of an archive",
  v: "several days' imported rows of an archive",
  w: "several days' imported rows of an archive",
  x: "several days' imported rows of an archive",
  z: "several days' imported rows of an archive",
  g: "a day's finer rows of an archive",
  h: "a day's 2-hour rows of an archive",
  y: "a day's row of an archive",
  p: "a month's percentiles of an archive",
  b: 'the baselines of an archive for 8 hours of the week; they are computed again',
  i: "a day's imported rows of an archive",
  j: "a day's imported rows of an archive",
  k: "a day's imported rows of an archive",
  l: "a day's imported rows of an archive",
};

/** The loss when a record of a kind is damaged, in words. */
export function lossOf(kind: RecordKind): string {
  return losses[kind] ?? 'a record of no known kind';
}

/** The number of records of each kind. */
export function countRecords(keys: readonly Buffer[]): ReadonlyMap<RecordKind, number> {
  const counts = new Map<RecordKind, number>();
  for (const key of keys) {
    const kind = key.toString('latin1', 0, 1) as RecordKind;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** The contents of the database. */
export interface Survey {
  /** The grid of the archives' retention, according to their records. */
  readonly grid: Grid;
  readonly sound: number;
  /** Keys of records that are damaged or belong to no archive. */
  readonly damaged: readonly Buffer[];
  readonly records: ReadonlyMap<string, ArchiveRecord>;
  /** Number of events in the ledger of each archive. */
  readonly events: ReadonlyMap<string, number>;
  readonly state: State | null;
  readonly table: KnownState | null;
  /** Time of the newest reading, and the first day with readings; null when there are none. */
  readonly newestS: number | null;
  readonly firstDay: number | null;
  /** The first window with unsealed readings. */
  readonly firstOpenWindow: number | null;
  /** One more than the highest archive number found anywhere. */
  readonly nextId: number;
}

type Draft = { -readonly [K in keyof Survey]: Survey[K] } & {
  damaged: Buffer[];
  records: Map<string, ArchiveRecord>;
  events: Map<string, number>;
};

/**
 * Surveys every record in key order. `state` is the stored state, which gives the grid when the archives' records do not. Throws what
 * LevelDB throws when it cannot iterate over them.
 */
export async function survey(entries: AsyncIterable<[Buffer, Buffer]>, state?: Buffer): Promise<Survey> {
  const draft: Draft = {
    grid: gridOfState(state),
    sound: 0,
    damaged: [],
    records: new Map(),
    events: new Map(),
    state: null,
    table: null,
    newestS: null,
    firstDay: null,
    firstOpenWindow: null,
    nextId: 0,
  };
  const columnsOf = new Map<number, number>();
  const meta = new Map<string, Buffer>();
  // Archives come before the records that belong to them.
  for await (const [key, stored] of entries) {
    if (isOfLayout(key)) continue;
    try {
      look(draft, { key, value: checkedValue(key, stored), columnsOf, meta });
      draft.sound += 1;
    } catch {
      draft.damaged.push(key);
    }
  }
  readMeta(draft, meta);
  return draft;
}

/** The grid of a stored state, which may be damaged. */
function gridOfState(stored: Buffer | undefined): Grid {
  try {
    return stored === undefined ? standardGrid : parseState(checkedValue(metaKey('state'), stored).toString()).grid;
  } catch {
    return standardGrid;
  }
}

interface SurveyedRecord {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly columnsOf: Map<number, number>;
  readonly meta: Map<string, Buffer>;
}

/** Counts a record. Throws when it cannot be unpacked or belongs to no archive. */
function look(draft: Draft, { key, value, columnsOf, meta }: SurveyedRecord): void {
  const kind = key.toString('latin1', 0, 1);
  if (kind === 'm') meta.set(key.toString('latin1'), value);
  else if (kind === 'a') {
    const record = JSON.parse(value.toString()) as ArchiveRecord;
    draft.grid = gridOf(readRetention(record.retention));
    draft.records.set(archiveOfKey(key), record);
    columnsOf.set(record.id, columnCountOf(record));
    draft.nextId = Math.max(draft.nextId, record.id + 1);
  } else if (kind === 'e') {
    const { archive } = eventOfKey(key);
    if (!draft.records.has(archive)) throw new RangeError('an event of no archive');
    JSON.parse(value.toString());
    draft.events.set(archive, (draft.events.get(archive) ?? 0) + 1);
  } else if (kind === 'q') JSON.parse(value.toString());
  else if (kind === 'r') lookAtRecent(draft, { key, value, columnsOf });
  else lookAtKept(draft, { kind, key, value, columns: columnsOf.get(idOfKey(key)) });
}

function lookAtRecent(draft: Draft, { key, value, columnsOf }: Omit<SurveyedRecord, 'meta'>): void {
  const slot = timeOfKey(key);
  const { grid } = draft;
  const idOf = (number: number): number => idOfKey(key) * archivesPerBlock + number;
  for (const [number, parts] of decodeBlock(value, { slot, stepS: grid.stepS }, (archive) =>
    columnsOf.get(idOf(archive)),
  )) {
    draft.nextId = Math.max(draft.nextId, idOf(number) + 1);
    for (const { timeS } of parts) draft.newestS = Math.max(draft.newestS ?? 0, timeS);
  }
  draft.firstOpenWindow = Math.min(draft.firstOpenWindow ?? Number.POSITIVE_INFINITY, windowOf(grid, slot));
  noteDay(draft, Math.floor(windowOf(grid, slot) / grid.windowsPerDay));
}

function lookAtKept(
  draft: Draft,
  { kind, key, value, columns }: { kind: string; key: Buffer; value: Buffer; columns: number | undefined },
): void {
  draft.nextId = Math.max(draft.nextId, idOfKey(key) + 1);
  if (columns === undefined) {
    // Rows expire by time alone, and outlive the record of a real server that is gone for good (drop.ts).
    if (isOfRows(draft.grid, kind)) return;
    throw new RangeError('readings of no archive');
  }
  const { grid } = draft;
  const rra = [...grid.coarse, ...grid.imported].find((one) => one.kind === kind);
  if (kind === 'c') {
    const { timesS } = decodeChunk(value, { window: timeOfKey(key), windowS: grid.windowS }, { columns });
    draft.newestS = Math.max(draft.newestS ?? 0, timesS.at(-1) ?? 0);
    noteDay(draft, Math.floor(timeOfKey(key) / grid.windowsPerDay));
  } else if (kind === 'p') unpackMonth(value, timeOfKey(key));
  else if (kind === 'b') unpackBaselines(value);
  else if (rra === undefined) throw new RangeError('a record of no kind');
  else decodeSheet(value, { sheet: timeOfKey(key), rra, columns });
}

/** Is this a kind of rows, which expire by time alone? */
function isOfRows({ coarse, imported }: Grid, kind: string): boolean {
  return [...coarse, ...imported].some((one) => one.kind === kind);
}

function noteDay(draft: Draft, day: number): void {
  draft.firstDay = Math.min(draft.firstDay ?? Number.POSITIVE_INFINITY, day);
}

function readMeta(draft: Draft, meta: ReadonlyMap<string, Buffer>): void {
  const value = (name: Parameters<typeof metaKey>[0]): Buffer | undefined => meta.get(metaKey(name).toString('latin1'));
  const [state, table, gone] = [value('state')?.toString(), value('table'), value('gone')?.toString()];
  if (state !== undefined) draft.state = parseState(state);
  if (draft.records.size === 0 && draft.state !== null) draft.grid = draft.state.grid;
  if (table !== undefined && gone !== undefined) draft.table = parseTable(table, gone, draft.grid.retention);
  else if (draft.records.size === 0 && draft.state === null) draft.table = emptyState;
}
