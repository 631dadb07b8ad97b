// What a stack is made of: its services row by row, the largest over the span by name, the rest as one.
// A service contributes nothing before it was first seen and after it was gone; what it did in the row in which it came
// or went counts where it is known, and is not missed where it is not.

import type { Span, StackMember, StackType } from './graph-request.js';
import { shortName } from './heading.js';
import { graphKinds } from './quantity.js';
import { assignPatterns, type Pattern } from './theme.js';
import { columnOf, rowsWithin } from './trace.js';

const mostNamed = 10;

/** A service, or all others: what it adds in each row (0 where unknown or not there), and in all, a quantity each. */
export interface Part {
  /** Name of the service's archive; null for the others. */
  readonly archive: string | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly pattern: Pattern;
  readonly values: readonly Float64Array[];
  /** 1 where it is there and known. */
  readonly known: Uint8Array;
  readonly sums: readonly number[];
  /** The sum of `sums`: what parts are ranked by. */
  readonly size: number;
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

/** What a stack is drawn from, as plain data: small, however many services there are. */
export interface Stack {
  readonly rows: StackRows;
  /** Largest first, the others last. */
  readonly parts: readonly Part[];
  /** How many services there are in it. */
  readonly services: number;
  /** Time of the newest reading of any of them. */
  readonly lastS: number;
}

/** The services of a stack, and what it shows of them. All members' rows are the same times. */
export interface StackIngredients {
  readonly type: StackType;
  readonly span: Pick<Span, 'startS' | 'endS'>;
  readonly members: readonly StackMember[];
}

type Contribution = Pick<Part, 'values' | 'known' | 'sums' | 'size'>;

/** Makes a stack of services. Throws a `UserError` where one lacks a data source that it shows. */
export function stackOf({ type, span, members }: StackIngredients): Stack {
  const series = members.map((member) => rowsWithin(member.series, span));
  const { startS, stepS } = series[0] ?? { startS: span.startS, stepS: 300 };
  const length = series[0]?.columns[0]?.length ?? 0;
  const firstS = members.reduce((earliest, member) => Math.min(earliest, member.firstS), Number.POSITIVE_INFINITY);
  const rows = { startS, stepS, length, firstS, present: new Uint32Array(length), known: new Uint32Array(length) };
  const ranked = members
    .map((member, index) => {
      const columns = graphKinds[type].quantities.map(({ dataSource, scale }) => {
        const within = series[index] ?? member.series;
        return { column: columnOf(within, dataSource), scale };
      });
      return { member, ...contributionOf(member, columns, rows) };
    })
    .sort((a, b) => b.size - a.size || (a.member.name < b.member.name ? -1 : 1));
  const named = ranked.slice(0, mostNamed);
  const patterns = assignPatterns(named.map(({ member }) => member.name));
  const parts = named.map(({ member, ...contribution }): Part => {
    const { name: archive, hostNames: hosts } = member;
    return { ...contribution, archive, name: shortName(archive), hosts, pattern: patterns.get(archive) ?? 'plain' };
  });
  const others = ranked.slice(mostNamed);
  if (others.length > 0) {
    const name = `others (${others.length})`;
    parts.push({ ...sumOf(others), archive: null, name, hosts: [], pattern: 'plain' });
  }
  const lastS = members.reduce((newest, { series: { lastS } }) => Math.max(newest, lastS || 0), 0);
  return { rows, parts, services: members.length, lastS };
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

function sumOf(contributions: readonly Contribution[]): Contribution {
  const [first] = contributions;
  const values = (first?.values ?? []).map((ofFirst, quantity) => {
    const sum = new Float64Array(ofFirst.length);
    for (const { values } of contributions) {
      const column = values[quantity] ?? sum;
      for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] ?? 0) + (column[row] ?? 0);
    }
    return sum;
  });
  const known = new Uint8Array(first?.known.length ?? 0).map((_, row) =>
    contributions.some((contribution) => contribution.known[row] === 1) ? 1 : 0,
  );
  const sums = (first?.sums ?? []).map((_, quantity) =>
    contributions.reduce((total, contribution) => total + (contribution.sums[quantity] ?? 0), 0),
  );
  return { values, known, sums, size: sums.reduce((total, sum) => total + sum, 0) };
}
