// Rows of one archive, as `rrdtool fetch` returns them. They are derived from the readings while these are kept, and come from stored rows
// for earlier times. Imported rows fill the gaps that remain.

import { type Cf, cfs, type DataSource, type Rra } from '../model/archive.js';
import { reachOf } from '../model/retention.js';
import { maxRows, type RowsQuery, type Series, type SeriesQuery } from '../model/series.js';
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
import { decodeSheet } from './packing/sheet.js';
import { consolidate, type RowPart, type Rows } from './rows/cdp.js';
import { chooseRra, type KeptSpans, type RowSpan } from './rows/choose-rra.js';
import { loadReadings, type ReadingPlace } from './rows/load.js';
import { derivePdps } from './rows/pdp.js';
import { dayS, type KeptRra } from './rows/slot.js';
import { StoreError } from './store-error.js';

/** An archive whose rows can be computed. */
export interface FoundArchive {
  readonly place: ReadingPlace;
  readonly record: ArchiveRecord;
  readonly sources: readonly DataSource[];
  /** The span that each of its round-robin archives covers. */
  readonly kept: KeptSpans;
}

/** Answers a query for both consolidation functions, which share much of the work. Throws `no-such-archive`. */
export function fetchBoth(get: Get, query: RowsQuery): Readonly<Record<Cf, Series>> {
  const answer = answerOf(get, query, cfs);
  return { AVERAGE: answer('AVERAGE'), MAX: answer('MAX') };
}

/** Answers a query for one consolidation function. Throws `no-such-archive`. */
export function fetchOne(get: Get, query: SeriesQuery): Series {
  return answerOf(get, query, [query.cf])(query.cf);
}

function answerOf(get: Get, query: RowsQuery, wanted: readonly Cf[]): (cf: Cf) => Series {
  const archive = findArchive(get, query.name);
  if (query.endS < query.startS) throw new UserError('wrong-span', 'the end lies before the start: give a later end');
  const { retention, lastS } = archive.kept;
  const span = chooseRra(query, archive.kept);
  const { startS, endS, rowS } = span;
  // The ends are rounded to whole rows.
  if (endS - startS > (maxRows + 2) * rowS) throw tooMuch(rowS);
  const columns = wantedColumns(archive, query);
  const rows = rowsIn(archive, span, { cfs: wanted, columns });
  const dataSources = columns.map((column) => archive.sources[column]?.name ?? '');
  const pdpS = retention.stepS;
  return (cf) => ({
    name: query.name,
    cf,
    stepS: rowS,
    pdpS,
    startS,
    endS,
    lastS,
    dataSources,
    columns: rows[cf],
  });
}

/** The numbers of the wanted data sources; names that the archive does not have are omitted. */
function wantedColumns({ sources }: FoundArchive, { dataSources }: RowsQuery): readonly number[] {
  const all = sources.map((_, column) => column);
  if (dataSources === undefined) return all;
  return all.filter((column) => dataSources.includes(sources[column]?.name ?? ''));
}

function tooMuch(rowS: number): UserError {
  return new UserError(
    'too-much',
    `that span has over ${maxRows} rows of ${rowS} s: ask for a later start, an earlier end, or longer rows`,
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

/** The rows of a span, or a part of them. */
export function rowsIn(archive: FoundArchive, span: RowSpan, part = wholePart(archive)): Rows {
  const { place, record, sources } = archive;
  const rows = emptyRows(part, span);
  if (record.firstS !== null) fillRows(place, { firstS: record.firstS, sources, span, part }, rows);
  return record.importedS === undefined ? rows : fillImported(place, { span, part }, rows);
}

function wholePart({ sources }: FoundArchive): RowPart {
  return { cfs, columns: sources.map((_, column) => column) };
}

/** Unknown rows. Rows of one data point have equal mean and maximum, so both share their arrays. */
function emptyRows({ cfs: wanted, columns }: RowPart, { startS, endS, rowS, rra }: RowSpan): Rows {
  const count = (endS - startS) / rowS;
  const unknown = (cf: Cf) => (wanted.includes(cf) ? columns.map(() => new Float64Array(count).fill(Number.NaN)) : []);
  const average = unknown('AVERAGE');
  const isShared = rra.pdpPerRow === 1 && wanted.length === cfs.length;
  return { AVERAGE: average, MAX: isShared ? average : unknown('MAX') };
}

/** The start of the guaranteed rows of a round-robin archive. Readings and rows expire by the director's time. */
function keptSinceS({ lastS, grid: { retention } }: State, rra: Rra): number {
  return Math.floor((lastS ?? 0) / dayS) * dayS - reachOf(retention, rra);
}

interface FetchRequest {
  readonly firstS: number;
  readonly sources: readonly DataSource[];
  readonly span: RowSpan;
  readonly part: RowPart;
}

/** Fills the rows from the kept ones, day by day, and from readings where a day is not kept. */
function fillRows(place: ReadingPlace, request: FetchRequest, rows: Rows): void {
  const { firstS, span } = request;
  const { startS, endS, rowS, rra } = span;
  const fromS = Math.max(startS, span.expiredS, firstS - (firstS % rowS));
  const toS = Math.min(endS, span.lastRowS);
  const { grid, expire, rows: kept } = place.state;
  const keptRra = grid.coarse.find(({ pdpPerRow }) => pdpPerRow === rra.pdpPerRow);
  const doneS = (cursor: Cursor): number => Math.min(toS, Math.max(fromS, reached(cursor, place.id) * dayS));
  let derivedToS = doneS(expire);
  if (keptRra !== undefined) {
    const keptToS = Math.max(derivedToS, doneS(kept));
    for (const copied of copyKept(place, { rra: keptRra, fromS, toS: keptToS, request }, rows)) {
      derive(place, { fromS: derivedToS, toS: copied.fromS, request }, rows);
      derivedToS = Math.max(derivedToS, copied.toS);
    }
  }
  derive(place, { fromS: derivedToS, toS, request }, rows);
}

interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly request: FetchRequest;
}

/** Derives the rows of a stretch from readings. */
function derive(place: ReadingPlace, { fromS, toS, request: { sources, span, part } }: Stretch, rows: Rows): void {
  if (fromS >= toS) return;
  const { stepS } = place.state.grid;
  const firstSlot = fromS / stepS + 1;
  const count = (toS - fromS) / stepS;
  const runs = loadReadings(place, firstSlot, firstSlot + count - 1, part.columns);
  const pdps = derivePdps(runs, sources, { stepS, firstSlot, count, columns: part.columns });
  const first = (fromS - span.startS) / span.rowS;
  for (const [i, column] of pdps.columns.entries()) {
    for (const cf of part.cfs) rows[cf][i]?.set(consolidate(column, span.rra.pdpPerRow, cf), first);
  }
}

/** Copies the kept rows of a stretch, and yields the parts of it that it found. */
function* copyKept(
  place: ReadingPlace,
  { rra, fromS, toS, request: { span, part } }: Stretch & { readonly rra: KeptRra },
  rows: Rows,
): Generator<{ readonly fromS: number; readonly toS: number }> {
  const { get, id, columns } = place;
  const sheetS = rra.daysPerSheet * dayS;
  for (let sheet = Math.floor(fromS / sheetS); sheet * sheetS < toS; sheet += 1) {
    const stored = get(timedKey(rra.kind, sheet, id));
    if (stored === undefined) continue;
    const found = decodeSheet(stored, { sheet, rra, columns }, part);
    for (const { day, count, row } of runsOfDays(found.days, rra)) {
      const startS = day * dayS;
      const copied = { fromS: Math.max(fromS, startS), toS: Math.min(toS, startS + count * dayS) };
      if (copied.fromS >= copied.toS) continue;
      const first = row + (copied.fromS - startS) / span.rowS;
      const end = row + (copied.toS - startS) / span.rowS;
      const into = (copied.fromS - span.startS) / span.rowS;
      for (const cf of part.cfs) {
        for (const [wanted, column] of part.columns.entries()) {
          const own = found.rows[cf][column]?.subarray(first, end);
          if (own !== undefined) rows[cf][wanted]?.set(own, into);
        }
      }
      yield copied;
    }
  }
}

/** Runs of consecutive days: the first, how many, and the number of their first row. */
function runsOfDays(
  days: readonly number[],
  { rowsPerDay }: KeptRra,
): readonly { readonly day: number; readonly count: number; readonly row: number }[] {
  const starts = days.flatMap((day, i) => (days[i - 1] === day - 1 ? [] : [i]));
  return starts.map((i, run) => {
    return { day: days[i] ?? 0, count: (starts[run + 1] ?? days.length) - i, row: i * rowsPerDay };
  });
}

/** The error for an archive that does not exist. */
export function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows the names`);
}
