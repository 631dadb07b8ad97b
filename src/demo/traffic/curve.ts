// The values of a service's five counters at any time: the integral of rates that are linear from one half hour to the next.
// Rates are a product of rhythm, growth, holiday and slow noise, each a pure function of time. The integral is summed day by
// day from the machine's first boot, always in that order, so every call gives the same bits.
//
//   inPkts = conns x inPktsPerConn   outPkts = inPkts x outPktsPerInPkt   bytes = packets x size, each factor wandering

import type { Character } from '../cast/character.js';
import { type Calendar, dayS } from './calendar.js';
import { noiseKey, noiseUnder } from './noise.js';
import { halfHoursPerWeek, rhythmOf } from './rhythm.js';

/** Seconds between knots of the rates. */
export const knotS = 1800;

/** The counters of a server: conns, inPkts, outPkts, inBytes, outBytes. */
export const counterCount = 5;

const knotsPerDay = dayS / knotS;
const yearS = 365.25 * dayS;
/** 1970-01-01 was a Thursday; weeks here begin on Monday. */
const halfHoursFromMonday = 3 * knotsPerDay;

/** A stretch of the curve, one array per counter: knot i lies at (`firstKnot` + i) x 1800 s. */
export interface CurveTable {
  readonly firstKnot: number;
  /** The integral up to each knot, and the rate per second at it. */
  readonly sums: readonly Float64Array[];
  readonly rates: readonly Float64Array[];
}

/** A service's curve. */
export interface Curve {
  /** Tabulates the curve over [`fromS`, `toS`], which must not begin before the machine's first boot. */
  table(fromS: number, toS: number): CurveTable;
}

/** Prepares a service's curve; it tabulates on demand. */
export function createCurve(character: Character, calendar: Calendar, seed: number): Curve {
  const ratesAt = createRates(character, calendar, seed);
  const firstDay = Math.floor((calendar.bootsS[0] ?? calendar.epochS) / dayS) - 1;
  /** The five sums at the beginning of each day so far. */
  let daySums = new Float64Array(counterCount);
  let newest: CurveTable | null = null;

  /** Consecutive readings are on the same day: its table is kept. */
  function table(fromS: number, toS: number): CurveTable {
    const fromDay = Math.floor(fromS / dayS);
    const knots = (Math.floor(toS / dayS) + 1 - fromDay) * knotsPerDay;
    if (newest?.firstKnot === fromDay * knotsPerDay && newest.sums[0]?.length === knots + 1) return newest;
    const made = tabulate(fromDay, knots, sumsAt(fromDay));
    newest = knots <= 2 * knotsPerDay ? made : null;
    return made;
  }

  function sumsAt(day: number): Float64Array {
    const known = daySums.length / counterCount - 1;
    const wanted = day - firstDay;
    if (wanted > known) {
      const { sums } = tabulate(firstDay + known, (wanted - known) * knotsPerDay, sumsOf(known));
      const longer = new Float64Array((wanted + 1) * counterCount);
      longer.set(daySums);
      for (let i = 1; i <= wanted - known; i++) {
        for (const [counter, column] of sums.entries()) {
          longer[(known + i) * counterCount + counter] = column[i * knotsPerDay] ?? 0;
        }
      }
      daySums = longer;
    }
    return sumsOf(wanted);
  }

  function sumsOf(day: number): Float64Array {
    return daySums.subarray(day * counterCount, (day + 1) * counterCount);
  }

  function tabulate(fromDay: number, knots: number, start: Float64Array): CurveTable {
    const firstKnot = fromDay * knotsPerDay;
    const rates = Array.from({ length: counterCount }, () => new Float64Array(knots + 1));
    for (let i = 0; i <= knots; i++) ratesAt(firstKnot + i, rates, i);
    const sums = rates.map((column, counter) => integrate(column, start[counter] ?? 0));
    return { firstKnot, sums, rates };
  }

  return { table };
}

function integrate(rates: Float64Array, start: number): Float64Array {
  const sums = new Float64Array(rates.length);
  sums[0] = start;
  for (let i = 1; i < rates.length; i++) {
    sums[i] = (sums[i - 1] ?? 0) + ((rates[i - 1] ?? 0) + (rates[i] ?? 0)) * (knotS / 2);
  }
  return sums;
}

/** Writes the five rates at a knot into position `i` of their columns. */
type Rates = (knot: number, columns: readonly Float64Array[], i: number) => void;

function createRates({ traffic }: Character, calendar: Calendar, seed: number): Rates {
  const { level, heft, onHoliday } = rhythmOf(traffic.rhythm);
  const { inPktsPerConn, outPktsPerInPkt, inPktBytes, outPktBytes, connsPerS, burstiness } = traffic;
  const { endS, holiday, utcOffsetS } = calendar;
  const offsetKnots = Math.floor(utcOffsetS / knotS) + halfHoursFromMonday;
  const noise = (purpose: string) => noiseUnder(noiseKey(seed, purpose));
  const [days, hours] = [noise('days'), noise('hours')];
  const [packets, answers] = [noise('packets'), noise('answers')];
  const [requests, sizes] = [noise('requests'), noise('sizes')];
  const hoursNoise = 0.06 + 0.3 * burstiness;
  const [conns, inPkts, outPkts, inBytes, outBytes] = [0, 1, 2, 3, 4] as const;

  /** Up to a limit in the far future. */
  function growthAt(timeS: number): number {
    return Math.min(3, Math.max(0.1, 1 + (traffic.growthPerYear * (timeS - endS)) / yearS));
  }

  /** The lull of a holiday begins and ends within a day. */
  function holidayAt(timeS: number): number {
    const insideS = Math.min(timeS - holiday.fromS, holiday.toS - timeS);
    return 1 - (1 - onHoliday) * Math.min(1, Math.max(0, insideS / dayS));
  }

  return (knot, columns, i) => {
    const timeS = knot * knotS;
    const inWeek = (knot + offsetKnots) % halfHoursPerWeek;
    const heavy = heft[inWeek] ?? 0;
    const slow = (1 + 0.07 * days(knot / 131)) * (1 + hoursNoise * hours(knot / 5));
    const connRate = connsPerS * (level[inWeek] ?? 0) * slow * growthAt(timeS) * holidayAt(timeS);
    const inRate = connRate * inPktsPerConn * (1 + 0.18 * heavy + 0.1 * packets(knot / 17));
    const outRate = inRate * outPktsPerInPkt * (1 + 0.06 * heavy + 0.04 * answers(knot / 13));
    put(columns, conns, i, traffic.isOnePacket ? inRate : connRate);
    put(columns, inPkts, i, inRate);
    put(columns, outPkts, i, outRate);
    put(columns, inBytes, i, inRate * inPktBytes * (1 - 0.05 * heavy + 0.08 * requests(knot / 11)));
    put(columns, outBytes, i, outRate * outPktBytes * (1 + 0.07 * heavy + 0.06 * sizes(knot / 19)));
  };
}

function put(columns: readonly Float64Array[], counter: number, i: number, rate: number): void {
  const column = columns[counter];
  if (column !== undefined) column[i] = rate;
}
