// The load on the other real servers of a service if some had died at its peak. New connections of the lost ones are dealt to the others in
// proportion to those that each took then, as in spare.ts.

import type { ServerAtPeak } from './spare.js';

/** The peak of a service in the last 30 days. */
export interface ServicePeak {
  /** The end of the step. */
  readonly atS: number;
  /** The rate of the service itself, new connections per second. */
  readonly whole: number;
  /** The usable real servers that were there. */
  readonly servers: readonly ServerAtPeak[];
}

/** New connections per second at the peak under which loads say nothing: chance shapes them. */
export const leastPeakPerS = 1;

/** The load after a loss. */
export interface LossLoad {
  /** The load of the heaviest of the others, as a part of the most it ever held; NaN if unknown. */
  readonly part: number;
  /** That one; null if unknown. */
  readonly heaviest: string | null;
}

const unknownLoad: LossLoad = { part: Number.NaN, heaviest: null };

/** The load on the others if `lost` had died at the peak; unknown without a peak, and if none of the others took connections then. */
export function loadAfter(peak: ServicePeak | null, lost: ReadonlySet<string>): LossLoad {
  if (peak === null) return unknownLoad;
  const { servers, whole } = peak;
  const sum = servers.reduce((total, { atPeak }) => total + atPeak, 0);
  const others = servers.filter(({ name, atPeak }) => !lost.has(name) && atPeak > 0);
  const held = others.reduce((total, { atPeak }) => total + atPeak, 0);
  // Its load at the peak it has held.
  const loads = others.map(({ name, atPeak, most }) => ({
    heaviest: name,
    part: (atPeak * Math.max(sum, whole)) / held / Math.max(most, atPeak),
  }));
  if (loads.length === 0 || loads.some(({ part }) => Number.isNaN(part))) return unknownLoad;
  return loads.reduce((a, b) => (b.part > a.part ? b : a));
}
