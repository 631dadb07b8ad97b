// Primary data points from readings: rrdtool's arithmetic, as a pure function. It follows rrd_update.c of rrdtool 1.7 (update_pdp_prep,
// process_pdp_st, and the split of the oldest open data point).

import type { DataSource } from '../../model/archive.js';
import type { ReadingColumns } from '../layout/readings.js';

/** rrdtool's scratch area of one data source: the state of the open data point. */
interface Scratch {
  value: number;
  unknownS: number;
}

/** Data points of slots from `firstSlot` on, one column per data source; NaN means unknown. */
export interface Pdps {
  readonly firstSlot: number;
  readonly columns: readonly Float64Array[];
  /** For each data source, the data point that the last reading left open: its sum so far, and its unknown seconds. */
  readonly open: readonly Readonly<Scratch>[];
}

/** Slots; `into` has a column of `count` values to fill for each data source, since allocating them takes as long as the rest. */
interface Place {
  readonly stepS: number;
  readonly firstSlot: number;
  readonly count: number;
  readonly into?: readonly Float64Array[];
  /** The numbers of the data sources to derive; all by default. */
  readonly columns?: readonly number[];
}

/**
 * The data points of `count` slots from `firstSlot` on. The `runs` are in time order, from the last one before those slots (or the
 * archive's first) to the first one after them; time outside them is unknown.
 */
export function derivePdps(
  runs: readonly ReadingColumns[],
  dataSources: readonly DataSource[],
  { stepS, firstSlot, count, into, columns }: Place,
): Pdps {
  const firstS = runs[0]?.sinceS[0] ?? 0;
  const sources: OpenColumn[] = [];
  for (const [column, dataSource] of dataSources.entries()) {
    if (columns?.includes(column) === false) continue;
    const scratch = { value: 0, unknownS: firstS % stepS };
    const pdps = (into?.[sources.length] ?? new Float64Array(count)).fill(Number.NaN);
    sources.push({ dataSource, column, stepS, firstSlot, scratch, pdps });
  }
  let joinsS = firstS;
  for (const run of runs) {
    const grid = stepsOf(run, stepS);
    for (const source of sources) deriveRun(run, { grid, joinsS }, source);
    joinsS = run.timesS.at(-1) ?? joinsS;
  }
  return { firstSlot, columns: sources.map(({ pdps }) => pdps), open: sources.map(({ scratch }) => scratch) };
}

/** A data source while its data points are being derived. */
interface OpenColumn {
  readonly dataSource: DataSource;
  readonly column: number;
  readonly stepS: number;
  readonly firstSlot: number;
  readonly scratch: Scratch;
  readonly pdps: Float64Array;
}

/** The position of a run's intervals on the steps, which is the same for all data sources. */
interface RunSteps {
  /** The step in which each interval begins, and the number of steps that it closes. */
  readonly steps: Int32Array;
  readonly closings: Int32Array;
}

/** Room for the steps of the run that is being derived. */
let room: RunSteps = { steps: new Int32Array(512), closings: new Int32Array(512) };

function stepsOf({ sinceS, timesS }: ReadingColumns, stepS: number): RunSteps {
  const { length } = timesS;
  if (length > room.steps.length) room = { steps: new Int32Array(2 * length), closings: new Int32Array(2 * length) };
  const { steps, closings } = room;
  for (let i = 0; i < length; i += 1) {
    const step = Math.floor((sinceS[i] ?? 0) / stepS);
    steps[i] = step;
    closings[i] = Math.floor((timesS[i] ?? 0) / stepS) - step;
  }
  return room;
}

function deriveRun(
  run: ReadingColumns,
  { grid, joinsS }: { grid: RunSteps; joinsS: number },
  source: OpenColumn,
): void {
  const { sinceS, timesS, unknownS } = run;
  const { dataSource, column, stepS, firstSlot, scratch, pdps } = source;
  const own = run.values[column] ?? new Float64Array(0);
  const { steps, closings } = grid;
  const hasSums = unknownS.size > 0;
  let lastS = joinsS;
  for (let i = 0; i < own.length; i += 1) {
    const since = sinceS[i] ?? Number.NaN;
    const time = timesS[i] ?? Number.NaN;
    if (since !== lastS) restart(scratch, since % stepS);
    lastS = time;
    const lengthS = time - since;
    const sumUnknownS = hasSums ? unknownS.get(i)?.[column] : undefined;
    const amount = amountOf(dataSource, { value: own[i] ?? Number.NaN, lengthS, sumUnknownS });
    const step = steps[i] ?? 0;
    const closed = closings[i] ?? 0;
    if (closed === 0) accumulate(scratch, { amount, lengthS, sumUnknownS });
    else if (closed > 1 || Number.isNaN(amount)) close({ since, time, amount, closed }, source);
    else {
      // The common case of `close`, inlined because nearly all readings take it.
      const rate = amount / lengthS;
      const postS = time - (step + 1) * stepS;
      const value = (Number.isNaN(scratch.value) ? 0 : scratch.value) + rate * (lengthS - postS);
      const at = step + 1 - firstSlot;
      if (at >= 0) pdps[at] = stepS / 2 < scratch.unknownS ? Number.NaN : value / (stepS - scratch.unknownS);
      scratch.value = rate * postS;
      scratch.unknownS = 0;
    }
  }
}

/** Readings that do not follow on from those before start anew, like an archive. */
function restart(scratch: Scratch, unknownS: number): void {
  scratch.value = 0;
  scratch.unknownS = unknownS;
}

interface Interval {
  readonly lengthS: number;
  /** For a sum: its unknown seconds. */
  readonly sumUnknownS: number | undefined;
}

/** The contribution of an interval to the data point: value times seconds. A sum already has this form (readings.ts). */
function amountOf(
  dataSource: DataSource,
  { value, lengthS, sumUnknownS }: Interval & { readonly value: number },
): number {
  if (sumUnknownS !== undefined) return value;
  if (lengthS > dataSource.heartbeatS) return Number.NaN;
  return dataSource.kind === 'GAUGE' ? value * lengthS : value;
}

/** An interval within one slot (rrd_update.c, simple_update). A sum has its own unknown seconds. */
function accumulate(scratch: Scratch, { amount, lengthS, sumUnknownS }: Interval & { readonly amount: number }): void {
  if (Number.isNaN(amount)) {
    scratch.unknownS += sumUnknownS ?? lengthS;
    return;
  }
  scratch.value = Number.isNaN(scratch.value) ? amount : scratch.value + amount;
  scratch.unknownS += sumUnknownS ?? 0;
}

interface ClosingInterval {
  readonly since: number;
  readonly time: number;
  readonly amount: number;
  readonly closed: number;
}

/** An interval across at least one boundary. When it closes several data points, the open one is closed separately. */
function close(
  { since, time, amount: whole, closed }: ClosingInterval,
  { dataSource, stepS, firstSlot, scratch, pdps }: OpenColumn,
) {
  const { heartbeatS } = dataSource;
  let amount = whole;
  let lengthS = time - since;
  let at = Math.floor(since / stepS) + 1 - firstSlot;
  let left = closed;
  const postS = time % stepS;
  const openS = (stepS - (since % stepS)) % stepS;
  if (closed > 1 && openS > 0) {
    const openAmount = (amount * openS) / lengthS;
    amount -= openAmount;
    const open = { amount: openAmount, lengthS: openS, preS: openS, postS: 0, steps: 1, stepS };
    fill(pdps, at, 1, closeSteps(scratch, open, heartbeatS));
    lengthS -= openS;
    left -= 1;
    at += 1;
  }
  const pdp = closeSteps(scratch, { amount, lengthS, preS: lengthS - postS, postS, steps: left, stepS }, heartbeatS);
  fill(pdps, at, left, pdp);
}

interface Steps {
  readonly amount: number;
  readonly lengthS: number;
  /** Seconds of the interval before and after the last boundary that it crosses. */
  readonly preS: number;
  readonly postS: number;
  readonly steps: number;
  readonly stepS: number;
}

/** process_pdp_st: the value of the closed steps; prepares the scratch area for the next one. */
function closeSteps(
  scratch: Scratch,
  { amount, lengthS, preS, postS, steps, stepS }: Steps,
  heartbeatS: number,
): number {
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
