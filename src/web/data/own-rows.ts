// One archive's rows of a span that moves on: kept in arrays with some room behind them, into which new rows go. Rows that are lent are
// never changed: where they would be, all move to new arrays.

import type { ArchiveInfo } from '../../model/archive.js';
import { reachOf } from '../../model/retention.js';
import type { Series } from '../../model/series.js';
import type { RollingQuery } from './rolling-rows.js';

/** One archive's rows of a span. */
export interface OwnRows {
  /** The archive's first and newest reading when they were read. */
  readonly firstS: number;
  lastS: number;
  readonly stepS: number;
  readonly pdpS: number;
  readonly dataSources: readonly string[];
  /** One column per data source, with the same room in each; their first row begins at `startS`. */
  columns: readonly Float64Array[];
  startS: number;
  /** End of the last final row. */
  finalS: number;
  /** Number of rows that were lent, known or not. */
  lent: number;
  /** The rows that were lent last; null if there are newer ones. */
  last: Series | null;
  /** End of the span that was lent last. */
  askedS: number;
}

/** How much newer than a query the archives may be. */
const marginS = 12 * 3600;

/**
 * The rows of an answer, to keep; null if they cannot be: if archives may answer the next query with rows of another length, or if the
 * newest reading may have been imported, since then a later one may still complete a row before it.
 */
export function ownRowsOf(series: Series, archive: ArchiveInfo, query: RollingQuery): OwnRows | null {
  const { stepS, pdpS, dataSources, startS, lastS } = series;
  const { startS: sinceS, endS, aheadS = 0, lastS: newestS } = query;
  const { retention, firstS } = archive;
  const rra = retention.rras.find(({ pdpPerRow }) => pdpPerRow * pdpS === stepS);
  if (rra === undefined || reachOf(retention, rra) < newestS - sinceS + marginS) return null;
  if (archive.imported !== undefined && archive.lastS < newestS && archive.lastS > sinceS) return null;
  const spanRows = Math.ceil((endS - sinceS) / stepS) + 1;
  const room = spanRows + Math.ceil(spanRows / 16) + Math.ceil(aheadS / stepS);
  const own = { firstS, lastS, stepS, pdpS, dataSources, columns: [], startS, finalS: startS, lent: 0 };
  const rows: OwnRows = { ...own, columns: roomFor(dataSources.length, room), last: null, askedS: endS };
  return appendRows(rows, series, query) ? rows : null;
}

/** Bytes of the rows, which stay the same. */
export function bytesOf({ columns }: OwnRows): number {
  return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The rows that a query needs besides those that are kept: those after `finalS`, all, or none. */
export function missingOf(own: OwnRows, archive: ArchiveInfo, query: RollingQuery): 'none' | 'newest' | 'all' {
  const { startS, endS } = spanOf(own, query);
  if (own.firstS !== archive.firstS || startS < own.startS) return 'all';
  const isRead = archive.lastS <= own.lastS && own.finalS >= wholeRows(own.lastS, own);
  if (own.finalS >= endS || isRead) return 'none';
  return own.finalS < startS ? 'all' : 'newest';
}

/** Adds the newest rows; false if the answer does not continue the rows. */
export function appendRows(own: OwnRows, { stepS, dataSources, ...tail }: Series, query: RollingQuery): boolean {
  const isNext = stepS === own.stepS && tail.startS <= own.finalS && dataSources.length === own.dataSources.length;
  if (!isNext) return false;
  const finalS = Math.min(tail.endS, wholeRows(tail.lastS, own));
  if (finalS > own.finalS) {
    const { startS } = spanOf(own, query);
    if (rowsUntil(own, own.finalS) < own.lent || rowsUntil(own, finalS) > roomOf(own)) moveTo(own, startS);
    const [from, to] = [own.finalS, finalS].map((timeS) => (timeS - tail.startS) / stepS);
    for (const [i, column] of own.columns.entries())
      column.set(tail.columns[i]?.subarray(from, to) ?? [], rowsUntil(own, own.finalS));
    own.finalS = finalS;
    own.last = null;
  }
  own.lastS = Math.max(own.lastS, tail.lastS);
  return true;
}

/** The rows of a query, of which none may be missing; nobody may change them. */
export function lendRows(own: OwnRows, { name, lastS }: ArchiveInfo, query: RollingQuery): Series {
  const { stepS, pdpS, dataSources } = own;
  const { startS, endS } = spanOf(own, query);
  own.askedS = query.endS;
  if (own.last?.endS === endS && own.last.startS === startS) return { ...own.last, lastS };
  if (rowsUntil(own, endS) > roomOf(own)) moveTo(own, startS);
  const [first, end] = [rowsUntil(own, startS), rowsUntil(own, endS)];
  const known = Math.max(0, rowsUntil(own, own.finalS));
  if (known < end) for (const column of own.columns) column.fill(Number.NaN, known, end);
  own.lent = Math.max(own.lent, end);
  const columns = own.columns.map((column) => column.subarray(first, end));
  own.last = { name, cf: 'AVERAGE', stepS, pdpS, startS, endS, lastS, dataSources, columns };
  return own.last;
}

/** The rows of a query in an answer that may have more of them. */
export function rowsOfQuery(series: Series, query: RollingQuery): Series {
  const { endS } = spanOf(series, query);
  if (endS === series.endS) return series;
  const end = (endS - series.startS) / series.stepS;
  return { ...series, endS, columns: series.columns.map((column) => column.subarray(0, end)) };
}

/** The span of a query in whole rows, as archives answer it. */
function spanOf({ stepS }: Pick<Series, 'stepS'>, { startS, endS }: RollingQuery): { startS: number; endS: number } {
  return { startS: startS - (startS % stepS), endS: endS + (stepS - (endS % stepS)) };
}

function wholeRows(timeS: number, { stepS }: OwnRows): number {
  return timeS - (timeS % stepS);
}

function rowsUntil({ startS, stepS }: OwnRows, timeS: number): number {
  return (timeS - startS) / stepS;
}

function roomOf({ columns }: OwnRows): number {
  return columns[0]?.length ?? 0;
}

function roomFor(columns: number, rows: number): readonly Float64Array[] {
  const all = new Float64Array(columns * rows);
  return Array.from({ length: columns }, (_, i) => all.subarray(i * rows, (i + 1) * rows));
}

/** Moves the final rows after a time to new arrays. */
function moveTo(own: OwnRows, startS: number): void {
  const [first, end] = [rowsUntil(own, startS), rowsUntil(own, own.finalS)];
  const columns = roomFor(own.columns.length, roomOf(own));
  if (first < end) for (const [i, column] of columns.entries()) column.set(own.columns[i]?.subarray(first, end) ?? []);
  own.columns = columns;
  own.startS = startS;
  own.finalS = Math.max(own.finalS, startS);
  own.lent = 0;
}
