// Reads rows of several archives. The finest are samples of their own. Longer ones are those that were sent, which are of a time without finer
// ones, and otherwise consolidated from the finest as the archives do it: an engine's avg_over_time() rounds otherwise, and knows no xff.

import type { Cf } from '../../model/archive.js';
import { consolidate, type Rows } from '../../model/rows/consolidate.js';
import { type QueryGround, querySpan, type Samples } from '../query/query.js';
import { patternsOf, selector } from '../query/selector.js';
import { metricOf, rowLabel } from '../series/row-series.js';
import { type ColumnsByArchive, columnsOf, type RowGrid } from './row-columns.js';

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
  const { names, dataSources, grid } = request;
  const count = (grid.endS - grid.startS) / grid.rowS;
  const all = new Map(names.map((name) => [name, emptyRows(dataSources.length, count, request)]));
  if (dataSources.length === 0) return [...all.values()];
  const patterns = patternsOf(all.keys());
  for (const slice of slicesOf(request, Math.ceil(all.size / patterns.length))) {
    for (const pattern of patterns) {
      const found = await ask(pattern, { ...request, grid: slice }, ground);
      fill(all, found, { ...request, grid: slice, first: (slice.startS - grid.startS) / grid.rowS });
    }
  }
  return names.map((name) => all.get(name) ?? emptyRows(dataSources.length, count, request));
}

/** Unknown rows. Those of one step are the same for both functions, and share their arrays. */
function emptyRows(columns: number, count: number, { cfs, grid, stepS }: RowsRequest): Rows {
  const make = (): readonly Float64Array[] =>
    Array.from({ length: columns }, () => new Float64Array(count).fill(Number.NaN));
  const average = cfs.includes('AVERAGE') ? make() : [];
  if (!cfs.includes('MAX')) return { AVERAGE: average, MAX: [] };
  return { AVERAGE: average, MAX: grid.rowS === stepS && cfs.includes('AVERAGE') ? average : make() };
}

/** Parts of the span, for so many archives at once as an answer has room for; they begin and end with rows, and none is after the last row. */
function* slicesOf({ dataSources, grid, stepS, lastRowS }: RowsRequest, archives: number): Generator<RowGrid> {
  const { rowS, startS } = grid;
  const endS = Math.min(grid.endS, lastRowS);
  const samplesPerRow = archives * dataSources.length * (rowS / stepS);
  const lengthS = Math.max(1, Math.floor(mostSamples / samplesPerRow)) * rowS;
  for (let fromS = startS; fromS < endS; fromS += lengthS) {
    yield { rowS, startS: fromS, endS: Math.min(endS, fromS + lengthS) };
  }
}

function ask(archives: string, request: RowsRequest, ground: QueryGround): Promise<readonly Samples[]> {
  const { director, dataSources, grid, stepS } = request;
  const lengths = new Set([rowLabel(stepS), rowLabel(grid.rowS)]);
  const series = selector({
    __name__: { pattern: dataSources.map(metricOf).join('|') },
    director,
    archive: { pattern: archives },
    row: { pattern: [...lengths].join('|') },
  });
  return querySpan(series, grid, ground);
}

/** Fills the rows of a slice, from the row `first` on. */
function fill(
  all: ReadonlyMap<string, Rows>,
  found: readonly Samples[],
  { director, dataSources, cfs, grid, stepS, first }: RowsRequest & { readonly first: number },
): void {
  const steps = columnsOf(found, { director, cf: null, grid: { ...grid, rowS: stepS } });
  for (const cf of cfs) {
    const sent: ColumnsByArchive = grid.rowS === stepS ? new Map() : columnsOf(found, { director, cf, grid });
    for (const [name, rows] of all) {
      for (const [i, dataSource] of dataSources.entries()) {
        const column = rows[cf][i]?.subarray(first) ?? none;
        const own = steps.get(name)?.get(dataSource);
        if (own !== undefined) column.set(consolidate(own, grid.rowS / stepS, cf));
        putKnown(column, sent.get(name)?.get(dataSource) ?? none);
      }
    }
  }
}

const none = new Float64Array();

/** Puts the known values into a column. */
function putKnown(column: Float64Array, values: Float64Array): void {
  for (const [row, value] of values.entries()) if (!Number.isNaN(value)) column[row] = value;
}
