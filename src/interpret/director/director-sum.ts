// The director's own reading: the sum over its services, known only if every service is known.

import { ipvsDataSources } from '../../model/archive.js';
import type { DirectorBefore, KnownService } from '../../model/cycle.js';
import type { ServiceOutcome } from './interpret-service.js';

/** The number of data sources that are gauges; they come first. */
export const gauges = ipvsDataSources.filter(({ kind }) => kind === 'GAUGE').length;

/** The director's reading while it is being summed. */
export interface DirectorSum {
  readonly values: Float64Array;
  readonly sinceS: number;
}

/** An empty sum. */
export function directorSum(previous: DirectorBefore, timeS: number): DirectorSum {
  const values = new Float64Array(ipvsDataSources.length);
  if (previous.timeS === null) values.fill(Number.NaN, gauges);
  return { values, sinceS: previous.timeS ?? timeS - 1 };
}

/** The state of a service in the previous table: there, gone, or never seen. */
type Membership = 'known' | 'gone' | 'new';

/** Looks up a service in the previous table. */
export function membershipOf({ gone }: DirectorBefore, name: string, before: KnownService | undefined): Membership {
  if (before !== undefined) return 'known';
  return gone.has(name) ? 'gone' : 'new';
}

/**
 * Adds a service to the director's sum, and returns whether its growth is known. A service never seen before was added since
 * the last reading, so its counters are its growth. If the growth of one service is unknown, so is the director's: a partial
 * sum would be drawn as a drop.
 */
export function addToDirector(
  { values, sinceS }: DirectorSum,
  outcome: ServiceOutcome,
  membership: Membership,
): boolean {
  const { open, known, readings } = outcome;
  values[0] = at(values, 0) + open.active;
  values[1] = at(values, 1) + open.inactive;
  const growth = readings[0]?.values ?? values;
  const isWhole = membership === 'known' && readings[0]?.sinceS === sinceS;
  let isKnown = true;
  for (let i = gauges; i < values.length; i += 1) {
    const added = membership === 'new' ? Number(known.counters[i - gauges]) : isWhole ? at(growth, i) : Number.NaN;
    values[i] = at(values, i) + added;
    isKnown &&= !Number.isNaN(added);
  }
  return isKnown;
}

/** Adds the values of a service that has been there since the last reading; they are known. */
export function addRowToDirector({ values }: DirectorSum, added: Float64Array, from: number): void {
  for (let i = 0; i < values.length; i += 1) values[i] = at(values, i) + at(added, from + i);
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? Number.NaN;
}
