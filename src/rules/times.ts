// How long alerts are held (`for`), so that a wider cause fires before those that it explains, whatever the order in which their evidence is
// scraped and evaluated: rack, then host and service, then real server, as pages are held (model/policy/paging.ts), and a further step apart.
// Alertmanager's inhibition works only between alerts that fire.

import { holdsOf, type PagingPolicy } from '../model/policy/paging.js';

/** The clocks that the rules have to bridge, seconds. */
export interface RuleClocks {
  /** The step of the archives: how often findings can change. */
  readonly stepS: number;
  readonly scrapeS: number;
  readonly evaluationS: number;
  /** How late a scrape, an evaluation or an alert may be. */
  readonly skewS: number;
}

/** The times of the rules, seconds. */
export interface RuleTimes extends RuleClocks {
  /** A scrape, an evaluation and the skew: how far apart two alerts of one cause may be seen. */
  readonly apartS: number;
  readonly rackS: number;
  readonly hostS: number;
  readonly serviceS: number;
  readonly serverS: number;
  /** How long the page of a cause that has ended covers what is still broken. */
  readonly coverS: number;
  /** Hosts that die within this time die together. */
  readonly togetherS: number;
  /** How long the state of a director that no longer answers is kept. */
  readonly keptS: number;
}

/** The times that follow from a policy. */
export function ruleTimes(policy: PagingPolicy, clocks: RuleClocks): RuleTimes {
  const { rackS, hostS, serviceS, serverS } = holdsOf(policy, clocks.stepS);
  const apartS = clocks.scrapeS + clocks.evaluationS + clocks.skewS;
  return {
    ...clocks,
    apartS,
    rackS,
    hostS: hostS + apartS,
    serviceS: serviceS + apartS,
    serverS: serverS + 2 * apartS,
    coverS: Math.max(serverS, 2 * clocks.evaluationS),
    togetherS: 2 * serverS,
    keptS: 4 * clocks.stepS,
  };
}

/** A length of time as Prometheus writes it: `7m10s`. */
export function durationText(seconds: number): string {
  const wholeMs = Math.round(seconds * 1000);
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const;
  let left = wholeMs;
  let text = '';
  for (const [unit, ms] of units) {
    const count = Math.floor(left / ms);
    left -= count * ms;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
