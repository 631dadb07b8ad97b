// The matrix of links: how the hosts of each data centre, or of each role, reach those of the others. What is lost is shown first; a link whose
// agent is silent is counted as stale, unless it was lost before.

import type { GroupCounts, LinkGroups } from '../../model/links/groups.js';
import type { LinkVerdict } from '../../model/links/link.js';

/** A cell: links from one group of hosts to another. */
export interface MatrixCell {
  /** '' where there are no links. */
  readonly text: string;
  readonly state: 'none' | LinkVerdict;
}

/** A matrix. */
export interface LinkMatrix {
  readonly names: readonly string[];
  readonly rows: readonly { readonly from: string; readonly cells: readonly MatrixCell[] }[];
  /** Groups that are left out, and links with an end of which the group is unknown. */
  readonly more: number;
  readonly unplaced: number;
}

/** Groups that are shown: those with lost links first, then those with the most links. */
const mostNames = 24;

const none: GroupCounts = { lost: 0, bad: 0, stale: 0, all: 0 };

/** The matrix of links; null if fewer than two groups are known. */
export function matrixOf({ pairs, unplaced }: LinkGroups): LinkMatrix | null {
  const totals = new Map<string, Total>();
  for (const [from, row] of pairs) {
    for (const [to, counts] of row) {
      for (const name of new Set([from, to])) totals.set(name, added(totals.get(name), counts));
    }
  }
  if (totals.size < 2) return null;
  const names = chosenNames(totals);
  const rows = names.map((from) => ({ from, cells: names.map((to) => cellOf(pairs.get(from)?.get(to) ?? none)) }));
  return { names, rows, more: totals.size - names.length, unplaced };
}

type Total = Pick<GroupCounts, 'lost' | 'all'>;

function added({ lost, all }: Total = none, counts: Total): Total {
  return { lost: lost + counts.lost, all: all + counts.all };
}

function chosenNames(totals: ReadonlyMap<string, Total>): readonly string[] {
  const ranked = [...totals].toSorted(([a, x], [b, y]) => y.lost - x.lost || y.all - x.all || (a < b ? -1 : 1));
  return ranked
    .slice(0, mostNames)
    .map(([name]) => name)
    .toSorted(byNumbers.compare);
}

/** Natural order: r2 before r10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

function cellOf({ lost, bad, stale, all }: GroupCounts): MatrixCell {
  if (all === 0) return { text: '', state: 'none' };
  if (lost > 0) return { text: `${lost} of ${all} lost`, state: 'lost' };
  if (bad > 0) return { text: `${bad} of ${all} bad`, state: 'lossy' };
  if (stale > 0) return { text: `${stale} of ${all} stale`, state: 'stale' };
  return { text: String(all), state: 'well' };
}
