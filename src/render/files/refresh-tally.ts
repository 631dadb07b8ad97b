// The request of a refresh, and its tally: how many pictures were drawn, failed, or wait for the next cycle.

import type { Period } from '../define/graph-request.js';
import type { DrawOutcome, DrawTally } from '../png/draw-tally.js';
import type { FailedPictures } from './failed-pictures.js';
import type { Studio } from './standing-picture.js';
import type { ViewedPictures } from './viewed-pictures.js';

/** The request of a refresh. */
export interface RefreshRequest extends Studio {
  /** How busy each archive is just now; the higher, the sooner its pictures are drawn. */
  readonly busyness: ReadonlyMap<string, number>;
  /** False once the budget is spent; `share` is the part of it that may be spent on what is asked about. */
  readonly hasBudget: (share: number) => boolean;
  readonly periods: readonly Period[];
  /** If given, only the stacks, the pictures of new archives and these are drawn. */
  readonly viewed?: ViewedPictures;
}

/** The outcome of a refresh; `waiting` pictures did not fit the budget. */
export interface RefreshTally extends DrawTally {
  waiting: number;
}

/** The counts of a refresh while it runs. */
export interface RefreshCounts {
  readonly tally: RefreshTally;
  readonly failures: FailedPictures;
}

/** Remembers which of the pictures that were tried have failed. */
export function noteDrawn(
  failures: FailedPictures,
  tried: readonly { readonly path: string }[],
  results: readonly DrawOutcome[],
): void {
  const failed = results.flatMap((result) => (typeof result === 'string' ? [] : [result.path]));
  failures.note(
    tried.map(({ path }) => path),
    failed,
  );
}
