// Counts probes for the archives. A tally changes in place: thousands of agents report every two minutes.

import type { Peak, ProbeCounts, Probes } from '../../model/links/counts.js';
import type { LinkResult } from '../../model/links/report.js';

const none: Probes = { probes: 0, lost: 0, rounds: 0, rttUs: 0 };

/** The counts of a link, or of an agent. */
export class Tally {
  readonly #bornS: number;
  #all = none;
  #newest = none;
  #round = -1;

  /** `bornS`: epoch seconds. */
  constructor(bornS: number) {
    this.#bornS = Math.floor(bornS);
  }

  /** Counts the probes over a link in a round. */
  add(result: LinkResult, round: number): void {
    this.#all = withRound(this.#all, result);
    this.#newest = withRound(round === this.#round ? this.#newest : none, result);
    this.#round = round;
  }

  /** The counts so far. */
  counts(): ProbeCounts {
    return { bornS: this.#bornS, ...this.#all, newest: this.#newest };
  }
}

function withRound({ probes, lost, rounds, rttUs }: Probes, { outcomes, rtt }: LinkResult): Probes {
  let losses = 0;
  for (const digit of outcomes) if (digit === '0') losses += 1;
  return {
    probes: probes + outcomes.length,
    lost: lost + losses,
    rounds: rtt === null ? rounds : rounds + 1,
    rttUs: rtt === null ? rttUs : rttUs + Math.round(1000 * rtt),
  };
}

/** More maxima are never kept: the oldest are then left out. */
const mostPeaks = 64;

/** The maxima after another value. */
export function withPeak(peaks: readonly Peak[], own: Peak): readonly Peak[] {
  const higher = peaks.filter(({ ms }) => ms > own.ms);
  return [...higher, own].slice(-mostPeaks);
}
