// Rows of one archive, as `rrdtool fetch` returns them. They are derived from the readings while these are kept, and come from stored rows
// for earlier times. Imported rows fill the gaps that remain.

import { type Cf, cfs, type DataSource, type Rra } from '../model/archive.js';
import { reachOf } from '../model/retention.js';
import { mostRows, type RowsQuery, type Series } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { fillImported } from './import/imported.js';
import {
  type ArchiveRecord,
  type Cursor,
  dataSourcesOf,
  firstKnownS,
  reached,
  readRecord,
  readState,
  type State,
} from './layout/directory.js';
import { timedKey } from './layout/keys.js';
import type { Get } from './leveldb/database.js';
import { consolidate, type Rows } from './rows/cdp.js';
import { chooseRra, type KeptSpans, type RowSpan } from './rows/choose-rra.js';
import { unpackRows } from './rows/coarse.js';
import { loadReadings, type ReadingPlace } from './rows/load.js';
import { derivePdps } from './rows/pdp.js';
import { type CoarseKind, dayS } from './rows/slot.js';
import { StoreError } from './store-error.js';

/** An archive whose rows can be computed. */
export interface FoundArchive {
  readonly place: ReadingPlace;
  readonly record: ArchiveRecord;
  readonly sources: readonly DataSource[];
  /** The span that each of its round-robin archives covers. */
  readonly kept: KeptSpans;
}

/** Answers a query for both consolidation functions, which share nearly all of the work. Throws `no-such-archive`. */
export function fetchBoth(get: Get, query: RowsQuery): Readonly<Record<Cf, Series>> {
  const archive = findArchive(get, query.name);
  const { retention, lastS } = archive.kept;
  const span = chooseRra(query, archive.kept);
  const { startS, endS, rowS } = span;
  // The ends are rounded to whole rows.
  if (endS - startS > (mostRows + 2) * rowS) throw tooMuch(rowS);
  const rows = rowsIn(archive, span);
  const dataSources = archive.sources.map((source) => source.name);
  const series = (cf: Cf): Series => {
    const pdpS = retention.stepS;
    return { name: query.name, cf, stepS: rowS, pdpS, startS, endS, lastS, dataSources, columns: rows[cf] };
  };
  return { AVERAGE: series('AVERAGE'), MAX: series('MAX') };
}

function tooMuch(rowS: number): UserError {
  return new UserError(
    'too-much',
    `that span has over ${mostRows} rows of ${rowS} s: ask for a later start, an earlier end, or longer rows`,
  );
}

/** Finds an archive. Throws `no-such-archive` when there is none, or when it has no row yet. */
export function findArchive(get: Get, name: string): FoundArchive {
  const state = readState(get);
  const record = readRecord(get, name);
  const found = record === undefined ? null : foundArchive(get, state, record);
  if (found === null) throw noSuchArchive(name);
  return found;
}

/** An archive by its record; null when it has no row yet. */
export function foundArchive(get: Get, state: State, record: ArchiveRecord): FoundArchive | null {
  const lastS = record.lastS ?? state.lastS;
  if (firstKnownS(record) === null || lastS === null) return null;
  const { retention } = state.grid;
  const sources = dataSourcesOf(record, state.grid);
  const place: ReadingPlace = { get, state, id: record.id, columns: sources.length };
  return { place, record, sources, kept: { retention, lastS, sinceS: (rra) => keptSinceS(state, rra) } };
}

/** The rows of a span, of both consolidation functions. */
export function rowsIn({ place, record, sources }: FoundArchive, span: RowSpan): Rows {
  const rows = emptyRows(sources.length, span);
  if (record.firstS !== null) fillRows(place, { firstS: record.firstS, sources, span }, rows);
  return record.importedS === undefined ? rows : fillImported(place, span, rows);
}

/** Unknown rows. Rows of one data point have equal mean and maximum, so both share their arrays. */
function emptyRows(columns: number, { startS, endS, rowS, rra }: RowSpan): Rows {
  const count = (endS - startS) / rowS;
  const unknown = () => Array.from({ length: columns }, () => new Float64Array(count).fill(Number.NaN));
  const average = unknown();
  return { AVERAGE: average, MAX: rra.pdpPerRow === 1 ? average : unknown() };
}

/** The start of the guaranteed rows of a round-robin archive. Readings and rows expire by the director's time. */
function keptSinceS({ lastS, grid: { retention } }: State, rra: Rra): number {
  return Math.floor((lastS ?? 0) / dayS) * dayS - reachOf(retention, rra);
}

interface FetchRequest {
  readonly firstS: number;
  readonly sources: readonly DataSource[];
  readonly span: RowSpan;
}

function fillRows(place: ReadingPlace, wanted: FetchRequest, rows: Rows): void {
  const { firstS, span } = wanted;
  const { startS, endS, rowS, rra } = span;
  const fromS = Math.max(startS, span.expiredS, firstS - (firstS % rowS));
  const toS = Math.min(endS, span.lastRowS);
  const doneS = (cursor: Cursor): number => Math.min(toS, Math.max(fromS, reached(cursor, place.id) * dayS));
  const kind = place.state.grid.coarse.find(({ pdpPerRow }) => pdpPerRow === rra.pdpPerRow)?.kind ?? null;
  let derivedToS = doneS(place.state.expire);
  if (kind !== null) copyKept(place, { kind, fromS, toS: derivedToS, wanted }, rows);
  if (kind === 'y') {
    for (let dayEndS = derivedToS + dayS; dayEndS <= doneS(place.state.rows); dayEndS += dayS) {
      if (!copyKept(place, { kind, fromS: dayEndS - dayS, toS: dayEndS, wanted }, rows)) continue;
      derive(place, { fromS: derivedToS, toS: dayEndS - dayS, wanted }, rows);
      derivedToS = dayEndS;
    }
  }
  derive(place, { fromS: derivedToS, toS, wanted }, rows);
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly wanted: FetchRequest;
}

/** Derives the rows of a stretch from readings. */
function derive(place: ReadingPlace, { fromS, toS, wanted: { sources, span } }: Stretch, rows: Rows): void {
  if (fromS >= toS) return;
  const { stepS } = place.state.grid;
  const firstSlot = fromS / stepS + 1;
  const count = (toS - fromS) / stepS;
  const runs = loadReadings(place, firstSlot, firstSlot + count - 1);
  const pdps = derivePdps(runs, sources, { stepS, firstSlot, count });
  const first = (fromS - span.startS) / span.rowS;
  for (const [i, column] of pdps.columns.entries()) {
    for (const cf of cfs) rows[cf][i]?.set(consolidate(column, span.rra.pdpPerRow, cf), first);
  }
}

/** Copies the stored rows of a stretch; returns false when there are none. */
function copyKept(
  place: ReadingPlace,
  { kind, fromS, toS, wanted: { span } }: Stretch & { readonly kind: CoarseKind },
  rows: Rows,
): boolean {
  let isKept = false;
  for (let day = Math.floor(fromS / dayS); day * dayS < toS; day += 1) {
    const stored = place.get(timedKey(kind, day, place.id));
    if (stored === undefined) continue;
    isKept = true;
    const startS = day * dayS;
    const from = Math.max(0, fromS - startS) / span.rowS;
    const to = Math.min(dayS, toS - startS) / span.rowS;
    unpackRows(stored, { first: (startS - span.startS) / span.rowS, from, to }, rows);
  }
  return isKept;
}

/** The error for an archive that does not exist. */
export function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows those there are`);
}
