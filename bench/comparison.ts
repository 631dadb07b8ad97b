// The result of a benchmark: some work, its cost here and for a peer, and the goal.

import { medianOf, ratiosOf } from './statistics.js';

/** The unit of a figure; processor time also uses `ms` and `s`, and its row says so. */
export type Unit = 'ms' | 's' | 'bytes';

/** One value per round. */
export interface Figure {
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** The goal: a multiple of the peer, or a figure of our own. */
export type Goal =
  | { readonly text: string; readonly timesBetter: number }
  | { readonly text: string; readonly atMost: number };

/** A row of the page. */
export interface Comparison {
  readonly work: string;
  readonly ours: Figure;
  /** A description of the peer; null when there is none to compare with. */
  readonly peer: string | null;
  /** Null when the peer is not installed. */
  readonly theirs: Figure | null;
  readonly target?: Goal;
  readonly stretch?: Goal;
}

/** The growth of a service's work: a median for each number of services. */
export interface GrowthLine {
  readonly work: string;
  readonly unit: Unit;
  readonly points: readonly { readonly services: number; readonly value: number }[];
}

/** The results of one benchmark. */
export interface Findings {
  readonly comparisons?: readonly Comparison[];
  readonly growth?: readonly GrowthLine[];
  /** How it was measured, as whole sentences. */
  readonly notes?: readonly string[];
}

/** A figure in milliseconds. */
export function msOf(values: readonly number[]): Figure {
  return { unit: 'ms', values };
}

/** How many times cheaper than the peer it is here, round by round; empty without a peer's figure. */
export function timesBetter({ ours, theirs }: Comparison): readonly number[] {
  return theirs === null ? [] : ratiosOf(theirs.values, ours.values);
}

/** Is a goal met, by the medians? Null when this is unknown for lack of a peer. */
export function isMet(comparison: Comparison, goal: Goal): boolean | null {
  if ('atMost' in goal) return medianOf(comparison.ours.values) <= goal.atMost;
  const ratios = timesBetter(comparison);
  return ratios.length === 0 ? null : medianOf(ratios) >= goal.timesBetter;
}
