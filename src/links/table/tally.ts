// Counts probes for the archives. A tally changes in place: thousands of agents report every two minutes.

import type { Peak, ProbeCounts, Probes } from '../../model/links/counts.js';
import type { LinkResult } from '../../model/links/report.js';

/** The counts of a link, or of an agent. They are numbers of one object each, since there may be 200,000 that change every two minutes. */
export class Tally {
  readonly #bornS: number;
  #probes = 0;
  #lost = 0;
  #rounds = 0;
  #rttUs = 0;
  /** The newest round, and its part of the counts. */
  #round = -1;
  #newestProbes = 0;
  #newestLost = 0;
  #newestRounds = 0;
  #newestRttUs = 0;

  /** `bornS`: epoch seconds. */
  constructor(bornS: number) {
    this.#bornS = Math.floor(bornS);
  }

  /** Counts the probes over a link in a round. */
  add({ outcomes, rtt }: Pick<LinkResult, 'outcomes' | 'rtt'>, round: number): void {
    if (round !== this.#round) this.#begin(round);
    const lost = lostIn(outcomes);
    this.#probes += outcomes.length;
    this.#newestProbes += outcomes.length;
    this.#lost += lost;
    this.#newestLost += lost;
    if (rtt === null) return;
    const rttUs = Math.round(1000 * rtt);
    this.#rounds += 1;
    this.#newestRounds += 1;
    this.#rttUs += rttUs;
    this.#newestRttUs += rttUs;
  }

  #begin(round: number): void {
    this.#round = round;
    this.#newestProbes = 0;
    this.#newestLost = 0;
    this.#newestRounds = 0;
    this.#newestRttUs = 0;
  }

  /** The counts so far. */
  counts(): ProbeCounts {
    const newest: Probes = {
      probes: this.#newestProbes,
      lost: this.#newestLost,
      rounds: this.#newestRounds,
      rttUs: this.#newestRttUs,
    };
    return {
      bornS: this.#bornS,
      probes: this.#probes,
      lost: this.#lost,
      rounds: this.#rounds,
      rttUs: this.#rttUs,
      newest,
    };
  }
}

function lostIn(outcomes: string): number {
  let lost = 0;
  for (let i = 0; i < outcomes.length; i += 1) if (outcomes[i] === '0') lost += 1;
  return lost;
}

/** More maxima are never kept: the oldest are then left out. */
const mostPeaks = 64;

/** The maxima after another value. */
export function withPeak(peaks: readonly Peak[], own: Peak): readonly Peak[] {
  const higher = peaks.filter(({ ms }) => ms > own.ms);
  return [...higher, own].slice(-mostPeaks);
}
