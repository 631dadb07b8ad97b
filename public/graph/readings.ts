// The values of a graph at one time: one for each row of its legend, and for a stack the band under the pointer.

import { earlierRows } from '../../src/render/define/comparison.js';
import { isUnseen, sumOfKnown } from '../../src/render/define/stack/stack-legend.js';
import { graphKinds, isOutward, quantitiesOf } from '../../src/render/series/quantity.js';
import { seenTraces } from '../../src/render/series/seen-trace.js';
import type { StackPart } from '../../src/render/series/stack-parts.js';
import type { LiveData } from './live-data.js';

/**
 * Values at a time, in the order of the legend's rows; NaN if there is none. A row of a stack with parts above and below zero
 * has a value for each, named by `labels`. `startS` to `endS` is their row.
 */
export interface Readings {
  readonly startS: number;
  readonly endS: number;
  readonly labels: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/** A band of a stack. */
export interface Band {
  readonly part: StackPart;
  readonly value: number;
}

/** The view of a stack: its visible parts, and whether it is in percent. */
export interface StackView {
  readonly hidden: ReadonlySet<string>;
  readonly isShare: boolean;
}

/** The row that contains a time; null if there is none. A row includes its end. */
function rowAt({ rows }: LiveData, timeS: number): number | null {
  const row = Math.ceil((timeS - rows.startS) / rows.stepS) - 1;
  return timeS > rows.startS && timeS <= rows.endS ? row : null;
}

/** The readings at a time; null outside the rows. */
export function readingsAt(data: LiveData, timeS: number, { hidden, isShare }: StackView): Readings | null {
  const row = rowAt(data, timeS);
  if (row === null) return null;
  const startS = data.rows.startS + row * data.rows.stepS;
  const values =
    data.kind === 'graph'
      ? [...graphValues(data, row), ...earlierValues(data, startS)].map((value) => [value])
      : stackValues(data, row, { hidden, isShare });
  const { quantities } = graphKinds[data.live.type];
  const labels = data.kind === 'stack' && quantities.length > 1 ? quantities.map(({ label }) => label) : [];
  return { startS, endS: startS + data.rows.stepS, labels, values };
}

/** The band of a stack, or the row of a heat map, at a value of its axis and a time; null if there is none. */
export function bandAt(
  data: LiveData,
  at: { readonly timeS: number; readonly value: number },
  shown: StackView,
): Band | null {
  const row = rowAt(data, at.timeS);
  if (row === null || data.kind !== 'stack') return null;
  const quantity = graphKinds[data.live.type].quantities.findIndex((one) => isOutward(one) === at.value < 0);
  const parts = data.stack.parts.filter(({ name }) => !shown.hidden.has(name));
  if (data.stack.of === 'processors') return rowOfHeat(parts, at.value, row);
  const scale = shown.isShare ? shareScale(parts, quantity, row) : 1;
  let level = 0;
  for (const part of parts) {
    const value = part.values[quantity]?.[row] ?? 0;
    level += value * scale;
    if (value > 0 && level >= Math.abs(at.value)) return { part, value: value * scale };
  }
  return null;
}

// The rows of a heat map are stacked, each one unit of its axis high.
function rowOfHeat(parts: readonly StackPart[], value: number, row: number): Band | null {
  const part = parts[parts.length - Math.ceil(value)];
  if (part === undefined || part.known[row] !== 1) return null;
  return { part, value: part.values.reduce((sum, column) => sum + (column[row] ?? 0), 0) };
}

type GraphData = Extract<LiveData, { kind: 'graph' }>;

function graphValues(data: GraphData, row: number): number[] {
  const kind = graphKinds[data.live.type];
  const quantities = quantitiesOf(kind, data.average.dataSources);
  // All rows decide whether a quantity is visible, not one.
  const values = seenTraces(data.average, quantities, data.live.outbounds).map(({ trace, remark }) =>
    remark === '' ? (trace.values[row] ?? Number.NaN) : Number.NaN,
  );
  return kind.stacked ? [...values, values.reduce((sum, value) => sum + value, 0)] : values;
}

/** The earlier values of the row that begins at a time, in the order of the legend. */
function earlierValues({ live, average, comparison }: GraphData, startS: number): readonly number[] {
  const kind = graphKinds[live.type];
  if (comparison === null || kind.stacked) return [];
  const quantities = quantitiesOf(kind, average.dataSources);
  return earlierRows(comparison, quantities, live.span).map(({ trace, series }) => {
    return trace.values[Math.floor((startS - series.startS) / series.stepS)] ?? Number.NaN;
  });
}

// In and out separately: their sum has no meaning, least of all in percent.
function stackValues(
  { stack: { parts }, live: { type } }: Extract<LiveData, { kind: 'stack' }>,
  row: number,
  { hidden, isShare }: StackView,
): number[][] {
  const kind = graphKinds[type];
  const shown = parts.filter(({ name }) => !hidden.has(name));
  const scales = (parts[0]?.values ?? []).map((_, quantity) => (isShare ? shareScale(shown, quantity, row) : 1));
  const amountsOf = (part: StackPart) =>
    scales.map((scale, quantity) =>
      part.known[row] === 1 && !isUnseen(part, kind, quantity)
        ? (part.values[quantity]?.[row] ?? 0) * scale
        : Number.NaN,
    );
  const amounts = parts.map(amountsOf);
  const total = scales.map((_, quantity) => sumOfKnown(shown.map((part) => amountsOf(part)[quantity] ?? Number.NaN)));
  return [...amounts, total];
}

function shareScale(parts: readonly StackPart[], quantity: number, row: number): number {
  const total = parts.reduce((sum, { values }) => sum + (values[quantity]?.[row] ?? 0), 0);
  return total > 0 ? 100 / total : 1;
}
