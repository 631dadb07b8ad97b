// Time on the grid of the archives. Slot k is the step (300 (k - 1), 300 k] and is named by its end: a reading that falls
// exactly on a boundary closes the slot before it. Windows are the runs of slots that are sealed together, days those that
// leave the readings together; both are aligned to the epoch, as rrdtool's rows are.

import { rras, stepS } from '../model/archive.js';

/** Slots sealed into one chunk: 8 hours. */
export const slotsPerWindow = 96;

/** Slots in a day: as many as the coarsest row consolidates. */
export const slotsPerDay = 288;

/** Seconds for which readings are kept, which is what the finest archives cover: 100 days. */
export const readingsKeptS = longestS(({ pdpPerRow }) => pdpPerRow < 24);

/** Seconds covered by the archive with that many steps a row. */
export function keptS(pdpPerRow: number): number {
  return longestS((rra) => rra.pdpPerRow === pdpPerRow);
}

/** The slot in which a reading of that time falls. */
export function slotOf(timeS: number): number {
  return Math.ceil(timeS / stepS);
}

/** The window, or the day, of a slot. */
export function windowOf(slot: number): number {
  return Math.floor((slot - 1) / slotsPerWindow);
}

export function dayOf(slot: number): number {
  return Math.floor((slot - 1) / slotsPerDay);
}

function longestS(matches: (rra: { readonly pdpPerRow: number }) => boolean): number {
  return Math.max(...rras.filter(matches).map(({ pdpPerRow, rows }) => pdpPerRow * rows * stepS));
}
