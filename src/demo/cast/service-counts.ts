// The numbers of one simulated service at any times: two gauges and five counters since their last restart. A counter is the
// floor of the service's warped curve; episodes stretch or squeeze parts of it. Gauges follow the rate of connections by
// Little's law (L = lambda x W), with the noise of a sample.

import type { Calendar } from '../traffic/calendar.js';
import { counterCount } from '../traffic/curve.js';
import { hashAt, noiseKey } from '../traffic/noise.js';
import { fillFromConns, isSparse } from '../traffic/sparse.js';
import { createWarpedCurve, type WarpedCurve } from '../traffic/warped-curve.js';
import type { Character } from './character.js';

/** Columns of a server: two gauges, then the counters, as `ipvsDataSources`. */
export const columnCount = 2 + counterCount;

/** From `atS` on, counters run from 0; `isFresh` if the connections were lost too. */
export interface Restart {
  readonly atS: number;
  readonly isFresh: boolean;
}

/** A service's numbers; `restarts` oldest first. */
export interface ServiceCounts {
  readonly restarts: readonly Restart[];
  /** Fills seven columns with the table's values at `timesS` (ascending, not before the first restart). */
  fill(timesS: Float64Array, columns: readonly Float64Array[]): void;
}

/** An episode on one counter's curve, bent by earlier ones: growth from `from` to `to` is multiplied by 1 + `extra`. */
interface Bend {
  readonly from: number;
  readonly to: number;
  readonly extra: number;
}

/** Prepares the numbers of a service under its own seed. */
export function createServiceCounts(character: Character, calendar: Calendar, seed: number): ServiceCounts {
  const { traffic, story } = character;
  const curve = createWarpedCurve(character, calendar, seed);
  const restarts = restartsOf(character, calendar);
  const episodes = story.episodes.filter(({ fromS }) => fromS > (restarts[0]?.atS ?? 0));
  const bends = bendsOf(curve, episodes);
  const bases = restarts.map(({ atS }) =>
    curve.at(atS).map((value, counter) => Math.floor((bends[counter] ?? []).reduce(bent, value))),
  );
  const sampling = { openKey: noiseKey(seed, 'open'), closingKey: noiseKey(seed, 'closing'), restarts, episodes };

  function fill(timesS: Float64Array, columns: readonly Float64Array[]): void {
    if (timesS.length === 0) return;
    const counters = columns.slice(2);
    const [active, inactive, conns] = columns;
    if (active === undefined || inactive === undefined || conns === undefined) return;
    curve.fill(timesS, counters, active);
    for (const [counter, column] of counters.entries()) {
      bend(column.subarray(0, timesS.length), bends[counter] ?? []);
      settle(timesS, column, { restarts, bases: bases.map((own) => own[counter] ?? 0) });
    }
    if (traffic.isOnePacket) counters[1]?.set(conns);
    if (isSparse(traffic)) fillFromConns(counters, traffic, seed);
    fillGauges({ timesS, active, inactive, conns }, traffic, sampling);
  }

  return { restarts, fill };
}

type Episodes = Character['story']['episodes'];

/** By counter. */
function bendsOf(curve: WarpedCurve, episodes: Episodes): readonly (readonly Bend[])[] {
  const ends = episodes.map(({ fromS, toS, factors }) => ({ from: curve.at(fromS), to: curve.at(toS), factors }));
  return Array.from({ length: counterCount }, (_, counter) => {
    const bends: Bend[] = [];
    for (const { from, to, factors } of ends) {
      const at = (ofEnd: readonly number[]): number => bends.reduce(bent, ofEnd[counter] ?? 0);
      bends.push({ from: at(from), to: at(to), extra: (factors[2 + counter] ?? 1) - 1 });
    }
    return bends;
  });
}

/** Stretches and squeezes the curve of a counter. */
function bend(column: Float64Array, bends: readonly Bend[]): void {
  for (const one of bends) {
    if ((column[column.length - 1] ?? 0) <= one.from) continue;
    for (let i = 0; i < column.length; i++) column[i] = bent(column[i] ?? 0, one);
  }
}

/** The runs of a counter, and what each begins with. */
interface Runs {
  readonly restarts: readonly Restart[];
  readonly bases: readonly number[];
}

/** Turns the curve into the counter: whole numbers since the start of the current run. */
function settle(timesS: Float64Array, column: Float64Array, { restarts, bases }: Runs): void {
  let run = 0;
  let base = bases[0] ?? 0;
  let nextS = restarts[1]?.atS ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < timesS.length; i++) {
    while ((timesS[i] ?? 0) >= nextS) {
      run += 1;
      base = bases[run] ?? 0;
      nextS = restarts[run + 1]?.atS ?? Number.POSITIVE_INFINITY;
    }
    column[i] = Math.floor(column[i] ?? 0) - base;
  }
}

interface Sampling {
  readonly openKey: number;
  readonly closingKey: number;
  readonly restarts: readonly Restart[];
  readonly episodes: Episodes;
}

/** `active` holds the rate of connections on entry. */
function fillGauges(
  { timesS, active, inactive, conns }: GaugeColumns,
  { activeS, inactiveS }: Character['traffic'],
  { openKey, closingKey, restarts, episodes }: Sampling,
): void {
  let run = 0;
  let episode = 0;
  for (let i = 0; i < timesS.length; i++) {
    const timeS = timesS[i] ?? 0;
    while (timeS >= (restarts[run + 1]?.atS ?? Number.POSITIVE_INFINITY)) run += 1;
    while (timeS >= (episodes[episode]?.toS ?? Number.POSITIVE_INFINITY)) episode += 1;
    const now = episodes[episode];
    const isInside = now !== undefined && timeS >= now.fromS;
    const rate = active[i] ?? 0;
    const open = sampled(rate * activeS * (isInside ? now.factors[0] : 1), hashAt(openKey, timeS));
    const closing = sampled(rate * inactiveS * (isInside ? now.factors[1] : 1), hashAt(closingKey, timeS));
    const limit = (restarts[run]?.isFresh ?? true) ? (conns[i] ?? 0) : Number.POSITIVE_INFINITY;
    active[i] = Math.min(open, limit);
    inactive[i] = Math.min(closing, limit - Math.min(open, limit));
  }
}

interface GaugeColumns {
  readonly timesS: Float64Array;
  readonly active: Float64Array;
  readonly inactive: Float64Array;
  readonly conns: Float64Array;
}

/** A sampled count whose mean is `mean`; `chance` in [0, 1). */
function sampled(mean: number, chance: number): number {
  if (mean < 1) return chance < mean ? 1 : 0;
  return Math.max(0, Math.floor(mean + 0.5 + (2 * chance - 1) * (0.03 * mean + 1.2 * Math.sqrt(mean))));
}

function bent(value: number, { from, to, extra }: Bend): number {
  return value <= from ? value : value + extra * (Math.min(value, to) - from);
}

/** Restarts of a service's counters, oldest first: boots of the machine, its returns, and zeroing by hand. */
export function restartsOf({ story }: Character, { bootsS }: Calendar): Restart[] {
  const returnsS = story.absences.map(({ toS }) => toS).filter(Number.isFinite);
  const restarts = [
    ...bootsS.map((atS) => ({ atS, isFresh: true })),
    ...returnsS.map((atS) => ({ atS, isFresh: true })),
    ...story.zeroedS.map((atS) => ({ atS, isFresh: false })),
  ];
  const originS = bootsS[0] ?? Number.NEGATIVE_INFINITY;
  return restarts.filter(({ atS }) => atS >= originS).sort((a, b) => a.atS - b.atS);
}
