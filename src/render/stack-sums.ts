// A stack as it is summed up, service by service: the rows of the largest ones, and of all others their sum. However many
// services there are it stays this small, so it can be put aside half done and gone on with later (stack-progress.ts).
// A service contributes nothing before it was first seen and after it was gone; what it did in the row in which it came
// or went counts where it is known, and is not missed where it is not.

import type { Span, StackMember, StackType } from './graph-request.js';
import { graphKinds } from './quantity.js';
import { columnOf, rowsWithin } from './trace.js';

/** Services of a stack that are told by name. */
const mostNamed = 10;

/** What a service, or all others, adds in each row (0 where unknown or not there), and in all, a quantity each. */
export interface Contribution {
  readonly values: readonly Float64Array[];
  /** 1 where it is there and known. */
  readonly known: Uint8Array;
  readonly sums: readonly number[];
  /** The sum of `sums`: what services are ranked by. */
  readonly size: number;
}

/** The contribution of one service. */
export interface NamedContribution extends Contribution {
  readonly name: string;
  readonly hostNames: readonly string[];
}

/** The rows of a stack: how many services there were in each, how many of them are known, and since when any was. */
export interface StackRows {
  readonly startS: number;
  readonly stepS: number;
  readonly length: number;
  /** Time of the first reading of any service; nothing is known of the time before. */
  readonly firstS: number;
  readonly present: Uint32Array;
  readonly known: Uint32Array;
}

/** A stack of the services added so far; plain data. */
export interface StackSums {
  readonly type: StackType;
  readonly rows: StackRows;
  /** Time of the newest reading of any service. */
  readonly newestS: number;
  readonly services: number;
  /** The largest, the largest first. */
  readonly named: readonly NamedContribution[];
  /** The sum of the others; null where there are none. */
  readonly others: Contribution | null;
}

/** A stack without any service. */
export function emptySums(type: StackType, span: Pick<Span, 'startS'>): StackSums {
  return { type, rows: emptyRows(span.startS, 300, 0), newestS: 0, services: 0, named: [], others: null };
}

/**
 * The stacks with one more service; what they were made of is used up. All members' rows are the same times. Throws a
 * `UserError` where it lacks a data source that one of them shows.
 */
export function withMember(stacks: readonly StackSums[], member: StackMember, span: Span): readonly StackSums[] {
  const series = rowsWithin(member.series, span);
  return stacks.map((stack) => {
    const rows = rowsFor(stack, series);
    const columns = graphKinds[stack.type].quantities.map(({ dataSource, scale }) => ({
      column: columnOf(series, dataSource),
      scale,
    }));
    const { name, hostNames } = member;
    const ranked = insert(stack.named, { name, hostNames, ...contributionOf(member, columns, rows) });
    const [excess] = ranked.slice(mostNamed);
    return {
      type: stack.type,
      rows: { ...rows, firstS: Math.min(rows.firstS, member.firstS) },
      newestS: Math.max(stack.newestS, series.lastS || 0),
      services: stack.services + 1,
      named: ranked.slice(0, mostNamed),
      others: excess === undefined ? stack.others : sumOf(stack.others, excess),
    };
  });
}

function emptyRows(startS: number, stepS: number, length: number): StackRows {
  const firstS = Number.POSITIVE_INFINITY;
  return { startS, stepS, length, firstS, present: new Uint32Array(length), known: new Uint32Array(length) };
}

function rowsFor({ services, rows }: StackSums, series: StackMember['series']): StackRows {
  return services > 0 ? rows : emptyRows(series.startS, series.stepS, series.columns[0]?.length ?? 0);
}

function insert(named: readonly NamedContribution[], one: NamedContribution): readonly NamedContribution[] {
  const isBehind = ({ size, name }: NamedContribution) => size < one.size || (size === one.size && name > one.name);
  const place = named.findIndex(isBehind);
  return place < 0 ? [...named, one] : [...named.slice(0, place), one, ...named.slice(place)];
}

// Also counts the member in `rows`.
function contributionOf(
  { firstS, goneS, absences = [] }: StackMember,
  columns: readonly { readonly column: Float64Array; readonly scale: number }[],
  rows: StackRows,
): Contribution {
  const values = columns.map(() => new Float64Array(rows.length));
  const known = new Uint8Array(rows.length);
  const sums = columns.map(() => 0);
  for (let row = 0; row < rows.length; row++) {
    const fromS = rows.startS + row * rows.stepS;
    const toS = fromS + rows.stepS;
    if (toS <= firstS || (goneS !== null && fromS >= goneS)) continue;
    const isKnown = columns.every(({ column }) => !Number.isNaN(column[row] ?? Number.NaN));
    const isAway = absences.some(({ startS, endS }) => toS > startS && fromS < endS);
    const isWhole = !isAway && fromS >= firstS && (goneS === null || toS <= goneS);
    if (isKnown || isWhole) rows.present[row] = (rows.present[row] ?? 0) + 1;
    if (!isKnown) continue;
    known[row] = 1;
    rows.known[row] = (rows.known[row] ?? 0) + 1;
    columns.forEach(({ column, scale }, quantity) => {
      const value = (column[row] ?? 0) * scale;
      const ofQuantity = values[quantity];
      if (ofQuantity !== undefined) ofQuantity[row] = value;
      sums[quantity] = (sums[quantity] ?? 0) + value;
    });
  }
  return { values, known, sums, size: sums.reduce((total, sum) => total + sum, 0) };
}

// Adds into the rows of the first, which nothing else looks at.
function sumOf(others: Contribution | null, { values, known, sums, size }: Contribution): Contribution {
  if (others === null) return { values, known, sums, size };
  others.values.forEach((sum, quantity) => {
    const column = values[quantity] ?? sum;
    for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] ?? 0) + (column[row] ?? 0);
  });
  for (let row = 0; row < known.length; row++) if (known[row] === 1) others.known[row] = 1;
  const totals = others.sums.map((sum, quantity) => sum + (sums[quantity] ?? 0));
  return { ...others, sums: totals, size: others.size + size };
}
