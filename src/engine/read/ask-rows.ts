// Questions about rows in PromQL: the values of an expression at the ends of the rows of a grid.

import { type QueryGround, queryTimes, type Samples } from '../query/query.js';
import type { RowGrid } from './row-columns.js';
import { type Expression, patternsFor, type SumRequest } from './row-expressions.js';

/** The sum of an expression over all archives in each row, or their number. Throws a `PassingError`. */
export async function addedUp(
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

/** Points that a range query may have: Prometheus refuses over 11,000. */
const mostPoints = 10_000;

/** The values of a query at the ends of rows. Throws a `PassingError`. Asks beyond the end, since VictoriaMetrics does not find a series whose first sample of a day is the last midnight. */
export async function askRows(
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

/** How many rows a grid has. */
export function rowCount({ rowS, startS, endS }: RowGrid): number {
  return Math.max(0, (endS - startS) / rowS);
}

function addSamples(column: Float64Array, samples: Samples['samples'], grid: RowGrid): void {
  for (const [row, value] of rowsAt(samples, grid)) column[row] = (column[row] ?? 0) + value;
}

/** The samples that belong to rows of the grid, by row. */
export function* rowsAt(samples: Samples['samples'], grid: RowGrid): Generator<readonly [row: number, value: number]> {
  const count = rowCount(grid);
  for (const [timeS, value] of samples) {
    const row = (timeS - grid.startS) / grid.rowS - 1;
    if (row >= 0 && row < count && Number.isInteger(row) && !Number.isNaN(value)) yield [row, value];
  }
}
/** Rows of a grid, from one up to another. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** The grid of some rows of another one. */
export function rowsWithin({ rowS, startS }: RowGrid, { from, to }: RowRange): RowGrid {
  return { rowS, startS: startS + from * rowS, endS: startS + to * rowS };
}
