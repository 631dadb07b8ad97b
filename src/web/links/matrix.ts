// The matrix of links: how the hosts of each data centre, or of each role, reach those of the others. What is lost is shown first; a link whose
// agent is silent is counted as stale, unless it was lost before.

import type { LinkVerdict } from '../../model/links/link.js';
import type { LinkRow } from '../../model/links/view.js';

/** The meanings that rows and columns can have. */
export const matrixAxes = ['dc', 'role'] as const;

/** The meaning of rows and columns of a matrix. */
export type MatrixAxis = (typeof matrixAxes)[number];

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

type Tally = Readonly<Record<'lost' | 'bad' | 'stale' | 'all', number>>;

const none: Tally = { lost: 0, bad: 0, stale: 0, all: 0 };

/** The matrix of links; null if fewer than two groups are known. */
export function matrixOf(links: readonly LinkRow[], axis: MatrixAxis): LinkMatrix | null {
  const cells = new Map<string, Map<string, Tally>>();
  const totals = new Map<string, Tally>();
  let unplaced = 0;
  for (const link of links) {
    const [from, to] = axis === 'dc' ? [link.fromDc, link.toDc] : [link.fromRole, link.toRole];
    if (from === null || to === null) {
      unplaced += 1;
      continue;
    }
    const row = cells.get(from) ?? new Map<string, Tally>();
    cells.set(from, row.set(to, counted(row.get(to), link)));
    for (const name of new Set([from, to])) totals.set(name, counted(totals.get(name), link));
  }
  if (totals.size < 2) return null;
  const names = chosenNames(totals);
  const rows = names.map((from) => ({ from, cells: names.map((to) => cellOf(cells.get(from)?.get(to) ?? none)) }));
  return { names, rows, more: totals.size - names.length, unplaced };
}

function counted({ lost, bad, stale, all }: Tally = none, { lostS, verdict }: LinkRow): Tally {
  const isLost = lostS !== null;
  const isStale = !isLost && verdict === 'stale';
  const isBad = !isLost && !isStale && verdict !== 'well';
  return { lost: lost + Number(isLost), bad: bad + Number(isBad), stale: stale + Number(isStale), all: all + 1 };
}

function chosenNames(totals: ReadonlyMap<string, Tally>): readonly string[] {
  const ranked = [...totals].toSorted(([a, x], [b, y]) => y.lost - x.lost || y.all - x.all || (a < b ? -1 : 1));
  return ranked
    .slice(0, mostNames)
    .map(([name]) => name)
    .toSorted(byNumbers.compare);
}

/** Natural order: r2 before r10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

function cellOf({ lost, bad, stale, all }: Tally): MatrixCell {
  if (all === 0) return { text: '', state: 'none' };
  if (lost > 0) return { text: `${lost} of ${all} lost`, state: 'lost' };
  if (bad > 0) return { text: `${bad} of ${all} bad`, state: 'lossy' };
  if (stale > 0) return { text: `${stale} of ${all} stale`, state: 'stale' };
  return { text: String(all), state: 'well' };
}
