// A service's curve read at a warped time: time that runs faster and slower by a bounded noise, more for bursty services and a
// little differently for each counter. It never runs backwards, so values never fall, and connections, packets and bytes rise
// and fall together.

import { standardRetention } from '../../model/retention.js';
import type { Character } from '../cast/character.js';
import type { Calendar } from './calendar.js';
import { counterCount, createCurve, knotS } from './curve.js';
import { noiseAt, noiseKey } from './noise.js';

const { stepS } = standardRetention;

/** The curves of the five counters, with noise. */
export interface WarpedCurve {
  /** Fills one column per counter at ascending times; also the rate of connections then, if a column is given. */
  fill(timesS: Float64Array, counters: readonly Float64Array[], connRates: Float64Array | null): void;
  /** The five curves at one time. */
  at(timeS: number): readonly number[];
}

/** Most seconds between warped time and time. */
const marginS = 900;
const slowStepS = 1800;
/** The slope of value noise is at most twice its amplitude over its step; the slopes of all three add up to less than 1. */
const warpShare = 0.22;
const ownWarpS = 5;
const perKnot = 1 / knotS;
const perStep = 1 / stepS;

/** Prepares the warped curve of a service under its own seed. */
export function createWarpedCurve(character: Character, calendar: Calendar, seed: number): WarpedCurve {
  const { burstiness } = character.traffic;
  const curve = createCurve(character, calendar, seed);
  const fastKey = noiseKey(seed, 'fast');
  const slowKey = noiseKey(seed, 'slow');
  const ownKeys = Array.from({ length: counterCount }, (_, counter) => noiseKey(seed, `own ${counter}`));

  function fill(timesS: Float64Array, counters: readonly Float64Array[], connRates: Float64Array | null): void {
    const { firstKnot, sums, rates } = curve.table((timesS[0] ?? 0) - marginS, (timesS.at(-1) ?? 0) + marginS);
    const warpedS = warp(timesS);
    const ownS = new Float64Array(timesS.length);
    for (const [counter, column] of counters.entries()) {
      const key = ownKeys[counter] ?? 0;
      for (let i = 0; i < ownS.length; i++) {
        ownS[i] = (warpedS[i] ?? 0) + ownWarpS * noiseAt(key, (timesS[i] ?? 0) * perStep);
      }
      const table = { firstKnot, sums: sums[counter] ?? column, rates: rates[counter] ?? column };
      readCurve(column, ownS, table);
      if (counter === 0 && connRates !== null) readRates(connRates, ownS, table);
    }
  }

  function warp(timesS: Float64Array): Float64Array {
    const fastS = warpShare * burstiness * stepS;
    const slowS = warpShare * burstiness * slowStepS;
    return timesS.map(
      (timeS) => timeS + fastS * noiseAt(fastKey, timeS * perStep) + slowS * noiseAt(slowKey, timeS / slowStepS),
    );
  }

  function at(timeS: number): readonly number[] {
    const columns = ownKeys.map(() => new Float64Array(1));
    fill(Float64Array.of(timeS), columns, null);
    return columns.map((column) => column[0] ?? 0);
  }

  return { fill, at };
}

/** One counter of a table of the curve. */
interface CounterTable {
  readonly firstKnot: number;
  readonly sums: Float64Array;
  readonly rates: Float64Array;
}

/** The curve at warped times. Positions count from the epoch: they must not depend on where a table begins. */
function readCurve(column: Float64Array, atS: Float64Array, { firstKnot, sums, rates }: CounterTable): void {
  for (let i = 0; i < atS.length; i++) {
    const at = (atS[i] ?? 0) * perKnot;
    const whole = Math.floor(at);
    const knot = whole - firstKnot;
    const part = at - whole;
    const rate = rates[knot] ?? 0;
    column[i] = (sums[knot] ?? 0) + knotS * part * (rate + 0.5 * part * ((rates[knot + 1] ?? 0) - rate));
  }
}

function readRates(column: Float64Array, atS: Float64Array, { firstKnot, rates }: CounterTable): void {
  for (let i = 0; i < atS.length; i++) {
    const at = (atS[i] ?? 0) * perKnot;
    const whole = Math.floor(at);
    const rate = rates[whole - firstKnot] ?? 0;
    column[i] = rate + (at - whole) * ((rates[whole - firstKnot + 1] ?? 0) - rate);
  }
}
