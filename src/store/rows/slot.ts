// Time on the grid of the archives. Slot k is the step (stepS (k - 1), stepS k] and is named by its end: a reading that falls
// exactly on a boundary closes the slot before it. Windows are the runs of slots that are sealed together, days those that
// leave the readings together; both are aligned to the epoch, as rrdtool's rows are.

import type { Rra } from '../../model/archive.js';
import { type Retention, reachOf, standardRetention } from '../../model/retention.js';

/** Seconds of a day, which is a whole number of slots and of windows. */
export const dayS = 86_400;

/** The longest a window may be: 8 hours of five-minute steps. */
const mostSlotsPerWindow = 96;

/** Kinds of rows that outlive the readings, by the letter of their keys; the last one is of the coarsest rows. */
const coarseKinds = ['g', 'h', 'y'] as const;

/** Kind of kept row, as in keys.ts. */
export type CoarseKind = (typeof coarseKinds)[number];

/** Kinds of imported rows, as in keys.ts, one a round-robin archive. */
const importedKinds = ['i', 'j', 'k', 'l'] as const;

/** Rows that are kept as such: the letter of their keys, the steps each consolidates, and for how long. */
export interface KeptRra<Kind> {
  readonly kind: Kind;
  readonly pdpPerRow: number;
  readonly keptS: number;
}

/** Rows that are kept in the place of readings. */
export type CoarseRra = KeptRra<CoarseKind>;

/** Rows that were imported. */
export type ImportedRra = KeptRra<(typeof importedKinds)[number]>;

/** How time is divided, for what the archives keep. */
export interface Grid {
  readonly retention: Retention;
  readonly stepS: number;
  readonly slotsPerDay: number;
  /** Slots sealed into one chunk. */
  readonly slotsPerWindow: number;
  readonly windowsPerDay: number;
  readonly windowS: number;
  /** Seconds for which readings are kept, which is what the finest round-robin archive covers. */
  readonly readingsKeptS: number;
  /** The round-robin archives that reach further, the coarsest last; all others are derived from readings. */
  readonly coarse: readonly CoarseRra[];
  /** All of them, as imported rows of them are kept. */
  readonly imported: readonly ImportedRra[];
  /** Seconds that the round-robin archive covers which reaches furthest. */
  readonly longestKeptS: number;
}

const grids = new WeakMap<Retention, Grid>();

/** The grid of a retention; made once. */
export function gridOf(retention: Retention): Grid {
  const known = grids.get(retention);
  if (known !== undefined) return known;
  const grid = makeGrid(retention);
  grids.set(retention, grid);
  return grid;
}

function makeGrid(retention: Retention): Grid {
  const { stepS, rras } = retention;
  const slotsPerDay = dayS / stepS;
  const slotsPerWindow = largestDivisor(slotsPerDay, mostSlotsPerWindow);
  const reach = (rra: Rra | undefined): number => (rra === undefined ? 0 : reachOf(retention, rra));
  const readingsKeptS = reach(rras[0]);
  const outliving = rras.filter((rra) => reach(rra) > readingsKeptS);
  const coarse = outliving.map((rra, i): CoarseRra => {
    const kind = coarseKinds[coarseKinds.length - outliving.length + i] ?? 'y';
    return { kind, pdpPerRow: rra.pdpPerRow, keptS: reach(rra) };
  });
  return {
    retention,
    stepS,
    slotsPerDay,
    slotsPerWindow,
    windowsPerDay: slotsPerDay / slotsPerWindow,
    windowS: slotsPerWindow * stepS,
    readingsKeptS,
    coarse,
    imported: rras.flatMap((rra, i): ImportedRra[] => {
      const kind = importedKinds[i];
      return kind === undefined ? [] : [{ kind, pdpPerRow: rra.pdpPerRow, keptS: reach(rra) }];
    }),
    longestKeptS: reach(rras.at(-1)),
  };
}

function largestDivisor(of: number, most: number): number {
  let divisor = Math.min(of, most);
  while (of % divisor !== 0) divisor -= 1;
  return divisor;
}

/** The grid of standard archives. */
export const standardGrid = gridOf(standardRetention);

/** The slot in which a reading of that time falls. */
export function slotOf({ stepS }: Pick<Grid, 'stepS'>, timeS: number): number {
  return Math.ceil(timeS / stepS);
}

/** The window, or the day, of a slot. */
export function windowOf({ slotsPerWindow }: Grid, slot: number): number {
  return Math.floor((slot - 1) / slotsPerWindow);
}

export function dayOf({ slotsPerDay }: Grid, slot: number): number {
  return Math.floor((slot - 1) / slotsPerDay);
}
