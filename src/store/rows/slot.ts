// Time on the grid of the archives. Slot k is the step (stepS (k - 1), stepS k], named by its end: a reading exactly on a boundary closes
// the slot before it. Windows are runs of slots that are sealed together; days are runs whose readings expire together. Both are aligned to
// the epoch, like rrdtool's rows.

import type { Rra } from '../../model/archive.js';
import { type Retention, reachOf, standardRetention } from '../../model/retention.js';
import { type Denominators, denominatorsOf } from '../packing/row-column.js';

/** Seconds in a day: a whole number of slots and of windows. */
export const dayS = 86_400;

/** The longest window: 8 hours of five-minute steps. */
const maxSlotsPerWindow = 96;

/** A sheet is written again with each of its days, so it is not large: 16 days of 2-hour rows, 64 of day rows. */
const maxRowsPerSheet = 192;
const maxDaysPerSheet = 64;

/** Kinds of rows that outlive the readings, by the letter of their keys; the last one is for the coarsest rows. */
const coarseKinds = ['s', 't', 'u'] as const;

/** Kind of kept row, as in keys.ts. */
export type CoarseKind = (typeof coarseKinds)[number];

/** Kinds of imported rows, as in keys.ts, one per round-robin archive. */
const importedKinds = ['v', 'w', 'x', 'z'] as const;

/** Stored rows: the letter of their keys, the steps that each consolidates, and how long they are kept. */
export interface KeptRra<Kind = CoarseKind | (typeof importedKinds)[number]> {
  readonly kind: Kind;
  readonly pdpPerRow: number;
  readonly rowsPerDay: number;
  /** Days whose rows share a record: a sheet. */
  readonly daysPerSheet: number;
  readonly denominators: Denominators;
  readonly keptS: number;
}

/** Rows that outlive the readings. */
export type CoarseRra = KeptRra<CoarseKind>;

/** Rows that were imported. */
export type ImportedRra = KeptRra<(typeof importedKinds)[number]>;

/** The division of time for a retention. */
export interface Grid {
  readonly retention: Retention;
  readonly stepS: number;
  readonly slotsPerDay: number;
  /** Slots sealed into one chunk. */
  readonly slotsPerWindow: number;
  readonly windowsPerDay: number;
  readonly windowS: number;
  /** Seconds for which readings are kept: the span of the finest round-robin archive. */
  readonly readingsKeptS: number;
  /** The round-robin archives that reach further, the coarsest last; the others are derived from readings. */
  readonly coarse: readonly CoarseRra[];
  /** All round-robin archives, in the form that stores their imported rows. */
  readonly imported: readonly ImportedRra[];
  /** Seconds that the longest round-robin archive covers. */
  readonly longestKeptS: number;
}

const grids = new WeakMap<Retention, Grid>();

/** The grid of a retention, computed once. */
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
  const slotsPerWindow = largestDivisor(slotsPerDay, maxSlotsPerWindow);
  const reach = (rra: Rra | undefined): number => (rra === undefined ? 0 : reachOf(retention, rra));
  const readingsKeptS = reach(rras[0]);
  const outliving = rras.filter((rra) => reach(rra) > readingsKeptS);
  const kept = (rra: Rra): Omit<KeptRra, 'kind'> => {
    const { pdpPerRow } = rra;
    const rowsPerDay = slotsPerDay / pdpPerRow;
    const denominators = denominatorsOf({ stepS, pdpPerRow });
    return { pdpPerRow, rowsPerDay, daysPerSheet: daysPerSheet(rowsPerDay), denominators, keptS: reach(rra) };
  };
  const coarse = outliving.map((rra, i): CoarseRra => {
    const kind = coarseKinds[coarseKinds.length - outliving.length + i] ?? 'u';
    return { kind, ...kept(rra) };
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
      return kind === undefined ? [] : [{ kind, ...kept(rra) }];
    }),
    longestKeptS: reach(rras.at(-1)),
  };
}

/** As many days as there is room for in a sheet, a power of two. */
function daysPerSheet(rowsPerDay: number): number {
  let days = 1;
  while (2 * days <= maxDaysPerSheet && 2 * days * rowsPerDay <= maxRowsPerSheet) days *= 2;
  return days;
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
