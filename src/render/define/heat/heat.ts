// Turns the parts of a stack into the cells of a heat map: one row each, in which a colour shows how much the part counted. If
// there are more rows of time than pixel columns, a column shows the greatest of its rows, so no peak is lost.

import type { StackPart } from '../../series/stack-parts.js';
import type { StackRows } from '../../series/stack-rows.js';
import type { Span } from '../graph-request.js';
import type { Heat, HeatCell } from '../picture.js';

/** Amounts of the parts, row by row; NaN if unknown or absent. */
export type Amounts = readonly Float64Array[];

/** The amount of each part: the sum of its quantities, or (`isShare`) its percentage of the total. */
export function amountsOf(
  parts: readonly StackPart[],
  { length }: Pick<StackRows, 'length'>,
  isShare: boolean,
): Amounts {
  const amounts = parts.map(({ values, known }) =>
    Float64Array.from({ length }, (_, row) =>
      known[row] === 1 ? values.reduce((sum, column) => sum + (column[row] ?? 0), 0) : Number.NaN,
    ),
  );
  if (!isShare) return amounts;
  const totals = Float64Array.from({ length }, (_, row) =>
    amounts.reduce((sum, column) => sum + (column[row] || 0), 0),
  );
  return amounts.map((column) =>
    column.map((amount, row) => ((totals[row] ?? 0) > 0 ? (100 * amount) / (totals[row] ?? 1) : amount)),
  );
}

/** The basis of a heat map: the span has `columns` pixels; `highest` takes the last colour. */
export interface HeatGround {
  readonly rows: StackRows;
  readonly span: Pick<Span, 'startS' | 'endS'>;
  readonly columns: number;
  readonly colours: readonly string[];
  readonly highest: number;
}

/** The cells of some amounts; hot ones last, so that they stay visible if rows are thinner than a pixel. */
export function heatOf(amounts: Amounts, ground: HeatGround): Heat {
  const groups = groupsOf(ground);
  const cells = amounts.flatMap((column, row) => cellsOf(column, row, { ...ground, groups }));
  return {
    rows: amounts.length,
    cells: cells.toSorted((a, b) => a.level - b.level).map(({ level: _, ...cell }) => cell),
  };
}

/** The colour of an amount: the first stands for zero alone. */
export function levelOf(amount: number, { colours, highest }: Pick<HeatGround, 'colours' | 'highest'>): number {
  if (!(amount > 0)) return 0;
  return Math.min(colours.length - 1, Math.max(1, Math.ceil((amount / highest) * (colours.length - 1))));
}

/** Rows of time that are drawn as one. */
interface Group {
  readonly from: number;
  readonly to: number;
}

function groupsOf({ rows: { startS, stepS, length }, span, columns }: HeatGround): readonly Group[] {
  if (length <= columns) return Array.from({ length }, (_, row) => ({ from: row, to: row + 1 }));
  const columnS = (span.endS - span.startS) / columns;
  const groups: Group[] = [];
  for (let from = 0; from < length; ) {
    // A row belongs to the column that contains its middle.
    const column = Math.floor((startS + (from + 0.5) * stepS - span.startS) / columnS);
    let to = from + 1;
    while (to < length && Math.floor((startS + (to + 0.5) * stepS - span.startS) / columnS) === column) to += 1;
    groups.push({ from, to });
    from = to;
  }
  return groups;
}

const nothing = -2;
const unknown = -1;

function cellsOf(
  column: Float64Array,
  row: number,
  { groups, rows, ...ground }: HeatGround & { readonly groups: readonly Group[] },
): (HeatCell & { readonly level: number })[] {
  const cells: (HeatCell & { readonly level: number })[] = [];
  const add = (level: number, from: number, to: number): void => {
    if (level === nothing) return;
    const fill = level === unknown ? null : (ground.colours[level] ?? '');
    cells.push({ row, startS: rows.startS + from * rows.stepS, endS: rows.startS + to * rows.stepS, fill, level });
  };
  let [level, from, end] = [nothing, 0, 0];
  for (const group of groups) {
    const own = groupLevel(column, group, { rows, ...ground });
    if (own !== level) {
      add(level, from, end);
      [level, from] = [own, group.from];
    }
    end = group.to;
  }
  add(level, from, end);
  return cells;
}

function groupLevel(column: Float64Array, { from, to }: Group, ground: Omit<HeatGround, 'groups'>): number {
  let greatest = Number.NaN;
  let isMissed = false;
  for (let row = from; row < to; row += 1) {
    const amount = column[row] ?? Number.NaN;
    if (!Number.isNaN(amount)) greatest = Number.isNaN(greatest) ? amount : Math.max(greatest, amount);
    else if ((ground.rows.known[row] ?? 0) > 0 && (ground.rows.present[row] ?? 0) > (ground.rows.known[row] ?? 0)) {
      isMissed = true;
    }
  }
  // If no part is known, the whole height is hatched, with the reason.
  if (Number.isNaN(greatest)) return isMissed ? unknown : nothing;
  return levelOf(greatest, ground);
}
