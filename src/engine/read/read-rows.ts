// Reads rows of several archives. The finest are samples of their own. Longer ones are those that were sent; where one of these is missing, it is
// consolidated from the finest as the archives do it: an engine's avg_over_time() rounds otherwise, and knows no xff.

import type { Cf } from '../../model/archive.js';
import { consolidate, type Rows } from '../../model/rows/consolidate.js';
import { type QueryGround, querySpan } from '../query/query.js';
import { patternsOf, selector } from '../query/selector.js';
import { metricOf, rowLabel } from '../series/row-series.js';
import { type RowRange, rowCount, rowsWithin } from './ask-rows.js';
import { columnsOf, type RowGrid } from './row-columns.js';

/** Rows of some archives that have the same data sources. */
export interface RowsRequest {
  readonly director: string;
  readonly names: readonly string[];
  readonly dataSources: readonly string[];
  readonly cfs: readonly Cf[];
  readonly grid: RowGrid;
  /** The length of the finest rows. */
  readonly stepS: number;
  /** Rows that end later are incomplete. */
  readonly lastRowS: number;
}

/** Samples of an answer, about: 20 MB of text. */
const mostSamples = 500_000;

/** The rows of each archive, in the order of the names. Throws a `PassingError`. */
export async function readRows(request: RowsRequest, ground: QueryGround): Promise<readonly Rows[]> {
  const { names, dataSources, grid, stepS } = request;
  const all = new Map(names.map((name) => [name, emptyRows(dataSources.length, rowCount(grid), request)]));
  if (dataSources.length > 0) {
    if (grid.rowS > stepS) await readSent(all, request, ground);
    for (const { from, to } of lackingRows(all, request)) {
      const part = { ...request, grid: rowsWithin(grid, { from, to }), first: from };
      const lacking = new Map([...all].filter(([, rows]) => isLacking(rows, { from, to })));
      await readFinest(lacking, part, ground);
    }
  }
  return names.map((name) => all.get(name) ?? emptyRows(dataSources.length, rowCount(grid), request));
}

type RowsByArchive = ReadonlyMap<string, Rows>;

/** Some rows of a request, from the row `first` on. */
type RowsPart = RowsRequest & { readonly first: number };

/** Fills in the longer rows that were sent. */
async function readSent(all: RowsByArchive, request: RowsRequest, ground: QueryGround): Promise<void> {
  const { director, dataSources, cfs, grid } = request;
  await forEachSlice(all, { ...request, first: 0 }, cfs.length, async (archives, part) => {
    const found = await ask({ archives, rowS: grid.rowS }, part, ground);
    for (const cf of cfs) {
      const sent = columnsOf(found, { director, cf, grid: part.grid });
      for (const [name, rows] of all) {
        for (const [i, dataSource] of dataSources.entries())
          putKnown(rows[cf][i]?.subarray(part.first) ?? none, sent.get(name)?.get(dataSource) ?? none);
      }
    }
  });
}

/** Fills in the rows that are not there, from the finest. */
async function readFinest(all: RowsByArchive, whole: RowsPart, ground: QueryGround): Promise<void> {
  const { director, dataSources, cfs, grid, stepS } = whole;
  await forEachSlice(all, whole, grid.rowS / stepS, async (archives, part) => {
    const found = await ask({ archives, rowS: stepS }, part, ground);
    const steps = columnsOf(found, { director, cf: null, grid: { ...part.grid, rowS: stepS } });
    for (const [name, rows] of all) {
      for (const [i, dataSource] of dataSources.entries()) {
        const own = steps.get(name)?.get(dataSource);
        if (own === undefined) continue;
        for (const cf of cfs)
          putMissing(rows[cf][i]?.subarray(part.first) ?? none, consolidate(own, grid.rowS / stepS, cf));
      }
    }
  });
}

/** Rows that are there and are read again with those around them, rather than with more questions. */
const mostKnownRows = 12;

/** The stretches of rows in which an archive lacks some, as far as there are readings. */
function lackingRows(all: RowsByArchive, { grid, lastRowS }: RowsRequest): readonly RowRange[] {
  const isLacked = new Uint8Array(rowCount({ ...grid, endS: Math.min(grid.endS, lastRowS) }));
  for (const { AVERAGE, MAX } of all.values()) {
    for (const column of [...AVERAGE, ...MAX])
      for (const row of isLacked.keys()) if (Number.isNaN(column[row])) isLacked[row] = 1;
  }
  const stretches: RowRange[] = [];
  for (const [row, one] of isLacked.entries()) {
    if (one === 0) continue;
    const last = stretches.at(-1);
    const isNear = last !== undefined && row - last.to <= mostKnownRows;
    if (isNear) stretches.pop();
    stretches.push({ from: isNear ? last.from : row, to: row + 1 });
  }
  return stretches;
}

function isLacking({ AVERAGE, MAX }: Rows, { from, to }: RowRange): boolean {
  return [...AVERAGE, ...MAX].some((column) => column.subarray(from, to).some(Number.isNaN));
}

/** Unknown rows. Those of one step are the same for both functions, and share their arrays. */
function emptyRows(columns: number, count: number, { cfs, grid, stepS }: RowsRequest): Rows {
  const make = (): readonly Float64Array[] =>
    Array.from({ length: columns }, () => new Float64Array(count).fill(Number.NaN));
  const average = cfs.includes('AVERAGE') ? make() : [];
  if (!cfs.includes('MAX')) return { AVERAGE: average, MAX: [] };
  return { AVERAGE: average, MAX: grid.rowS === stepS && cfs.includes('AVERAGE') ? average : make() };
}

/** Calls for each part of the rows, with so many archives at once as an answer has room for; no part is after the last row. */
async function forEachSlice(
  all: RowsByArchive,
  whole: RowsPart,
  samplesPerRow: number,
  read: (archives: string, part: RowsPart) => Promise<void>,
): Promise<void> {
  const patterns = patternsOf(all.keys());
  const perRow = Math.ceil(all.size / patterns.length) * whole.dataSources.length * samplesPerRow;
  const rowsAtOnce = Math.max(1, Math.floor(mostSamples / perRow));
  const count = rowCount({ ...whole.grid, endS: Math.min(whole.grid.endS, whole.lastRowS) });
  for (let from = 0; from < count; from += rowsAtOnce) {
    const grid = rowsWithin(whole.grid, { from, to: Math.min(count, from + rowsAtOnce) });
    for (const archives of patterns) await read(archives, { ...whole, grid, first: whole.first + from });
  }
}

/** Rows of one length, of archives that match a pattern. */
interface Asked {
  readonly archives: string;
  readonly rowS: number;
}

function ask({ archives, rowS }: Asked, { director, dataSources, grid }: RowsRequest, ground: QueryGround) {
  const metrics = { pattern: dataSources.map(metricOf).join('|') };
  const series = selector({ __name__: metrics, director, archive: { pattern: archives }, row: rowLabel(rowS) });
  return querySpan(series, grid, ground);
}

const none = new Float64Array();

/** Puts the known values into a column. */
function putKnown(column: Float64Array, values: Float64Array): void {
  for (const [row, value] of values.entries()) if (!Number.isNaN(value)) column[row] = value;
}

/** Puts values where a column has none. */
function putMissing(column: Float64Array, values: Float64Array): void {
  for (const [row, value] of values.entries()) if (Number.isNaN(column[row])) column[row] = value;
}
