// Rows of which an engine has all samples of all archives, so that plain sums and means of these are exact: by the rows that were sent, which are
// few, otherwise by the finest, and otherwise neither.

import type { QueryGround } from '../query/query.js';
import { addedUp, type RowRange, rowCount, rowsWithin } from './ask-rows.js';
import { type Expression, finestOver, type SumRequest, sentOver, totalOfSamples } from './row-expressions.js';

/** A plain way to rows, for those of which all samples of all archives are there. */
export interface Way {
  /** The rows, by series. */
  readonly rows: (source: string) => Expression;
  /** How many samples are behind a row, by series. */
  readonly samples: (source: string) => Expression;
  /** As many as there are if the row is sure. */
  readonly samplesPerRow: number;
  /** The sum of the samples, by archive; times the scale, that of the rows. */
  readonly total: (source: string) => Expression;
  readonly scale: number;
}

/** The plain ways, the one with fewest samples first: the rows that were sent, and the means of the finest. */
function waysOf({ grid: { rowS }, stepS }: SumRequest): readonly Way[] {
  const finest: Way = {
    rows: (source) => finestOver(rowS === stepS ? 'last' : 'avg', source),
    samples: (source) => finestOver('count', source),
    samplesPerRow: rowS / stepS,
    total: (source) => totalOfSamples('finest', source),
    scale: stepS / rowS,
  };
  if (rowS === stepS) return [finest];
  const sent: Way = {
    rows: (source) => sentOver('last', source),
    samples: (source) => sentOver('count', source),
    samplesPerRow: 1,
    total: (source) => totalOfSamples('sent', source),
    scale: 1,
  };
  return [sent, finest];
}

/** Rows from one up to another, and the first way by which all of them are sure; null if there is none. */
export interface Stretch extends RowRange {
  readonly way: Way | null;
}

/** The stretches of all rows for values of single archives: no row of a step needs to be sure for them. Throws a `PassingError`. */
export async function stretchesOfEach(request: SumRequest, ground: QueryGround): Promise<readonly Stretch[]> {
  const [finest = null] = waysOf(request);
  const isOfFinest = request.grid.rowS === request.stepS;
  return isOfFinest ? [{ from: 0, to: rowCount(request.grid), way: finest }] : stretchesOf(request, ground);
}

/** The stretches of all rows, in order. Throws a `PassingError`. */
export async function stretchesOf(request: SumRequest, ground: QueryGround): Promise<readonly Stretch[]> {
  let stretches: readonly Stretch[] = [{ from: 0, to: rowCount(request.grid), way: null }];
  for (const way of waysOf(request)) {
    const next: Stretch[] = [];
    for (const one of stretches) {
      if (one.way === null) next.push(...(await divided(one, way, { request, ground })));
      else next.push(one);
    }
    stretches = next;
  }
  return stretches;
}

/** The parts of a stretch that are sure by a way, and those that are not. */
async function divided(
  { from, to }: Stretch,
  way: Way,
  { request, ground }: { readonly request: SumRequest; readonly ground: QueryGround },
): Promise<readonly Stretch[]> {
  const part = { ...request, grid: rowsWithin(request.grid, { from, to }) };
  const expected = request.names.length * way.samplesPerRow;
  const counts = await Promise.all(request.dataSources.map((source) => addedUp(part, way.samples(source), ground)));
  const isUnsure = Array.from({ length: to - from }, (_, row) => counts.some((own) => own[row] !== expected));
  return divideRows(isUnsure, way).map((own) => ({ ...own, from: own.from + from, to: own.to + from }));
}

/** The sure stretches of each way. */
export function sureOf(
  stretches: readonly Stretch[],
): Iterable<{ readonly way: Way; readonly rows: readonly Stretch[] }> {
  const ways = new Set(stretches.flatMap(({ way }) => way ?? []));
  return [...ways].map((way) => ({ way, rows: stretches.filter((one) => one.way === way) }));
}

/** Sure rows that are asked for like the unsure ones around them, rather than with more questions. */
const mostSureRows = 12;

/** The stretches of rows that are sure by a way, and of others, in order. */
function divideRows(isUnsure: readonly boolean[], way: Way): readonly Stretch[] {
  const unsure: Stretch[] = [];
  for (const [row, one] of isUnsure.entries()) {
    if (!one) continue;
    const last = unsure.at(-1);
    const isNear = last !== undefined && row - last.to <= mostSureRows;
    if (isNear) unsure.pop();
    unsure.push({ from: isNear ? last.from : row, to: row + 1, way: null });
  }
  const all: Stretch[] = [];
  for (const one of [...unsure, { from: isUnsure.length, to: isUnsure.length, way: null }]) {
    const from = all.at(-1)?.to ?? 0;
    if (one.from > from) all.push({ from, to: one.from, way });
    if (one.from < one.to) all.push(one);
  }
  return all;
}
