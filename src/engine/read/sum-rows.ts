// Sums over archives, asked of the engine in PromQL: it consolidates, sums and counts, and sends only the results. A row is what the archives
// make of it (consolidate.ts): the row that was sent, otherwise the mean of the finest rows if enough of them are known.

import { xff } from '../../model/archive.js';
import { type QueryGround, queryTimes, queryValues, type Samples } from '../query/query.js';
import { patternsOf, selector } from '../query/selector.js';
import { metricOf, rowLabel } from '../series/row-series.js';
import type { RowGrid } from './row-columns.js';

/** Archives whose rows are summed up. */
export interface SumRequest {
  readonly director: string;
  readonly names: readonly string[];
  /** At least one; a row counts if it is known of each. */
  readonly dataSources: readonly string[];
  readonly grid: RowGrid;
  /** The length of the finest rows. */
  readonly stepS: number;
}

/** The sums of each data source in each row, and how many archives were known in it: 0 and no archive where none was. */
export interface RowSums {
  readonly columns: readonly Float64Array[];
  readonly counts: Float64Array;
}

/** Sums row by row. Throws a `PassingError`. */
export async function readSums(request: SumRequest, ground: QueryGround): Promise<RowSums> {
  const { dataSources, grid } = request;
  const make = (): Float64Array => new Float64Array(rowCount(grid));
  const sums = { columns: dataSources.map(make), counts: make() };
  const add = async (query: string, column: Float64Array): Promise<void> => {
    for (const { samples } of await askRows(query, grid, ground)) addSamples(column, samples, grid);
  };
  const asked = patternsOf(request.names).flatMap((archives) => [
    ...dataSources.map((source, i) => add(`sum(${jointly(source, request, archives)})`, sums.columns[i] ?? make())),
    add(`count(${jointly(dataSources[0] ?? '', request, archives)})`, sums.counts),
  ]);
  await Promise.all(asked);
  return sums;
}

/** The sum of each data source over the rows of a grid, by archive. Throws a `PassingError`. */
export async function readTotals(
  request: SumRequest,
  ground: QueryGround,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { dataSources, names, grid } = request;
  const totals = new Map<string, number[]>();
  const ask = async (source: string, i: number, archives: string): Promise<void> => {
    for (const { labels, value } of await queryValues(totalOf(source, request, archives), grid.endS + 1, ground)) {
      const archive = String(labels['archive']);
      const own = totals.get(archive) ?? dataSources.map(() => 0);
      own[i] = value;
      totals.set(archive, own);
    }
  };
  await Promise.all(patternsOf(names).flatMap((archives) => dataSources.map((source, i) => ask(source, i, archives))));
  return totals;
}

/** The rows of each archive, one column per data source, in the order of the names. Throws a `PassingError`. */
export async function readMeans(
  request: SumRequest,
  ground: QueryGround,
): Promise<readonly (readonly Float64Array[])[]> {
  const { names, dataSources, grid } = request;
  const make = (): Float64Array => new Float64Array(rowCount(grid)).fill(Number.NaN);
  const all = new Map(names.map((name) => [name, dataSources.map(make)]));
  const ask = async (source: string, i: number, archives: string): Promise<void> => {
    for (const { labels, samples } of await askRows(rowsOf(source, request, archives), grid, ground)) {
      const column = all.get(String(labels['archive']))?.[i];
      if (column === undefined) continue;
      for (const [row, value] of rowsAt(samples, grid)) column[row] = value;
    }
  };
  await Promise.all(patternsOf(names).flatMap((archives) => dataSources.map((source, i) => ask(source, i, archives))));
  return names.map((name) => all.get(name) ?? dataSources.map(make));
}

/** The values of a data source in the rows in which all of the request are known, by archive. */
function jointly(source: string, request: SumRequest, archives: string): string {
  const others = request.dataSources.filter((one) => one !== source);
  return [source, ...others].map((one) => rowsOf(one, request, archives)).join(' and on (archive) ');
}

/** The rows of a data source by archive: at the end of a row, its value. Two pushers of one director may have labels of their own. */
function rowsOf(source: string, { director, grid: { rowS }, stepS }: SumRequest, archives: string): string {
  const matchers = { __name__: metricOf(source), director, archive: { pattern: archives } };
  // A range includes its end, and with some engines its start.
  const lookBack = `[${rowS - 1}s]`;
  const of = (over: string, series: string): string => `max by (archive) (${over}_over_time(${series}${lookBack}))`;
  const finest = selector({ ...matchers, row: rowLabel(stepS) });
  if (rowS === stepS) return of('last', finest);
  const sent = selector({ ...matchers, row: rowLabel(rowS), cf: 'AVERAGE' });
  const leastKnown = Math.ceil((rowS / stepS) * (1 - xff));
  const derived = `(${of('avg', finest)} and on (archive) (${of('count', finest)} >= ${leastKnown}))`;
  return `(${of('last', sent)} or on (archive) ${derived})`;
}

/** The sum of a data source over the rows of the grid, by archive. */
function totalOf(source: string, request: SumRequest, archives: string): string {
  const { startS, endS, rowS } = request.grid;
  // Asked a second after the end, for the same reason as rows beyond it.
  const span = `${endS - startS}s`;
  if (rowS !== request.stepS) return `sum_over_time(${rowsOf(source, request, archives)}[${span}:${rowS}s])`;
  const matchers = { __name__: metricOf(source), director: request.director, archive: { pattern: archives } };
  const series = selector({ ...matchers, row: rowLabel(rowS) });
  return `max by (archive) (sum_over_time(${series}[${span}]))`;
}

/** Points that a range query may have: Prometheus refuses over 11,000. */
const mostPoints = 10_000;

/** The values of a query at the ends of rows. Asks beyond the end, since VictoriaMetrics does not find a series whose first sample of a day is the last midnight. */
async function askRows(
  query: string,
  { rowS, startS, endS }: RowGrid,
  ground: QueryGround,
): Promise<readonly Samples[]> {
  const all: Samples[] = [];
  for (let firstS = startS + rowS; firstS <= endS; firstS += mostPoints * rowS) {
    const lastS = Math.min(endS, firstS + (mostPoints - 1) * rowS) + rowS;
    all.push(...(await queryTimes(query, { firstS, lastS, stepS: rowS }, ground)));
  }
  return all;
}

function rowCount({ rowS, startS, endS }: RowGrid): number {
  return Math.max(0, (endS - startS) / rowS);
}

function addSamples(column: Float64Array, samples: Samples['samples'], grid: RowGrid): void {
  for (const [row, value] of rowsAt(samples, grid)) column[row] = (column[row] ?? 0) + value;
}

/** The samples that belong to rows of the grid, by row. */
function* rowsAt(samples: Samples['samples'], grid: RowGrid): Generator<readonly [row: number, value: number]> {
  const count = rowCount(grid);
  for (const [timeS, value] of samples) {
    const row = (timeS - grid.startS) / grid.rowS - 1;
    if (row >= 0 && row < count && Number.isInteger(row) && !Number.isNaN(value)) yield [row, value];
  }
}
