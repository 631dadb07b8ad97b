// Services against their usual week: which rates are far above or below what their hour of the week usually has. Where most services are
// off at once, as after a failover, they have one cause and make one sign.

import { type BaselineRate, baselineRates, byRate, isTooNew } from '../../model/baseline/baseline.js';
import type { BaselineColumns } from '../../model/baseline/baseline-columns.js';
import { type ExpectedRate, rateAround } from '../../model/baseline/expected-rate.js';
import { directorName } from '../../model/names/name.js';
import type { Observation, ObservedService } from './observation.js';
import type { Sign, Signs } from './reducer.js';

/** The usual weeks of the services, as far as they are known. */
export interface UsualWeek {
  readonly baselines: BaselineColumns;
  /** The number of a service in the columns. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** The usual week by stored baselines. */
export function usualWeek(baselines: BaselineColumns): UsualWeek {
  return { baselines, numbers: new Map(baselines.names.map((name, archive) => [name, archive])) };
}

/** The rates of a service now, per second, and what is usual for them. */
export type Comparison = Readonly<Record<BaselineRate, { readonly now: number; readonly usual: ExpectedRate }>>;

/** A service and its comparison. */
export interface ComparedService {
  readonly service: ObservedService;
  readonly comparison: Comparison;
}

/** Compares services with their usual week, except those whose rates are unknown, and those that are too new. */
export function compareAll(services: readonly ObservedService[], usual: UsualWeek | null): readonly ComparedService[] {
  const all: ComparedService[] = [];
  if (usual === null) return all;
  const { baselines, numbers } = usual;
  for (const service of services) {
    const archive = numbers.get(service.name);
    if (archive === undefined) continue;
    const comparison = byRate((rate, number) => ({
      now: service.rateOf(rate),
      usual: rateAround(baselines, archive, number),
    }));
    if (baselineRates.every((rate) => isJudged(comparison[rate]))) all.push({ service, comparison });
  }
  return all;
}

function isJudged({ now, usual }: Comparison[BaselineRate]): boolean {
  return !Number.isNaN(now) && !isTooNew(usual);
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
  for (const { service, comparison } of observation.comparisons()) {
    judged.add(service.name);
    const sign = signOf(comparison, service);
    if (sign !== null) found.set(service.name, sign);
  }
  const isUnknown = (subject: string): boolean => (subject === directorName ? judged.size === 0 : !judged.has(subject));
  if (found.size <= few || found.size < most * judged.size) return { found, isUnknown };
  const numbers = { services: found.size, of: judged.size };
  return { found: new Map([[directorName, { archives: [directorName], numbers }]]), isUnknown };
}
