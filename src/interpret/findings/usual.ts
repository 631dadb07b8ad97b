// Services against their usual week: which rates are far above or below what their hour of the week usually has. Where most services are
// off at once, as after a failover, they have one cause and make one sign.

import { type ArchiveBaselines, type BaselineRate, baselineRates, isTooNew } from '../../model/baseline/baseline.js';
import { type ExpectedRate, rateAround } from '../../model/baseline/expected-rate.js';
import { directorName } from '../../model/names/name.js';
import type { Observation, ObservedService } from './observation.js';
import type { Sign, Signs } from './reducer.js';

/** The usual weeks of the services, as far as they are known. */
export interface UsualWeek {
  readonly of: (service: string) => ArchiveBaselines | undefined;
}

/** The usual week by stored baselines. */
export function usualWeek(baselines: readonly ArchiveBaselines[]): UsualWeek {
  const byName = new Map(baselines.map((own) => [own.name, own]));
  return { of: (service) => byName.get(service) };
}

/** The rates of a service now, per second, and what is usual for them. */
export type Comparison = Readonly<Record<BaselineRate, { readonly now: number; readonly usual: ExpectedRate }>>;

/** Compares a service with its usual week; null if its rates are unknown, or it is too new. */
function compare(service: ObservedService, { usual }: Observation): Comparison | null {
  const baselines = usual?.of(service.name);
  if (usual === null || baselines === undefined) return null;
  const entries = baselineRates.map((rate) => {
    return [rate, { now: service.rateOf(rate), usual: rateAround(baselines, rate) }] as const;
  });
  const isKnown = entries.every(([, { now, usual: own }]) => !Number.isNaN(now) && !isTooNew(own));
  return isKnown ? (Object.fromEntries(entries) as Record<BaselineRate, Comparison[BaselineRate]>) : null;
}

/** The most services that are a few, and the fraction of all that are most. */
const few = 3;
const most = 0.5;

/** The signs of services that `signOf` finds off. */
export function signsAgainstUsual(
  observation: Observation,
  signOf: (comparison: Comparison, service: ObservedService) => Sign | null,
): Signs {
  const found = new Map<string, Sign>();
  const judged = new Set<string>();
  for (const service of observation.services()) {
    const comparison = compare(service, observation);
    if (comparison === null) continue;
    judged.add(service.name);
    const sign = signOf(comparison, service);
    if (sign !== null) found.set(service.name, sign);
  }
  const isUnknown = (subject: string): boolean => (subject === directorName ? judged.size === 0 : !judged.has(subject));
  if (found.size <= few || found.size < most * judged.size) return { found, isUnknown };
  const numbers = { services: found.size, of: judged.size };
  return { found: new Map([[directorName, { archives: [directorName], numbers }]]), isUnknown };
}
