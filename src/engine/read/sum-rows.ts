// Sums over archives, asked of the engine in PromQL: it consolidates, sums and counts, and sends only the results.

import { type QueryGround, queryTimes, queryValues, type Samples } from '../query/query.js';
import type { RowGrid } from './row-columns.js';
import {
  type Expression,
  finestOver,
  jointly,
  patternsFor,
  rowsOf,
  type SumRequest,
  totalOfFinest,
  totalOfRows,
} from './row-expressions.js';

/** The sums of each data source in each row, and how many archives were known in it: 0 and no archive where none was. */
export interface RowSums {
  readonly columns: readonly Float64Array[];
  readonly counts: Float64Array;
}

/** Sums row by row. Throws a `PassingError`. */
export async function readSums(request: SumRequest, ground: QueryGround): Promise<RowSums> {
  const { names, dataSources, grid, stepS } = request;
  const over = grid.rowS === stepS ? 'last' : 'avg';
  const columns = await Promise.all(dataSources.map((source) => addedUp(request, finestOver(over, source), ground)));
  const counts = new Float64Array(rowCount(grid)).fill(names.length);
  // Where an archive is unknown, it has to be left out of every sum: that takes the engine several times as long.
  for (const { from, to, isSure } of stretchesOf(await unsureRows(request, ground))) {
    if (isSure) continue;
    const exact = await sumsOfKnown({ ...request, grid: rowsWithin(grid, { from, to }) }, ground);
    for (const [i, column] of exact.columns.entries()) columns[i]?.set(column, from);
    counts.set(exact.counts, from);
  }
  return { columns, counts };
}

/** The rows in which the number of samples says that not all finest rows of all archives are known. */
async function unsureRows(request: SumRequest, ground: QueryGround): Promise<readonly boolean[]> {
  const { names, dataSources, grid, stepS } = request;
  const expected = (names.length * grid.rowS) / stepS;
  const samples = await Promise.all(dataSources.map((source) => addedUp(request, finestOver('count', source), ground)));
  return Array.from({ length: rowCount(grid) }, (_, row) => samples.some((own) => own[row] !== expected));
}

/** The sums of the archives that are known in each row. */
async function sumsOfKnown(request: SumRequest, ground: QueryGround): Promise<RowSums> {
  const [first = ''] = request.dataSources;
  const columns = await Promise.all(request.dataSources.map((source) => addedUp(request, jointly(source), ground)));
  return { columns, counts: await addedUp(request, jointly(first), ground, 'count') };
}

/** The sum of an expression over all archives in each row, or their number. */
async function addedUp(
  request: SumRequest,
  expression: Expression,
  ground: QueryGround,
  by: 'sum' | 'count' = 'sum',
): Promise<Float64Array> {
  const column = new Float64Array(rowCount(request.grid));
  const add = async (archives: string): Promise<void> => {
    const query = `${by}(${expression(request, archives)})`;
    for (const { samples } of await askRows(query, request.grid, ground)) addSamples(column, samples, request.grid);
  };
  await Promise.all(patternsFor(request, expression).map(add));
  return column;
}

/** Rows from one up to another: sure ones, or such of which some are unsure. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly isSure: boolean;
}

/** Sure rows that are asked for like the unsure ones around them, rather than with more questions. */
const mostSureRows = 12;

/** The stretches of rows, in order. */
function stretchesOf(isUnsure: readonly boolean[]): readonly Stretch[] {
  const unsure: Stretch[] = [];
  for (const [row, one] of isUnsure.entries()) {
    if (!one) continue;
    const last = unsure.at(-1);
    const isNear = last !== undefined && row - last.to <= mostSureRows;
    if (isNear) unsure.pop();
    unsure.push({ from: isNear ? last.from : row, to: row + 1, isSure: false });
  }
  const all: Stretch[] = [];
  for (const one of [...unsure, { from: isUnsure.length, to: isUnsure.length, isSure: true }]) {
    const from = all.at(-1)?.to ?? 0;
    if (one.from > from) all.push({ from, to: one.from, isSure: true });
    if (!one.isSure) all.push(one);
  }
  return all;
}

/** The grid of some rows of another one. */
function rowsWithin({ rowS, startS }: RowGrid, { from, to }: Pick<Stretch, 'from' | 'to'>): RowGrid {
  return { rowS, startS: startS + from * rowS, endS: startS + to * rowS };
}

/** The sum of each data source over the rows of a grid, by archive. Throws a `PassingError`. */
export async function readTotals(
  request: SumRequest,
  ground: QueryGround,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { dataSources, grid, stepS } = request;
  const totals = new Map<string, number[]>();
  const isOfFinest = grid.rowS === stepS;
  const unsure = isOfFinest ? new Array<boolean>(rowCount(grid)).fill(false) : await unsureRows(request, ground);
  for (const { from, to, isSure } of stretchesOf(unsure)) {
    const rows = rowsWithin(grid, { from, to });
    // The mean of a row is that of its finest rows if all of them are known.
    const scale = isSure ? stepS / grid.rowS : 1;
    await forEachPattern({ ...request, grid: rows }, isSure ? totalOfFinest : totalOfRows, async (query, i) => {
      for (const { labels, value } of await queryValues(query, rows.endS + 1, ground)) {
        const archive = String(labels['archive']);
        const own = totals.get(archive) ?? dataSources.map(() => 0);
        own[i] = (own[i] ?? 0) + value * scale;
        totals.set(archive, own);
      }
    });
  }
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
  await forEachPattern(request, rowsOf, async (query, i) => {
    for (const { labels, samples } of await askRows(query, grid, ground)) {
      const column = all.get(String(labels['archive']))?.[i];
      if (column === undefined) continue;
      for (const [row, value] of rowsAt(samples, grid)) column[row] = value;
    }
  });
  return names.map((name) => all.get(name) ?? dataSources.map(make));
}

/** Asks for each data source, and for as many archives at a time as its expression has room for. */
async function forEachPattern(
  request: SumRequest,
  expressionOf: (source: string) => Expression,
  ask: (query: string, i: number) => Promise<void>,
): Promise<void> {
  const all = request.dataSources.map((source, i) => {
    const expression = expressionOf(source);
    return patternsFor(request, expression).map((archives) => ask(expression(request, archives), i));
  });
  await Promise.all(all.flat());
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
