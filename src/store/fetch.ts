// Rows of one archive, as `rrdtool fetch` returns them. They are derived from the readings while these are kept, and come from stored rows
// for earlier times. Imported rows fill the gaps that remain.

import { type Cf, cfs, type DataSource, type Rra } from '../model/archive.js';
import { reachOf } from '../model/retention.js';
import { type ManyQuery, maxRows, type RowsQuery, type Series, type SeriesQuery } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { fillImported } from './import/imported.js';
import {
  type ArchiveRecord,
  dataSourcesOf,
  firstKnownS,
  readRecord,
  readState,
  type State,
} from './layout/directory.js';
import type { Get } from './leveldb/database.js';
import type { RowPart, Rows } from './rows/cdp.js';
import { chooseRra, type KeptSpans, type RowSpan } from './rows/choose-rra.js';
import { fillCollected } from './rows/collected.js';
import { type ReadingPlace, readingRecentOnce } from './rows/load.js';
import { dayS } from './rows/slot.js';
import { StoreError } from './store-error.js';

/** An archive whose rows can be computed. */
export interface FoundArchive {
  readonly place: ReadingPlace;
  readonly record: ArchiveRecord;
  readonly sources: readonly DataSource[];
  /** The span that each of its round-robin archives covers. */
  readonly kept: KeptSpans;
}

/** Most rows of an answer: the ends of a query are rounded to whole rows. */
const mostAtOnce = maxRows + 2;

/** Answers a query for both consolidation functions, which share much of the work. Throws `no-such-archive`. */
export function fetchBoth(get: Get, query: RowsQuery): Readonly<Record<Cf, Series>> {
  const answer = answerOf(momentOf(get), query, { wanted: cfs, mostRows: mostAtOnce });
  return { AVERAGE: answer('AVERAGE'), MAX: answer('MAX') };
}

/** Answers a query for one consolidation function. Throws `no-such-archive`. */
export function fetchOne(get: Get, query: SeriesQuery): Series {
  return answerOf(momentOf(get), query, { wanted: [query.cf], mostRows: mostAtOnce })(query.cf);
}

/**
 * Answers one query for several archives, in their order; they share the state and the records of recent readings. Throws `no-such-archive`, and
 * `too-much` when they have more rows together than one archive may have.
 */
export function fetchMany(get: Get, { names, ...query }: ManyQuery): readonly Series[] {
  const moment = momentOf(readingRecentOnce(get));
  let mostRows = mostAtOnce;
  return names.map((name) => {
    const series = answerOf(moment, { ...query, name }, { wanted: [query.cf], mostRows })(query.cf);
    mostRows -= (series.endS - series.startS) / series.stepS;
    return series;
  });
}

/** The archives at one moment. */
type Moment = Pick<ReadingPlace, 'get' | 'state'>;

/** The archives as they are in a state of the database. */
export function momentOf(get: Get): Moment {
  return { get, state: readState(get) };
}

interface Wanted {
  readonly wanted: readonly Cf[];
  readonly mostRows: number;
}

function answerOf(moment: Moment, query: RowsQuery, { wanted, mostRows }: Wanted): (cf: Cf) => Series {
  const archive = findArchive(moment, query.name);
  if (query.endS < query.startS) throw new UserError('wrong-span', 'the end lies before the start: give a later end');
  const { retention, lastS } = archive.kept;
  const span = chooseRra(query, archive.kept);
  const { startS, endS, rowS } = span;
  if (endS - startS > mostRows * rowS) throw tooMuch(rowS, mostRows < mostAtOnce);
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

function tooMuch(rowS: number, areSeveral: boolean): UserError {
  const cure = `ask for ${areSeveral ? 'fewer archives, ' : ''}a later start, an earlier end, or longer rows`;
  return new UserError('too-much', `that span has over ${maxRows} rows of ${rowS} s: ${cure}`);
}

/** Finds an archive. Throws `no-such-archive` when there is none, or when it has no row yet. */
export function findArchive({ get, state }: Moment, name: string): FoundArchive {
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
  if (record.firstS !== null) fillCollected(place, { firstS: record.firstS, sources, span, part }, rows);
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

/** The error for an archive that does not exist. */
export function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows the names`);
}
