// What share of its connections each real server should have, where the scheduler promises one, and whether it has. Round robin
// (rr, wrr) deals out new connections evenly or by weight; least connections (lc, wlc) keeps the active ones so. Persistence
// sends clients back to where they were, and promises nothing; nor do the other schedulers. See ipvsadm(8), --scheduler.
//
// Chance alone, were each of n connections dealt out by lot, leaves a share p within p ± 3 √(p (1 − p) / n) in 997 of 1,000 rows
// (normal approximation of the binomial distribution); a scheduler that keeps its promise stays well within.

import { nameWithin } from '../../model/names/name.js';
import type { ServiceSetup } from '../../model/service/service-setup.js';
import type { Span, StackMember } from '../define/graph-request.js';
import { columnOf, rowsWithin } from './trace.js';

/** What is dealt out fairly: new connections, or those that are open. */
export type Dealt = 'Conns' | 'ActiveConn';

/** The shares promised from `startS` to `endS`; of each part of a stack, in its order, as part of one. */
export interface FairStretch {
  readonly startS: number;
  readonly endS: number;
  readonly shares: readonly number[];
}

/** A real server that has another share than was promised, and since which row. */
export interface Imbalance {
  /** Its archive. */
  readonly name: string;
  readonly dealt: Dealt;
  readonly share: number;
  readonly fairShare: number;
  readonly sinceS: number;
}

/** Standard deviations that chance is given. */
const chanceDeviations = 3;

/** What a scheduler promises to deal out fairly; null where it promises nothing. */
export function dealtBy({ scheduler, flags }: Pick<ServiceSetup, 'scheduler' | 'flags'>): Dealt | null {
  if (flags.split(' ').includes('persistent')) return null;
  if (scheduler === 'rr' || scheduler === 'wrr') return 'Conns';
  return scheduler === 'lc' || scheduler === 'wlc' ? 'ActiveConn' : null;
}

/** Are shares by weight, or even among all whose weight is not 0? */
export function isByWeight({ scheduler }: Pick<ServiceSetup, 'scheduler'>): boolean {
  return scheduler.startsWith('w');
}

/** The share that each real server is promised, by its name within the service. */
export function fairShares(setup: ServiceSetup): ReadonlyMap<string, number> {
  const parts = [...setup.weights].map(
    ([name, weight]) => [name, isByWeight(setup) ? weight : Math.min(1, weight)] as const,
  );
  const sum = parts.reduce((total, [, part]) => total + part, 0);
  return new Map(parts.map(([name, part]) => [name, sum > 0 ? part / sum : Number.NaN]));
}

/** How far chance alone may take a share of n. */
export function chanceOf(share: number, n: number): number {
  return n > 0 ? chanceDeviations * Math.sqrt((share * (1 - share)) / n) : Number.POSITIVE_INFINITY;
}

/** A share is off when it differs from what was promised by more than chance, and by more than this part of it. */
const leastOff = 0.1;

/** Rows in which a share has to be off, one after the other, before it is said. */
const leastRows = 3;

/** A row of which fewer than this many connections were expected tells nothing. */
const leastExpected = 5;

/** What an imbalance is looked for with. */
interface Search {
  /** Its newest set-up; what was before it was promised something else. */
  readonly setup: ServiceSetup;
  readonly span: Span;
}

/** The real server whose share has been off the most, up to the newest row; null where none is. */
export function imbalanceOf(members: readonly StackMember[], { setup, span }: Search): Imbalance | null {
  const dealt = dealtBy(setup);
  if (dealt === null) return null;
  const shares = fairShares(setup);
  // One of weight 0 is dealt nothing, though connections may still be open there.
  const dealtTo = members.filter(({ name }) => (shares.get(nameWithin(name)) ?? 0) > 0);
  const counted = dealtTo.map((member) => countsOf(member, dealt, span));
  const totals = totalsOf(counted, setup);
  const found = counted.flatMap((one) => {
    const fairShare = shares.get(nameWithin(one.name)) ?? Number.NaN;
    const run = runOf(one, totals, fairShare);
    return run === null ? [] : [{ name: one.name, dealt, fairShare, ...run }];
  });
  const worst = found.reduce<(typeof found)[number] | null>((a, b) => (a === null || b.off > a.off ? b : a), null);
  if (worst === null) return null;
  const { off: _, ...imbalance } = worst;
  return imbalance;
}

interface Counts {
  readonly name: string;
  readonly startS: number;
  readonly stepS: number;
  readonly counts: Float64Array;
}

/** Connections in each row: those that came, or those that were open. */
function countsOf({ name, series }: StackMember, dealt: Dealt, span: Span): Counts {
  const rows = rowsWithin(series, span);
  const scale = dealt === 'Conns' ? rows.stepS : 1;
  return { name, startS: rows.startS, stepS: rows.stepS, counts: columnOf(rows, dealt).map((value) => value * scale) };
}

/** The sum in each row of which all is known, and that lies within the set-up; NaN in the others. */
function totalsOf(counted: readonly Counts[], { startS, endS }: ServiceSetup): Float64Array {
  const [first] = counted;
  if (first === undefined) return new Float64Array();
  return first.counts.map((_, row) => {
    const fromS = first.startS + row * first.stepS;
    if (fromS < startS || fromS + first.stepS > endS) return Number.NaN;
    return counted.reduce((sum, { counts }) => sum + (counts[row] ?? Number.NaN), 0);
  });
}

/** The rows up to the newest in which a share was off to the same side; null where they are too few. */
function runOf(
  { counts, startS, stepS }: Counts,
  totals: Float64Array,
  fairShare: number,
): { share: number; sinceS: number; off: number } | null {
  let [rows, count, total, side, sinceS] = [0, 0, 0, 0, 0];
  for (let row = totals.length - 1; row >= 0; row--) {
    const n = totals[row] ?? Number.NaN;
    if (Number.isNaN(n) || n * fairShare < leastExpected) continue;
    const difference = (counts[row] ?? 0) / n - fairShare;
    const isOff = Math.abs(difference) > Math.max(chanceOf(fairShare, n), leastOff * fairShare);
    if (!isOff || (side !== 0 && Math.sign(difference) !== side)) break;
    side = Math.sign(difference);
    rows += 1;
    count += counts[row] ?? 0;
    total += n;
    sinceS = startS + row * stepS;
  }
  if (rows < leastRows) return null;
  const share = count / total;
  return { share, sinceS, off: Math.abs(share - fairShare) / Math.sqrt((fairShare * (1 - fairShare)) / total) };
}
