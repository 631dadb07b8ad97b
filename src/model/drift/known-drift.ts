// Drift as known after a cycle: what was compared, how it went, and the problems with the time since which each is known.

import type { ReferenceKind } from './expected.js';
import type { DriftProblem } from './problem.js';

/** A problem, and since when it is known, epoch seconds. */
export interface KnownProblem extends DriftProblem {
  readonly sinceS: number;
}

/** A reference of the newest cycle. */
export interface KnownReference {
  readonly kind: ReferenceKind;
  /** Its file, or the command that reads it. */
  readonly name: string;
  /** How many services it has; null if it could not be read. */
  readonly services: number | null;
  /** Since when it cannot be read, and why; null while it can. */
  readonly failure: { readonly sinceS: number; readonly text: string } | null;
  /** Remarks and what was left out; `maxKnownNotes` at most. */
  readonly notes: readonly string[];
  /** Whether it was read in full. */
  readonly isWhole: boolean;
}

/** Drift. */
export interface KnownDrift {
  readonly references: readonly KnownReference[];
  /** The first of them, `maxKnownProblems` at most. */
  readonly problems: readonly KnownProblem[];
  /** How many there are. */
  readonly count: number;
}

/** Most problems and notes that are kept between cycles. */
export const maxKnownProblems = 1000;
export const maxKnownNotes = 20;
