// Turns rows into the points of a line. A row holds for its whole interval, so a line is a staircase: it begins where its first
// row begins and ends where the last one ends, and a gap is exactly as wide as the unknown rows. If there are more rows than
// pixel columns, each column keeps its first, least, greatest and last row: the line then covers the same pixels as all rows
// would (Jugel et al., "M4", VLDB 2014), and no peak is lost.

import type { Span } from './graph-request.js';

/** Rows as drawn: row i holds over (startS + i * stepS, startS + (i + 1) * stepS]; NaN is not drawn. */
export interface Rows {
  readonly startS: number;
  readonly stepS: number;
  readonly values: Float64Array;
}

/** Points of a line; a NaN in `values` breaks it. `stepped`: a point's value holds since the point before. */
export interface Path {
  readonly timesS: Float64Array;
  readonly values: Float64Array;
  readonly stepped: boolean;
}

/** The line of some rows, for a plot that shows `span` on `columns` pixel columns. */
export function linePath(rows: Rows, span: Pick<Span, 'startS' | 'endS'>, columns: number): Path {
  return rows.values.length > columns ? columnPath(rows, span, columns) : stairPath(rows, span, columns);
}

// Steps stand on whole pixel columns, so their edges are sharp and never half a column off.
function stairPath({ startS, stepS, values }: Rows, span: Pick<Span, 'startS' | 'endS'>, columns: number): Path {
  const columnS = (span.endS - span.startS) / columns;
  const edgeS = (row: number) => span.startS + Math.round((startS + row * stepS - span.startS) / columnS) * columnS;
  const points = new Points(2 * values.length);
  let known = false;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    const isKnown = !Number.isNaN(value);
    if (isKnown && !known) points.add(edgeS(index), value);
    if (isKnown || known) points.add(edgeS(index + 1), value);
    known = isKnown;
  }
  return points.path(true);
}

function columnPath(rows: Rows, span: Pick<Span, 'startS' | 'endS'>, columns: number): Path {
  const columnS = (span.endS - span.startS) / columns;
  const points = new Points(6 * columns);
  let row = 0;
  let last = Number.NaN;
  for (let column = 0; column < columns; column++) {
    const columnEndS = span.startS + (column + 1) * columnS;
    const from = row;
    // A row belongs to the column that contains its middle.
    while (row < rows.values.length && rows.startS + (row + 0.5) * rows.stepS < columnEndS) row++;
    const extremes = extremesOf(rows.values.subarray(from, row));
    if (row === from) continue;
    if (extremes.length === 0) {
      if (!Number.isNaN(last)) points.add(columnEndS - columnS, last).add(columnEndS - columnS, Number.NaN);
      last = Number.NaN;
      continue;
    }
    if (Number.isNaN(last)) points.add(columnEndS - columnS, extremes[0] ?? Number.NaN);
    for (const value of extremes) points.add(columnEndS - columnS / 2, value);
    last = extremes.at(-1) ?? Number.NaN;
  }
  if (!Number.isNaN(last)) points.add(span.endS, last);
  return points.path(false);
}

// First, least, greatest and last of the known values, in order of occurrence; each position once.
function extremesOf(values: Float64Array): number[] {
  let first = -1;
  let last = -1;
  let least = -1;
  let greatest = -1;
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    if (first < 0) first = least = greatest = index;
    if (value < (values[least] ?? value)) least = index;
    if (value > (values[greatest] ?? value)) greatest = index;
    last = index;
  });
  if (first < 0) return [];
  const inner = least < greatest ? [least, greatest] : [greatest, least];
  return [...new Set([first, ...inner, last])].map((index) => values[index] ?? Number.NaN);
}

class Points {
  readonly #timesS: Float64Array;
  readonly #values: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.#timesS = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  add(timeS: number, value: number): this {
    this.#timesS[this.#length] = timeS;
    this.#values[this.#length] = value;
    this.#length++;
    return this;
  }

  path(stepped: boolean): Path {
    return {
      timesS: this.#timesS.slice(0, this.#length),
      values: this.#values.slice(0, this.#length),
      stepped,
    };
  }
}
