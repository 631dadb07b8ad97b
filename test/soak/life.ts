// The long life of a director, reading by reading. A seed determines all of it, so that checks can repeat it without storing it.
//
// Readings come at a jittered pace, never further apart than the heartbeat, so that all values are known. Every few days there is
// an incident, from the end of one step to the end of another: no readings for a while, or counters restart. Unknown values thus
// cover whole steps, which keeps the definition of a row simple (see expected-rows.ts).

import type { Retention } from '../../src/model/retention.js';
import type { Counters, ServiceReading, Snapshot } from '../../src/model/snapshot.js';
import { randomFrom } from '../random.js';
import { stepS } from '../standard.js';

/** The parameters of a life. */
export interface LifeOptions {
  readonly seed: number;
  readonly services: number;
  /** Each service has its own real server. */
  readonly hasRealServers: boolean;
  /** Time of the first reading, at the end of a step, and of the end of the life. */
  readonly startS: number;
  readonly endS: number;
  /** The shortest interval between readings, and the most that is added to it. */
  readonly paceS: number;
  readonly jitterS: number;
  /** The longest silence; most are far shorter. */
  readonly longestSilenceS: number;
  /** The rows that its archives keep; the step is the standard one. */
  readonly retention: Retention;
}

/** One reading of the table. */
export interface Moment {
  readonly timeS: number;
  readonly services: readonly ServiceMoment[];
}

/** A service at one reading: open connections, and the growth of its five counters; null after they restart. */
export interface ServiceMoment {
  readonly gauges: readonly [number, number];
  readonly growth: readonly number[] | null;
}

/** Average days between incidents, and the share of restarts; the others are silences. */
const incidentDays = 1;
const restartShare = 0.4;

/** Generates a life. */
export function* tellLife(options: LifeOptions): Generator<Moment> {
  const { seed, services, hasRealServers, startS, endS, paceS, jitterS, longestSilenceS } = options;
  const random = randomFrom(seed);
  const numbers = Array.from({ length: services }, (_, i) => i);
  const moment = (timeS: number, sinceS: number, restarted: readonly number[]): Moment => {
    const stretch = { random, lengthS: timeS - sinceS, hasRealServers };
    return { timeS, services: numbers.map((i) => momentOf(i, { ...stretch, isRestarted: restarted.includes(i) })) };
  };
  let timeS = startS;
  let incidentS = startS + incidentDays * 86_400 * random();
  yield moment(timeS, timeS - stepS, []);
  while (timeS < endS) {
    if (timeS < incidentS) {
      const sinceS = timeS;
      timeS += paceS + Math.floor(random() * jitterS);
      yield moment(timeS, sinceS, []);
      continue;
    }
    const boundaryS = (Math.floor(timeS / stepS) + 1) * stepS;
    yield moment(boundaryS, timeS, []);
    const isRestart = random() < restartShare;
    timeS = boundaryS + (isRestart ? 1 : 3 + Math.floor((longestSilenceS / stepS) ** random())) * stepS;
    yield moment(timeS, boundaryS, isRestart ? numbers.filter(() => random() < 0.5) : []);
    incidentS = timeS + 2 * incidentDays * 86_400 * random();
  }
}

interface Stretch {
  readonly random: () => number;
  readonly lengthS: number;
  readonly hasRealServers: boolean;
  readonly isRestarted: boolean;
}

/** Whole numbers that rise with the service's number. Only real servers have open connections. */
function momentOf(service: number, { random, lengthS, hasRealServers, isRestarted }: Stretch): ServiceMoment {
  const conns = Math.floor(lengthS * (1 + (service % 50)) * (0.5 + random()));
  const inPkts = conns * 9 + Math.floor(random() * 500);
  const outPkts = conns * 11 + Math.floor(random() * 500);
  const most = hasRealServers ? 5000 : 0;
  const gauges = [Math.floor(random() * most), Math.floor((random() * most) / 5)] as const;
  return { gauges, growth: isRestarted ? null : [conns, inPkts, outPkts, inPkts * 131, outPkts * 977] };
}

/** The five counters of a service before its first reading. */
export const firstCounters: readonly bigint[] = [1n, 1n, 1n, 1n, 1n].map((one) => one << 40n);

/** The counters after they have grown; after a restart (null) they are far lower. */
export function nextCounters(counters: readonly bigint[], growth: readonly number[] | null): readonly bigint[] {
  return counters.map((value, j) => (growth === null ? value / 4n : value + BigInt(growth[j] ?? 0)));
}

/** The tables that a collector reads in that life. */
export function* snapshotsOf(options: LifeOptions): Generator<Snapshot> {
  const counters = Array.from({ length: options.services }, () => firstCounters);
  for (const { timeS, services } of tellLife(options)) {
    const readings = services.map(({ gauges, growth }, i): ServiceReading => {
      const now = nextCounters(counters[i] ?? [], growth);
      counters[i] = now;
      return readingOf(i, { counters: toCounters(now), gauges, hasRealServers: options.hasRealServers });
    });
    yield { timeS, host: null, services: readings };
  }
}

/** The archive name of a service, by its number. */
export function nameOf(service: number): string {
  return `${addressOf(service)}_80`;
}

/** The real server of each service, as in its archive name. */
export const realServer = '10.0.0.1_80';

interface Shown {
  readonly counters: Counters;
  readonly gauges: readonly [number, number];
  readonly hasRealServers: boolean;
}

/** A service of the table. Its real server, if any, has the same values. */
export function readingOf(service: number, { counters, gauges, hasRealServers }: Shown): ServiceReading {
  const [activeConn, inActConn] = gauges;
  const own = { id: { address: '10.0.0.1', port: 80 }, counters, forwarding: 'Masq', weight: 1 } as const;
  return {
    id: { kind: 'address', protocol: 'tcp', address: addressOf(service), port: 80 },
    counters,
    scheduler: 'wlc',
    flags: '',
    realServers: hasRealServers ? [{ ...own, activeConn, inActConn }] : [],
  };
}

function addressOf(service: number): string {
  return `198.18.${service >> 8}.${service & 255}`;
}

function toCounters([conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n]: readonly bigint[]): Counters {
  return { conns, inPkts, outPkts, inBytes, outBytes };
}
