// The times of an agent's rounds. Ten pings are spread over a round, so that a report can still be delivered, and sent again, before the next one.

import { phaseOf, probesPerRound, roundS, spacingS } from '../model/links/round.js';

/** The times of rounds; tests use shorter ones. */
export interface RoundTiming {
  /** Length of a round, seconds. */
  readonly lengthS: number;
  /** Second of the epoch, modulo a round, at which rounds begin. */
  readonly phaseS: number;
  /** Probes over a link in a round. */
  readonly probes: number;
  /** Seconds between two probes over a link. */
  readonly spacingS: number;
  /** Time after which a probe is lost, ms. */
  readonly timeoutMs: number;
}

/** The times of an agent's rounds (model/links/round.ts). */
export function timingOf(agent: string): RoundTiming {
  return { lengthS: roundS, phaseS: phaseOf(agent), probes: probesPerRound, spacingS, timeoutMs: 2000 };
}

/** The number of the round at a time, epoch seconds. */
export function roundNumber({ lengthS, phaseS }: RoundTiming, timeS: number): number {
  return Math.floor((timeS - phaseS) / lengthS);
}

/** When a round begins, epoch seconds. */
export function roundBeginS({ lengthS, phaseS }: RoundTiming, round: number): number {
  return round * lengthS + phaseS;
}

/** The passing of time, for waiting; tests have their own. */
export interface Clock {
  /** Epoch milliseconds by this machine's clock, which may be wrong. */
  readonly nowMs: () => number;
  /** Milliseconds since some moment, which no correction of the clock changes. */
  readonly steadyMs: () => number;
  /** Resolves after a time, ms, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The machine's clock. */
export const machineClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    }),
};
