// The expected rows of an archive, by definition rather than by rrdtool's algorithm: a data point is the mean over the known part
// of its step, and unknown if over half of the step is unknown; a row is the mean or the maximum of its known data points, and
// unknown if over half of them are unknown. Written to be obviously correct, not fast.
//
// rrdtool differs from the definition if a step is partly known (see test/store/rows/pdp.test.ts), so the lives under test have no
// such steps.

import type { Cf } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';
import { heartbeatS, stepS } from '../standard.js';
import type { Moment, ServiceMoment } from './life.js';

/** The values in (`sinceS`, `timeS`], one per data source: rates per second and gauges; NaN if unknown. */
export interface Interval {
  readonly sinceS: number;
  readonly timeS: number;
  readonly values: readonly number[];
}

/** A column of data points; the first is of the step that ends at `firstEndS`. */
export interface DataPoints {
  readonly firstEndS: number;
  readonly column: Float64Array;
}

const gauges = 2;

/** The intervals of a life, summed over services that are selected by their numbers. An archive starts a second before its first reading. */
export function* intervalsOf(
  life: Iterable<Moment>,
  selections: readonly (readonly number[])[],
): Generator<readonly Interval[]> {
  let sinceS: number | null = null;
  for (const { timeS, services: all } of life) {
    const lengthS = timeS - (sinceS ?? timeS - 1);
    const isFirst = sinceS === null;
    const valuesOf = (own: readonly ServiceMoment[]): readonly number[] =>
      [0, 1, 2, 3, 4, 5, 6].map((column) => {
        if (lengthS > heartbeatS) return Number.NaN;
        if (column < gauges) return own.reduce((sum, service) => sum + (service.gauges[column] ?? Number.NaN), 0);
        if (isFirst) return Number.NaN;
        return own.reduce((sum, { growth }) => sum + (growth?.[column - gauges] ?? Number.NaN), 0) / lengthS;
      });
    yield selections.map((numbers) => {
      const own = numbers.flatMap((number) => all[number] ?? []);
      return { sinceS: timeS - lengthS, timeS, values: valuesOf(own) };
    });
    sinceS = timeS;
  }
}

/** Gathers the data points of adjoining intervals, a column per data source. */
export function gatherDataPoints({ startS, endS }: { startS: number; endS: number }) {
  const firstEndS = (Math.floor((startS - 1) / stepS) + 1) * stepS;
  const count = Math.ceil((endS - firstEndS) / stepS) + 1;
  const knownS = Array.from({ length: 7 }, () => new Float64Array(count));
  const amounts = Array.from({ length: 7 }, () => new Float64Array(count));
  const addInterval = ({ sinceS, timeS, values }: Interval): void => {
    for (let fromS = sinceS; fromS < timeS; ) {
      const stepEndS = (Math.floor(fromS / stepS) + 1) * stepS;
      const toS = Math.min(stepEndS, timeS);
      const at = (stepEndS - firstEndS) / stepS;
      for (const [column, value] of values.entries()) {
        if (!Number.isNaN(value)) add(knownS[column], at, toS - fromS);
        if (!Number.isNaN(value)) add(amounts[column], at, value * (toS - fromS));
      }
      fromS = toS;
    }
  };
  const points = (): readonly DataPoints[] =>
    amounts.map((amount, column) => {
      const known = knownS[column] ?? amount;
      return { firstEndS, column: amount.map((sum, i) => meanOf(sum, known[i] ?? 0)) };
    });
  return { add: addInterval, points };
}

function add(column: Float64Array | undefined, at: number, value: number): void {
  if (column !== undefined) column[at] = (column[at] ?? 0) + value;
}

function meanOf(amount: number, knownS: number): number {
  return knownS < stepS / 2 ? Number.NaN : amount / knownS;
}

/** The rows that an answer must have, computed from the data points. */
export function expectedRows(
  points: readonly DataPoints[],
  { cf, startS, endS, stepS: rowS, lastS }: Series,
): number[][] {
  const rows: number[][] = [];
  for (let rowEndS = startS + rowS; rowEndS <= endS; rowEndS += rowS) {
    const isOver = rowEndS <= lastS;
    rows.push([rowEndS, ...points.map((column) => (isOver ? rowValue(column, { cf, rowEndS, rowS }) : Number.NaN))]);
  }
  return rows;
}

function rowValue(
  { firstEndS, column }: DataPoints,
  { cf, rowEndS, rowS }: { cf: Cf; rowEndS: number; rowS: number },
): number {
  const known: number[] = [];
  for (let endS = rowEndS - rowS + stepS; endS <= rowEndS; endS += stepS) {
    const value = column[(endS - firstEndS) / stepS] ?? Number.NaN;
    if (!Number.isNaN(value)) known.push(value);
  }
  if (known.length === 0 || known.length < rowS / stepS / 2) return Number.NaN;
  return cf === 'MAX' ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0) / known.length;
}
