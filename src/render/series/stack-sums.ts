// A stack while it is summed up, service by service: the rows of the largest ones, and the sum of all others. It stays this
// small however many services there are, so it can be put aside half done and resumed later (stack-progress.ts). A service
// contributes nothing before it was first seen and after it was gone; in the rows in which it came or went it counts if known,
// and is not missed if unknown.

import { compareNames } from '../../model/kinds/registry.js';
import type { Series } from '../../model/series.js';
import type { Span, StackMember, StackType } from '../define/graph-request.js';
import { graphKinds } from './quantity.js';
import { type Column, countMember, countSummed, emptyRows, type StackRows } from './stack-rows.js';
import { columnOf, rowsWithin } from './trace.js';

/** Most members of a stack that are named, unless all are. */
const maxNamed = 10;

/** The rows of more members than are named are kept, since which of some equal ones are named is decided by all of them. */
const candidatesPerNamed = 2;

/** The contribution of a service, or of all others, to each row (0 if unknown or absent), and in total, one entry per quantity. */
export interface Contribution {
  readonly values: readonly Float64Array[];
  /** 1 if it is there and known. */
  readonly known: Uint8Array;
  readonly sums: readonly number[];
  /** The total of `sums`, by which services are ranked. */
  readonly size: number;
}

/** The contribution of one service. */
export interface NamedContribution extends Contribution {
  readonly name: string;
  readonly hostNames: readonly string[];
}

/** A stack of the services added so far; plain data. */
export interface StackSums {
  readonly type: StackType;
  readonly rows: StackRows;
  /** Time of the newest reading of any service. */
  readonly newestS: number;
  readonly services: number;
  /** Most members that are named. */
  readonly mostNamed: number;
  /** The largest, in descending order; more than are named in the end (`withoutExcess`). */
  readonly named: readonly NamedContribution[];
  /** The sum of the others; null if there are none. */
  readonly others: Contribution | null;
}

/** The rows of a future stack. */
interface EmptyRows {
  readonly span: Pick<Span, 'startS'>;
  readonly rowS: number;
  readonly pdpS: number;
}

/** How many of the largest members a stack keeps the rows of. */
export function candidatesOf({ mostNamed }: Pick<StackSums, 'mostNamed'>): number {
  return mostNamed * candidatesPerNamed;
}

/** A stack without members; `most` of them are to be named. */
export function emptySums(type: StackType, { span, rowS, pdpS }: EmptyRows, most = maxNamed): StackSums {
  const rows = emptyRows({ startS: span.startS, stepS: rowS, pdpS }, 0);
  return { type, rows, newestS: 0, services: 0, mostNamed: most, named: [], others: null };
}

/**
 * The stacks with one more service; consumes the old ones. All members' rows have the same times. Throws a `UserError` if the
 * service lacks a data source that one of them shows.
 */
export function withMember(stacks: readonly StackSums[], member: StackMember, span: Span): readonly StackSums[] {
  const series = rowsWithin(member.series, span);
  return stacks.map((stack) => {
    const begun = rowsFor(stack, series);
    const rows = { ...begun, firstS: Math.min(begun.firstS, member.firstS) };
    const columns = graphKinds[stack.type].quantities.map(({ dataSource, scale }) => ({
      column: columnOf(series, dataSource),
      scale,
    }));
    const known = countMember(member, columns, rows);
    const sums = columns.map((column) => knownSum(column, known));
    const size = sums.reduce((total, sum) => total + sum, 0);
    const { name, hostNames } = member;
    const place = insertionIndex(stack.named, { name, size });
    const counted = {
      ...stack,
      rows,
      newestS: Math.max(stack.newestS, series.lastS || 0),
      services: stack.services + 1,
    };
    // Most are not among the largest, and need no rows of their own.
    const most = candidatesOf(stack);
    if (place >= most)
      return { ...counted, others: addTo(stack.others ?? noneOf(columns, rows), { columns, known, sums }) };
    const own = addTo(noneOf(columns, rows), { columns, known, sums });
    const ranked = stack.named.toSpliced(place, 0, { name, hostNames, ...own });
    const excess = ranked[most];
    return {
      ...counted,
      named: ranked.slice(0, most),
      others: excess === undefined ? stack.others : addMember(stack.others, excess),
    };
  });
}

/** Members that are there from one time on and until the end of the rows, in one sum: none of them is among the largest. */
export interface SummedMembers {
  readonly count: number;
  /** Time of the first reading of the first of them; all of them are there after the row in which it lies. */
  readonly firstS: number;
  /** The sums of those that are known, as `series.columns`, and their number as the last column. */
  readonly series: Series;
}

/** The stack with some more members, which are named together as others; consumes the old one. Throws as `withMember`. */
export function withSummed(stack: StackSums, { count, firstS, series: whole }: SummedMembers, span: Span): StackSums {
  const series = rowsWithin(whole, span);
  const begun = rowsFor(stack, series);
  const rows = { ...begun, firstS: Math.min(begun.firstS, firstS) };
  const counts = series.columns[series.columns.length - 1] ?? new Float64Array();
  const known = countSummed({ count, firstS, counts }, rows);
  const columns = graphKinds[stack.type].quantities.map(({ dataSource, scale }) => ({
    column: columnOf(series, dataSource),
    scale,
  }));
  const sums = columns.map((column) => knownSum(column, known));
  return {
    ...stack,
    rows,
    newestS: Math.max(stack.newestS, series.lastS || 0),
    services: stack.services + count,
    others: addTo(stack.others ?? noneOf(columns, rows), { columns, known, sums }),
  };
}

/** The sums with no more members than are named: the last ones join the others. The old sums stay as they are. */
export function withoutExcess(sums: StackSums): StackSums {
  const { mostNamed, named, others } = sums;
  const excess = named.slice(mostNamed);
  const [first, ...rest] = others === null ? excess : [others, ...excess];
  if (excess.length === 0 || first === undefined) return sums;
  const { values, known, sums: totals, size } = first;
  const copy = { values: values.map((column) => column.slice()), known: known.slice(), sums: totals, size };
  return { ...sums, named: named.slice(0, mostNamed), others: rest.reduce<Contribution>(addMember, copy) };
}

function rowsFor({ services, rows }: StackSums, series: StackMember['series']): StackRows {
  return services > 0 ? rows : emptyRows(series, series.columns[0]?.length ?? 0);
}

function insertionIndex(named: readonly NamedContribution[], one: Pick<NamedContribution, 'name' | 'size'>): number {
  const last = named.at(-1);
  if (last !== undefined && last.size > one.size) return named.length;
  const place = named.findIndex(
    ({ size, name }) => size < one.size || (size === one.size && compareNames(name, one.name) > 0),
  );
  return place < 0 ? named.length : place;
}

function knownSum({ column, scale }: Column, known: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < known.length; row++) if (known[row] === 1) sum += (column[row] ?? 0) * scale;
  return sum;
}

function noneOf(columns: readonly Column[], { length }: StackRows): Contribution {
  const values = columns.map(() => new Float64Array(length));
  return { values, known: new Uint8Array(length), sums: columns.map(() => 0), size: 0 };
}

/** A contribution plus a member's known rows, in the arrays of the old one. */
function addTo(
  { values, known, sums: before }: Contribution,
  added: { readonly columns: readonly Column[]; readonly known: Uint8Array; readonly sums: readonly number[] },
): Contribution {
  for (const [quantity, column] of added.columns.entries()) {
    const total = values[quantity];
    if (total !== undefined) addKnown(total, column, added.known);
  }
  markKnown(known, added.known);
  const sums = before.map((sum, quantity) => sum + (added.sums[quantity] ?? 0));
  return { values, known, sums, size: sums.reduce((total, sum) => total + sum, 0) };
}

// Loops over rows have functions of their own: the objects around them come in many shapes, which V8 would look up again for each row.
function markKnown(known: Uint8Array, added: Uint8Array): void {
  for (let row = 0; row < added.length; row++) if (added[row] === 1) known[row] = 1;
}

function addKnown(total: Float64Array, { column, scale }: Column, known: Uint8Array): void {
  for (let row = 0; row < known.length; row++) {
    if (known[row] === 1) total[row] = (total[row] ?? 0) + (column[row] ?? 0) * scale;
  }
}

/** The others, plus a member that is no longer among the largest. */
function addMember(others: Contribution | null, { values, known, sums, size }: Contribution): Contribution {
  if (others === null) return { values, known, sums, size };
  return addTo(others, { columns: values.map((column) => ({ column, scale: 1 })), known, sums });
}
