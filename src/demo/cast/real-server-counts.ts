// The numbers of the real servers of one simulated service, derived from the service's own columns: each counter by portions
// that follow the weights, the gauges split exactly, since a service's gauges are its real servers' sum. If a weight changes,
// earlier connections linger for their lifetime.

import { rowsBefore } from '../past/rows-before.js';
import { hashAt, noiseKey } from '../traffic/noise.js';
import { type Phase, phasesOf } from '../traffic/phase.js';
import { fillPortion, type Portion, portionAt } from '../traffic/portion.js';
import { fillFromConns, isSparse } from '../traffic/sparse.js';
import { type Character, meanRates } from './character.js';
import { columnCount, type ServiceCounts } from './service-counts.js';

/** Amplitude of the wandering, as a fraction of the smallest share: the slope of the noise is at most twice that. */
const wander = 0.07;
/** The counter that paces the wandering of each: conns, inPkts, outPkts, inBytes, outBytes. */
const paces = [0, 1, 2, 1, 2] as const;
/** Seconds of mean traffic between knots of the wandering. */
const wanderS = 5400;
/** Deviation of the gauges' split from the shares, as a fraction of the smallest one. */
const sampleNoise = 0.1;

/** Seven columns, as `ipvsDataSources`, at the same ascending times. */
export interface Columns {
  readonly timesS: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** The real servers' numbers, by their position in the character. */
export interface RealServerCounts {
  readonly phases: readonly Phase[];
  /** Fills a real server's columns from those of its service. */
  fill(realServer: number, service: Columns, columns: readonly Float64Array[]): void;
}

/** Prepares the real servers of a service under the service's seed. */
export function createRealServerCounts(character: Character, service: ServiceCounts, seed: number): RealServerCounts {
  const { traffic } = character;
  const phases = phasesOf(character, service.restarts);
  const split: Split = {
    phases,
    keys: character.realServers.map((_, i) => noiseKey(seed, `real server ${i}`)),
    means: meanRates(traffic),
    sampleKey: noiseKey(seed, 'sample'),
  };
  const portions = portionsOf(split);
  const starts = startsOf(split, portions, service);

  function fill(realServer: number, { timesS, columns: totals }: Columns, columns: readonly Float64Array[]): void {
    let from = 0;
    for (const p of phases.keys()) {
      const to = rowsBefore(timesS, from, phases[p + 1]?.fromS ?? Number.POSITIVE_INFINITY);
      if (to === from) continue;
      const start = from;
      const within = (column: Float64Array): Float64Array =>
        start === 0 && to === column.length ? column : column.subarray(start, to);
      const whole = { timesS: within(timesS), columns: columns.map((column, i) => within(totals[i] ?? column)) };
      fillPhase({ realServer, p }, whole, columns.map(within));
      from = to;
    }
    if (isSparse(traffic)) fillFromConns(columns.slice(2), traffic, split.keys[realServer] ?? 0);
  }

  function fillPhase(
    { realServer, p }: Place,
    { timesS, columns: totals }: Columns,
    own: readonly Float64Array[],
  ): void {
    for (const [i, mine] of own.entries()) {
      const all = totals[i] ?? mine;
      const portion = portions[p]?.[realServer]?.[i - 2];
      if (portion === undefined) {
        const livesS = i === 0 ? traffic.activeS : traffic.inactiveS;
        fillGauge(split, { realServer, p }, { timesS, all, mine, livesS });
        continue;
      }
      const pace = totals[2 + (paces[i - 2] ?? 0)] ?? mine;
      fillPortion(mine, { counts: all, paces: pace, portion, start: starts[p]?.[realServer]?.[i - 2] ?? 0 });
    }
  }

  return { phases, fill };
}

/** The randomness of a service's real servers: a key each for the counters, one for all gauges; and the service's mean rates. */
interface Split {
  readonly phases: readonly Phase[];
  readonly keys: readonly number[];
  readonly means: readonly number[];
  readonly sampleKey: number;
}

/** A real server in phase `p`. */
interface Place {
  readonly realServer: number;
  readonly p: number;
}

/** Something by phase, real server and counter. */
type ByCounter<T> = readonly (readonly (readonly T[])[])[];

function portionsOf(split: Split): ByCounter<Portion> {
  const { phases, keys, means } = split;
  return phases.map((phase) => keys.map((_, i) => means.map((_, counter) => portionOf(split, phase, [i, counter]))));
}

function portionOf({ means, keys }: Split, phase: Phase, [realServer, counter]: readonly [number, number]): Portion {
  const countsPerKnot = (means[counter] ?? 0) * wanderS;
  const pacePerKnot = (means[paces[counter] ?? 0] ?? 0) * wanderS;
  const share = phase.shares[realServer] ?? 0;
  const neighbour = phase.neighbours[realServer] ?? realServer;
  const isWandering = share > 0 && neighbour !== realServer && countsPerKnot > 0;
  return {
    share,
    amplitude: isWandering ? wander * phase.smallestShare * countsPerKnot : 0,
    perPace: isWandering ? 1 / pacePerKnot : 0,
    own: keys[realServer] ?? 0,
    next: keys[neighbour] ?? 0,
  };
}

/** The counter's value at the start of each phase minus floor(S) there. */
function startsOf(
  { phases, keys, means }: Split,
  portions: ByCounter<Portion>,
  service: ServiceCounts,
): ByCounter<number> {
  const columns = Array.from({ length: columnCount }, () => new Float64Array(1));
  let phaseBefore: readonly (readonly number[])[] = [];
  return phases.map((phase, p) => {
    service.fill(Float64Array.of(phase.fromS), columns);
    const before = phaseBefore;
    phaseBefore = keys.map((_, realServer) =>
      means.map((_, counter) => {
        const total = columns[2 + counter]?.[0] ?? 0;
        const pace = columns[2 + (paces[counter] ?? 0)]?.[0] ?? 0;
        const was = portions[p - 1]?.[realServer]?.[counter];
        const isKept = was !== undefined && !phase.isRestart && !phase.isAnew[realServer];
        const value = isKept ? (before[realServer]?.[counter] ?? 0) + portionAt(was, total, pace) : 0;
        const now = portions[p]?.[realServer]?.[counter];
        return value - (now === undefined ? 0 : portionAt(now, total, pace));
      }),
    );
    return phaseBefore;
  });
}

function fillGauge({ phases, sampleKey }: Split, { realServer, p }: Place, { timesS, all, mine, livesS }: Gauge): void {
  const phase = phases[p];
  if (phase === undefined) return;
  const before = (phase.lingers ? phases[p - 1] : undefined) ?? phase;
  const upper = edgeOf(phase, before, realServer);
  const lower = edgeOf(phase, before, realServer - 1);
  const lingerS = before === phase ? 0 : 12 * livesS;
  for (let i = 0; i < mine.length; i++) {
    const timeS = timesS[i] ?? 0;
    const total = all[i] ?? 0;
    const sinceS = timeS - phase.fromS;
    const lingering = sinceS < lingerS ? Math.exp(-sinceS / livesS) : 0;
    const chance = hashAt(sampleKey, timeS);
    const from = Math.floor(total * edgeAt(lower, lingering, chance));
    mine[i] = Math.floor(total * edgeAt(upper, lingering, chance)) - from;
  }
}

/** Real servers without a share have both edges in one place, with one key: their part is empty. */
function edgeOf(phase: Phase, before: Phase, realServer: number): Edge {
  const at = phase.edges[realServer] ?? 0;
  const sharer = phase.shares.findLastIndex((share, i) => i <= realServer && share > 0);
  const jitter = at > 0 && at < 1 ? sampleNoise * phase.smallestShare : 0;
  return { at, was: before.edges[realServer] ?? 0, jitter, stride: 7 + 10.37 * sharer };
}

interface Gauge {
  readonly timesS: Float64Array;
  /** The service's values, and the real server's own, which are filled. */
  readonly all: Float64Array;
  readonly mine: Float64Array;
  readonly livesS: number;
}

interface Edge {
  readonly at: number;
  readonly was: number;
  readonly jitter: number;
  /** Edges with another stride move independently, though they share one chance per reading. */
  readonly stride: number;
}

function edgeAt({ at, was, jitter, stride }: Edge, lingering: number, chance: number): number {
  const own = chance * stride;
  return at + lingering * (was - at) + (1 - lingering) * jitter * (2 * (own - Math.floor(own)) - 1);
}
