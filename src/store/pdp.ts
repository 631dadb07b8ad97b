// Primary data points out of readings: rrdtool's arithmetic, as a pure function of what was read.
// Follows rrd_update.c of rrdtool 1.7 (update_pdp_prep, process_pdp_st, and the split of the oldest open data point).

import type { DataSource } from '../model/archive.js';
import { stepS } from '../model/archive.js';
import type { ReadingColumns } from './readings.js';

/** rrdtool's scratch of one data source: what the open data point has so far. */
interface Scratch {
  value: number;
  unknownS: number;
}

/** Data points of slots `firstSlot` on, one column a data source; NaN unknown. */
export interface Pdps {
  readonly firstSlot: number;
  readonly columns: readonly Float64Array[];
}

/**
 * The data points of `count` slots from `firstSlot` on. The `runs` are in order of time, from the last one before those slots
 * (or the archive's first) to the first one after them; what they do not cover is unknown.
 */
export function derivePdps(
  runs: readonly ReadingColumns[],
  dataSources: readonly DataSource[],
  { firstSlot, count }: { readonly firstSlot: number; readonly count: number },
): Pdps {
  const columns = dataSources.map((dataSource, column) => {
    const pdps = new Float64Array(count).fill(Number.NaN);
    deriveColumn(runs, { dataSource, column, firstSlot }, pdps);
    return pdps;
  });
  return { firstSlot, columns };
}

interface ColumnPlace {
  readonly dataSource: DataSource;
  readonly column: number;
  readonly firstSlot: number;
}

function deriveColumn(runs: readonly ReadingColumns[], place: ColumnPlace, pdps: Float64Array): void {
  const { dataSource, column, firstSlot } = place;
  const scratch: Scratch = { value: 0, unknownS: (runs[0]?.sinceS[0] ?? 0) % stepS };
  let lastTime = runs[0]?.sinceS[0];
  for (const { sinceS, timesS, values, unknownS } of runs) {
    const own = values[column] ?? new Float64Array(0);
    const hasSums = unknownS.size > 0;
    for (let i = 0; i < own.length; i += 1) {
      const since = sinceS[i] ?? Number.NaN;
      const time = timesS[i] ?? Number.NaN;
      if (since !== lastTime) restart(scratch, since);
      lastTime = time;
      const lengthS = time - since;
      const sumUnknownS = hasSums ? unknownS.get(i)?.[column] : undefined;
      const amount = amountOf(dataSource, { value: own[i] ?? Number.NaN, lengthS, sumUnknownS });
      const slot = Math.floor(since / stepS);
      const closed = Math.floor(time / stepS) - slot;
      if (closed === 0) accumulate(scratch, { amount, lengthS, sumUnknownS });
      else if (closed > 1 || Number.isNaN(amount)) close(scratch, { since, time, amount, closed, place }, pdps);
      else {
        // The usual case of `close`, written out because nearly all readings are of it.
        const rate = amount / lengthS;
        const postS = time % stepS;
        const value = (Number.isNaN(scratch.value) ? 0 : scratch.value) + rate * (lengthS - postS);
        const at = slot + 1 - firstSlot;
        if (at >= 0) pdps[at] = stepS / 2 < scratch.unknownS ? Number.NaN : value / (stepS - scratch.unknownS);
        scratch.value = rate * postS;
        scratch.unknownS = 0;
      }
    }
  }
}

/** Readings that do not join on to those before them begin anew, as an archive does. */
function restart(scratch: Scratch, since: number): void {
  scratch.value = 0;
  scratch.unknownS = since % stepS;
}

interface Interval {
  readonly lengthS: number;
  /** Of a sum: the seconds of it of which nothing is known. */
  readonly sumUnknownS: number | undefined;
}

/** What an interval adds to the data point: value times seconds; a sum has been through this (see readings.ts). */
function amountOf(
  dataSource: DataSource,
  { value, lengthS, sumUnknownS }: Interval & { readonly value: number },
): number {
  if (sumUnknownS !== undefined) return value;
  if (lengthS > dataSource.heartbeatS) return Number.NaN;
  return dataSource.kind === 'GAUGE' ? value * lengthS : value;
}

/** An interval within one slot (rrd_update.c, simple_update). A sum brings its own unknown seconds. */
function accumulate(scratch: Scratch, { amount, lengthS, sumUnknownS }: Interval & { readonly amount: number }): void {
  if (Number.isNaN(amount)) {
    scratch.unknownS += sumUnknownS ?? lengthS;
    return;
  }
  scratch.value = Number.isNaN(scratch.value) ? amount : scratch.value + amount;
  scratch.unknownS += sumUnknownS ?? 0;
}

interface Closing {
  readonly since: number;
  readonly time: number;
  readonly amount: number;
  readonly closed: number;
  readonly place: ColumnPlace;
}

/** An interval over at least one boundary. When it closes several data points, the open one is closed on its own. */
function close(scratch: Scratch, { since, time, amount: whole, closed, place }: Closing, pdps: Float64Array): void {
  const { heartbeatS } = place.dataSource;
  let amount = whole;
  let lengthS = time - since;
  let at = Math.floor(since / stepS) + 1 - place.firstSlot;
  let left = closed;
  const postS = time % stepS;
  const openS = (stepS - (since % stepS)) % stepS;
  if (closed > 1 && openS > 0) {
    const openAmount = (amount * openS) / lengthS;
    amount -= openAmount;
    const open = { amount: openAmount, lengthS: openS, preS: openS, postS: 0, steps: 1 };
    fill(pdps, at, 1, closeSteps(scratch, open, heartbeatS));
    lengthS -= openS;
    left -= 1;
    at += 1;
  }
  const pdp = closeSteps(scratch, { amount, lengthS, preS: lengthS - postS, postS, steps: left }, heartbeatS);
  fill(pdps, at, left, pdp);
}

interface Steps {
  readonly amount: number;
  readonly lengthS: number;
  /** Seconds of the interval before and after the last boundary it crosses. */
  readonly preS: number;
  readonly postS: number;
  readonly steps: number;
}

/** process_pdp_st: the value of the closed steps; the scratch is left ready for the next. */
function closeSteps(scratch: Scratch, { amount, lengthS, preS, postS, steps }: Steps, heartbeatS: number): number {
  const isUnknown = Number.isNaN(amount);
  const value = isUnknown
    ? scratch.value
    : (Number.isNaN(scratch.value) ? 0 : scratch.value) + (amount / lengthS) * preS;
  const isTooLittle = lengthS > heartbeatS || stepS / 2 < scratch.unknownS;
  const pdp = isTooLittle ? Number.NaN : value / (steps * stepS - scratch.unknownS - (isUnknown ? preS : 0));
  scratch.unknownS = isUnknown ? postS : 0;
  scratch.value = isUnknown ? Number.NaN : (amount / lengthS) * postS;
  return pdp;
}

function fill(pdps: Float64Array, from: number, count: number, value: number): void {
  if (from + count > 0) pdps.fill(value, Math.max(0, from), Math.max(0, from + count));
}
