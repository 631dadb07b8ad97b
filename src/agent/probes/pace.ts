// The pace of a round's probes. Ten probes over each link, spread over the round, and over each other's gaps; fewer where so many links would
// exceed the most packets in a second.

import type { RoundTiming } from '../timing.js';

/** Most pings a second of an agent. */
export const mostPingsPerS = 200;

/** Most connections a second of an agent: each takes several packets, and a file handle until its answer. */
export const mostConnectsPerS = 50;

/** Part of a period that is planned: a busy machine takes longer than the gaps. */
const plannedPart = 0.85;

/** The slowest pace between two links, ms: nobody gains from a slower one. */
const widestGapMs = 100;

/** The pace of the probes over some links. */
export interface Pace {
  /** Probes over each link. */
  readonly probes: number;
  /** From one probe over a link to the next, ms. */
  readonly periodMs: number;
  /** From one link to the next, ms. */
  readonly gapMs: number;
}

/** The pace for `links` links. */
export function paceOf(links: number, { probes, spacingS }: RoundTiming, mostPerS: number): Pace {
  const [spreadMs, leastGapMs] = [probes * spacingS * 1000, 1000 / mostPerS];
  const fitting = Math.floor((plannedPart * spreadMs) / (Math.max(links, 1) * leastGapMs));
  const own = Math.min(probes, Math.max(1, fitting));
  const periodMs = Math.floor(spreadMs / own);
  const evenMs = Math.floor((plannedPart * periodMs) / Math.max(links, 1));
  return { probes: own, periodMs, gapMs: Math.min(widestGapMs, Math.max(leastGapMs, evenMs)) };
}
