// Services against their usual week: which rates are far above or below what their hour of the week usually has. Where most services are
// off at once, as after a failover, they have one cause and make one sign.

import { type BaselineRate, baselineRates, byRate, isTooNew } from '../../model/baseline/baseline.js';
import type { BaselineColumns } from '../../model/baseline/baseline-columns.js';
import { type ExpectedRate, rateAround } from '../../model/baseline/expected-rate.js';
import type { KnownState } from '../../model/cycle.js';
import { directorName } from '../../model/names/name.js';
import type { Observation, ObservedService } from './observation.js';
import type { Sign, Signs } from './reducer.js';

/** The usual weeks of the services, as far as they are known. */
export interface UsualWeek {
  readonly baselines: BaselineColumns;
  /** The number of a service in the columns. */
  readonly numbers: ReadonlyMap<string, number>;
  /** The same hour on days of rest; missing while nothing seems to have collapsed. */
  readonly atRest?: readonly UsualWeek[];
}

/** The usual week by stored baselines. */
export function usualWeek(baselines: BaselineColumns): UsualWeek {
  return { baselines, numbers: new Map(baselines.names.map((name, archive) => [name, archive])) };
}

/** Reads the baselines of the hour of a time, and of the hours around it. */
export type ReadBaselines = (timeS: number) => Promise<BaselineColumns>;

const dayS = 86_400;

/** Saturday and Sunday; 1970 began on a Thursday. */
const restDays = [2, 3];

/**
 * The usual week by stored baselines. Those of days of rest are read only when a service may have collapsed: the first sign of it is in the
 * known state, and opens nothing.
 */
export async function readUsualWeek(
  read: ReadBaselines,
  timeS: number,
  { findings = [] }: Pick<KnownState, 'findings'>,
): Promise<UsualWeek> {
  const own = usualWeek(await read(timeS));
  if (!findings.some(({ kind }) => kind === 'traffic-collapsed')) return own;
  const atRest: UsualWeek[] = [];
  for (const restS of restTimes(timeS)) atRest.push(usualWeek(await read(restS)));
  return { ...own, atRest };
}

/** The same time of day on the days of rest of the same week. */
export function restTimes(timeS: number): readonly number[] {
  const day = Math.floor(timeS / dayS) % 7;
  return restDays.map((rest) => timeS + (rest - day) * dayS);
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

/** The part of a rate on a day of rest that still is one, and the connections per second from which it can be told. */
const restPart = 0.5;
const leastAtRest = 0.03;

/**
 * Is this a day of rest out of turn, as a holiday is? Each rate is at least half of what it usually is at this hour on a Saturday or Sunday, and
 * the service has connections then.
 */
export function isLikeRest(comparison: Comparison, service: string, { atRest }: Observation): boolean {
  return atRest.some(({ baselines, numbers }) => {
    const archive = numbers.get(service);
    if (archive === undefined) return false;
    return baselineRates.every((rate, number) => {
      const { low, weeks } = rateAround(baselines, archive, number);
      if (isTooNew({ weeks }) || (rate === 'Conns' && low < leastAtRest)) return false;
      return comparison[rate].now >= restPart * low;
    });
  });
}

/** The most services that are a few, and the fraction of all that are most. */
const few = 3;
const most = 0.5;

/** A kind's judgement of one service. */
export interface TrafficJudge {
  /** Whether a fault would show: the service has, or usually has, enough traffic. */
  readonly canTell: (comparison: Comparison) => boolean;
  readonly signOf: (comparison: Comparison, service: ObservedService) => Sign | null;
}

/** The signs of the services that are off; one of the director where they have one cause. A standby director has none. */
export function signsAgainstUsual(observation: Observation, { canTell, signOf }: TrafficJudge): Signs {
  const found = new Map<string, Sign>();
  const judged = new Set<string>();
  if (isStandby(observation)) return { found };
  let telling = 0;
  for (const { service, comparison } of observation.comparisons()) {
    judged.add(service.name);
    if (canTell(comparison)) telling += 1;
    const sign = signOf(comparison, service);
    if (sign !== null) found.set(service.name, sign);
  }
  const isUnknown = (subject: string): boolean => (subject === directorName ? judged.size === 0 : !judged.has(subject));
  const areAll = found.size > 1 && found.size >= telling;
  if (!areAll && (found.size <= few || found.size < most * telling)) return { found, isUnknown };
  const numbers = { services: found.size, of: telling };
  return { found: new Map([[directorName, { archives: [directorName], numbers }]]), isUnknown };
}

/** Whether the director only receives connections from another one (ipvsadm --start-daemon backup), and no clients reach it. */
function isStandby({ table, services }: Observation): boolean {
  const daemons = table.director.kernel.syncDaemons ?? '';
  if (!daemons.includes('backup') || daemons.includes('master')) return false;
  return services().every((service) => service.rateOf('Conns') === 0);
}
