// Whether each real server has the share of its connections that the scheduler promises (model/service/promise.ts), row by row.

import { nameWithin } from '../../model/names/name.js';
import { chanceOf, type DealtQuantity, dealtBy, minExpected, promisedPart } from '../../model/service/promise.js';
import type { ServiceSetup } from '../../model/service/service-setup.js';
import type { Span, StackMember } from '../define/graph-request.js';
import { columnOf, rowsWithin } from './trace.js';

/** The shares promised from `startS` to `endS`: for each part of a stack, in order, as a fraction. */
export interface FairStretch {
  readonly startS: number;
  readonly endS: number;
  readonly shares: readonly number[];
}

/** A real server whose share differs from the promised one, and since which row. */
export interface Imbalance {
  /** Its archive. */
  readonly name: string;
  readonly dealt: DealtQuantity;
  readonly share: number;
  readonly fairShare: number;
  readonly sinceS: number;
}

/** The share promised to each real server, by its name within the service. */
export function fairShares(setup: ServiceSetup): ReadonlyMap<string, number> {
  const parts = [...setup.weights].map(([name, weight]) => [name, promisedPart(setup, weight)] as const);
  const sum = parts.reduce((total, [, part]) => total + part, 0);
  return new Map(parts.map(([name, part]) => [name, sum > 0 ? part / sum : Number.NaN]));
}

/** A share is off if it differs from the promise by more than chance, and by more than this fraction of it. */
const minOff = 0.1;

/** Consecutive rows in which a share must be off before it is reported. */
const minRows = 3;

/** The input of the search for an imbalance. */
interface Search {
  /** Its newest set-up; earlier ones made other promises. */
  readonly setup: ServiceSetup;
  readonly span: Span;
}

/** The real server whose share is off the most, up to the newest row; null if there is none. */
export function imbalanceOf(members: readonly StackMember[], { setup, span }: Search): Imbalance | null {
  const dealt = dealtBy(setup);
  if (dealt === null) return null;
  const shares = fairShares(setup);
  // A server of weight 0 receives nothing, though connections may still be open there.
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

/** Connections in each row: new ones, or open ones. */
function countsOf({ name, series }: StackMember, dealt: DealtQuantity, span: Span): Counts {
  const rows = rowsWithin(series, span);
  const scale = dealt === 'Conns' ? rows.stepS : 1;
  return { name, startS: rows.startS, stepS: rows.stepS, counts: columnOf(rows, dealt).map((value) => value * scale) };
}

/** The sum of each row that is fully known and lies within the set-up; NaN in the others. */
function totalsOf(counted: readonly Counts[], { startS, endS }: ServiceSetup): Float64Array {
  const [first] = counted;
  if (first === undefined) return new Float64Array();
  return first.counts.map((_, row) => {
    const fromS = first.startS + row * first.stepS;
    if (fromS < startS || fromS + first.stepS > endS) return Number.NaN;
    return counted.reduce((sum, { counts }) => sum + (counts[row] ?? Number.NaN), 0);
  });
}

/** The rows up to the newest in which a share was off to the same side; null if they are too few. */
function runOf(
  { counts, startS, stepS }: Counts,
  totals: Float64Array,
  fairShare: number,
): { share: number; sinceS: number; off: number } | null {
  let [rows, count, total, side, sinceS] = [0, 0, 0, 0, 0];
  for (let row = totals.length - 1; row >= 0; row--) {
    const n = totals[row] ?? Number.NaN;
    if (Number.isNaN(n) || n * fairShare < minExpected) continue;
    const difference = (counts[row] ?? 0) / n - fairShare;
    const isOff = Math.abs(difference) > Math.max(chanceOf(fairShare, n), minOff * fairShare);
    if (!isOff || (side !== 0 && Math.sign(difference) !== side)) break;
    side = Math.sign(difference);
    rows += 1;
    count += counts[row] ?? 0;
    total += n;
    sinceS = startS + row * stepS;
  }
  if (rows < minRows) return null;
  const share = count / total;
  return { share, sinceS, off: Math.abs(share - fairShare) / Math.sqrt((fairShare * (1 - fairShare)) / total) };
}
