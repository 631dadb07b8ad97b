// What a benchmark finds out: some work, what it takes here and what it takes a peer, and what is asked of it.

import { medianOf, ratiosOf } from './statistics.js';

/** What a figure counts; processor time is in `ms` and `s` too, its row says so. */
export type Unit = 'ms' | 's' | 'bytes';

/** One value a round. */
export interface Figure {
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** What is asked for: a multiple of the peer, or a figure of our own. */
export type Goal =
  | { readonly text: string; readonly timesBetter: number }
  | { readonly text: string; readonly atMost: number };

/** A row of the page. */
export interface Comparison {
  readonly work: string;
  readonly ours: Figure;
  /** What the peer is; null where there is none to compare with. */
  readonly peer: string | null;
  /** Null where the peer is not installed. */
  readonly theirs: Figure | null;
  readonly target?: Goal;
  readonly stretch?: Goal;
}

/** How a service's work grows: a median for each number of services. */
export interface GrowthLine {
  readonly work: string;
  readonly unit: Unit;
  readonly points: readonly { readonly services: number; readonly value: number }[];
}

/** All that one benchmark has to tell. */
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

/** How many times less than the peer it takes here, round by round; empty without a peer's figure. */
export function timesBetter({ ours, theirs }: Comparison): readonly number[] {
  return theirs === null ? [] : ratiosOf(theirs.values, ours.values);
}

/** Is a goal met, by the medians? Null where that cannot be said for want of a peer. */
export function isMet(comparison: Comparison, goal: Goal): boolean | null {
  if ('atMost' in goal) return medianOf(comparison.ours.values) <= goal.atMost;
  const ratios = timesBetter(comparison);
  return ratios.length === 0 ? null : medianOf(ratios) >= goal.timesBetter;
}
