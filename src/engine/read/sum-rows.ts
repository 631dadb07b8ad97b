// Sums over archives, asked of the engine in PromQL: it consolidates, sums and counts, and sends only the results.

import { type QueryGround, queryValues } from '../query/query.js';
import { addedUp, askRows, rowCount, rowsAt, rowsWithin } from './ask-rows.js';
import {
  byArchive,
  type Expression,
  jointly,
  patternsFor,
  rowsOf,
  type SumRequest,
  totalOfRows,
} from './row-expressions.js';
import { type Stretch, stretchesOf, stretchesOfEach, sureOf } from './sure-rows.js';

/** The sums of each data source in each row, and how many archives were known in it: 0 and no archive where none was. */
export interface RowSums {
  readonly columns: readonly Float64Array[];
  readonly counts: Float64Array;
}

/** Sums row by row. Throws a `PassingError`. */
export async function readSums(request: SumRequest, ground: QueryGround): Promise<RowSums> {
  const { names, dataSources, grid } = request;
  const columns = dataSources.map(() => new Float64Array(rowCount(grid)));
  const counts = new Float64Array(rowCount(grid)).fill(names.length);
  const put = (sums: readonly Float64Array[], { from }: Stretch): void => {
    for (const [i, own] of sums.entries()) columns[i]?.set(own, from);
  };
  const stretches = await stretchesOf(request, ground);
  for (const { way, rows } of sureOf(stretches)) {
    const [first, last] = [rows[0]?.from ?? 0, rows.at(-1)?.to ?? 0];
    // In one question, with what is unsure in between.
    const part = { ...request, grid: rowsWithin(grid, { from: first, to: last }) };
    const sums = await Promise.all(dataSources.map((source) => addedUp(part, way.rows(source), ground)));
    for (const one of rows) {
      const own = sums.map((column) => column.subarray(one.from - first, one.to - first));
      put(own, one);
    }
  }
  // Where an archive is unknown, it has to be left out of every sum: that takes the engine several times as long.
  for (const one of stretches.filter(({ way }) => way === null)) {
    const exact = await sumsOfKnown({ ...request, grid: rowsWithin(grid, one) }, ground);
    put(exact.columns, one);
    counts.set(exact.counts, one.from);
  }
  return { columns, counts };
}

/** The sums of the archives that are known in each row. */
async function sumsOfKnown(request: SumRequest, ground: QueryGround): Promise<RowSums> {
  const [first = ''] = request.dataSources;
  const columns = await Promise.all(request.dataSources.map((source) => addedUp(request, jointly(source), ground)));
  return { columns, counts: await addedUp(request, jointly(first), ground, 'count') };
}

/** The sum of each data source over the rows of a grid, by archive. Throws a `PassingError`. */
export async function readTotals(
  request: SumRequest,
  ground: QueryGround,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { dataSources, grid } = request;
  const totals = new Map<string, number[]>();
  for (const { way, ...range } of await stretchesOfEach(request, ground)) {
    const rows = rowsWithin(grid, range);
    const total = way === null ? totalOfRows : way.total;
    const scale = way?.scale ?? 1;
    await forEachPattern({ ...request, grid: rows }, total, async (query, i) => {
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
  for (const { way, ...range } of await stretchesOfEach(request, ground)) {
    const part = { ...request, grid: rowsWithin(grid, range) };
    await forEachPattern(part, way === null ? rowsOf : byArchive(way.rows), async (query, i) => {
      for (const { labels, samples } of await askRows(query, part.grid, ground)) {
        const column = all.get(String(labels['archive']))?.[i];
        if (column === undefined) continue;
        for (const [row, value] of rowsAt(samples, part.grid)) column[row + range.from] = value;
      }
    });
  }
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
