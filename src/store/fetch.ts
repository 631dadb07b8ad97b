// Rows of one archive, as `rrdtool fetch` returns them. They are derived from the readings while these are kept, and come from stored rows
// for earlier times. Imported rows fill the gaps that remain.

import { type Cf, cfs, type DataSource } from '../model/archive.js';
import { chooseRra, type KeptSpans, type RowSpan } from '../model/rows/choose-rra.js';
import type { RowPart, Rows } from '../model/rows/consolidate.js';
import { mostAtOnce, tooMuch } from '../model/rows/row-limit.js';
import { columnsFor } from '../model/rows/wanted-columns.js';
import type { ManyQuery, RowsQuery, Series, SeriesQuery } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { fillImported } from './import/imported.js';
import { type ArchiveRecord, dataSourcesOf, firstKnownS, readRecord, readState } from './layout/directory.js';
import type { Get } from './leveldb/database.js';
import { fillCollected } from './rows/collected.js';
import { type ReadingPlace, readingRecentOnce } from './rows/load.js';
import { dayS } from './rows/slot.js';
import type { UnpackedViews } from './rows/unpacked.js';
import { StoreError } from './store-error.js';

/** An archive whose rows can be computed. */
export interface FoundArchive {
  readonly name: string;
  readonly place: ReadingPlace;
  readonly record: ArchiveRecord;
  readonly sources: readonly DataSource[];
  /** The span that each of its round-robin archives covers. */
  readonly kept: KeptSpans;
}

/** The archives at one moment. */
export type Moment = Pick<ReadingPlace, 'get' | 'state' | 'unpacked'>;

/** The archives as they are in a state of the database. */
export function momentOf(get: Get, unpacked?: UnpackedViews): Moment {
  return { get, state: readState(get), ...(unpacked === undefined ? {} : { unpacked }) };
}

/** Answers a query for both consolidation functions, which share much of the work. Throws `no-such-archive`. */
export function fetchBoth(moment: Moment, query: RowsQuery): Readonly<Record<Cf, Series>> {
  const archive = findArchive(moment, query.name);
  const plan = planFor(archive, query, cfs);
  if (plan.count > mostAtOnce) throw tooMuch(plan.span);
  const rows = rowsIn(archive, plan.span, plan.part);
  return { AVERAGE: seriesOf(archive, plan, rows, 'AVERAGE'), MAX: seriesOf(archive, plan, rows, 'MAX') };
}

/** Answers a query for one consolidation function. Throws `no-such-archive`. */
export function fetchOne(moment: Moment, { name, ...query }: SeriesQuery): Series {
  const [series] = fetchMany(moment, { ...query, names: [name] });
  if (series === undefined) throw noSuchArchive(name);
  return series;
}

/**
 * Answers one query for several archives, in their order; they share the records of recent readings. Throws `no-such-archive`, and `too-much`
 * when they have more rows together than one archive may have.
 */
export function fetchMany({ get, ...at }: Moment, { names, cf, ...query }: ManyQuery): readonly Series[] {
  const moment = { ...at, get: readingRecentOnce(get) };
  let plan: Plan | null = null;
  let left = mostAtOnce;
  const all: Series[] = [];
  for (const name of names) {
    const archive = findArchive(moment, name);
    if (plan === null || !isFor(archive, plan)) plan = planFor(archive, query, [cf]);
    left -= plan.count;
    if (left < 0) throw tooMuch(plan.span, names.length);
    all.push(seriesOf(archive, plan, rowsIn(archive, plan.span, plan.part), cf));
  }
  return all;
}

/** The rows that a query asks of archives with the same data sources and the same newest reading. */
interface Plan extends Pick<FoundArchive, 'sources' | 'kept'> {
  readonly span: RowSpan;
  readonly count: number;
  readonly part: RowPart;
  readonly dataSources: readonly string[];
}

function isFor({ sources, kept }: FoundArchive, plan: Plan): boolean {
  return sources === plan.sources && kept.lastS === plan.kept.lastS;
}

function planFor({ sources, kept }: FoundArchive, query: Omit<RowsQuery, 'name'>, wanted: readonly Cf[]): Plan {
  if (query.endS < query.startS) throw new UserError('wrong-span', 'the end lies before the start: give a later end');
  const span = chooseRra(query, kept);
  const columns = columnsFor(sources, query);
  const dataSources = columns.map((column) => sources[column]?.name ?? '');
  const count = (span.endS - span.startS) / span.rowS;
  return { sources, kept, span, count, part: { cfs: wanted, columns }, dataSources };
}

function seriesOf({ name }: FoundArchive, { span, kept, dataSources }: Plan, rows: Rows, cf: Cf): Series {
  const { startS, endS, rowS } = span;
  const { lastS, retention } = kept;
  return { name, cf, stepS: rowS, pdpS: retention.stepS, startS, endS, lastS, dataSources, columns: rows[cf] };
}

/** Finds an archive. Throws `no-such-archive` when there is none, or when it has no row yet. */
export function findArchive(moment: Moment, name: string): FoundArchive {
  const record = readRecord(moment.get, name);
  const found = record === undefined ? null : foundArchive(moment, name, record);
  if (found === null) throw noSuchArchive(name);
  return found;
}

/** An archive by its record; null when it has no row yet. */
export function foundArchive(moment: Moment, name: string, record: ArchiveRecord): FoundArchive | null {
  const { state } = moment;
  const lastS = record.lastS ?? state.lastS;
  if (firstKnownS(record) === null || lastS === null) return null;
  const { retention } = state.grid;
  const sources = dataSourcesOf(record, state.grid);
  const place: ReadingPlace = { ...moment, id: record.id, columns: sources.length };
  // Readings and rows expire by the director's time.
  const todayS = Math.floor((state.lastS ?? 0) / dayS) * dayS;
  return { name, place, record, sources, kept: { retention, lastS, todayS } };
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
  const average = wanted.includes('AVERAGE') ? unknownColumns(columns.length, count) : [];
  const isShared = rra.pdpPerRow === 1 && wanted.length === cfs.length;
  return {
    AVERAGE: average,
    MAX: isShared ? average : wanted.includes('MAX') ? unknownColumns(columns.length, count) : [],
  };
}

function unknownColumns(columns: number, count: number): readonly Float64Array[] {
  const all: Float64Array[] = [];
  while (all.length < columns) all.push(new Float64Array(count).fill(Number.NaN));
  return all;
}

/** The error for an archive that does not exist. */
export function noSuchArchive(name: string): StoreError {
  return new StoreError('no-such-archive', `there is no archive "${name}": "lvs-stats list" shows the names`);
}
