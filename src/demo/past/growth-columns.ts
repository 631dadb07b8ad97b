// A long history of a service in bulk: the results of `interpret` over the director's snapshots, reading by reading, but
// computed a column at a time. Between turning points a growth is the difference of two counters; at them `interpret` decides.

import { columnCount } from '../cast/service-counts.js';
import { emptyColumns, type SimulatedService } from '../cast/simulated-service.js';
import { type Calendar, newestReadingS, readingTimes, type Span } from '../traffic/calendar.js';
import { rowsBefore } from './rows-before.js';
import { addTally, tallyColumns } from './tally.js';
import type { TurningPoint } from './turning-point.js';

/** Readings of one archive, oldest first: row i covers (`sinceS[i]`, `timesS[i]`]. Arrays may be shared: read only. */
export interface GrowthColumns {
  readonly name: string;
  readonly timesS: Float64Array;
  readonly sinceS: Float64Array;
  /** One column per data source of the archive: growth of counters, gauges as read, NaN unknown. */
  readonly columns: readonly Float64Array[];
  /** The services' contribution to the kernel's totals (tally.ts), before the first reading and at each; only for the director. */
  readonly tally?: readonly Float64Array[];
}

/** The readings of a window; `previousS` is the time of the reading before each. */
export interface Window {
  readonly timesS: Float64Array;
  readonly previousS: Float64Array;
  /** Its first reading is the first of all; an archive begins a second before it. */
  readonly isBeginning: boolean;
}

/** A service with the cycles at which `interpret` decides. */
export interface History {
  readonly service: SimulatedService;
  readonly turningPoints: readonly TurningPoint[];
}

/** The readings in (`fromS`, `toS`]. */
export function windowOf(calendar: Calendar, fromS: number, toS: number): Window {
  const timesS = readingTimes(calendar, fromS, toS);
  const [firstS] = timesS;
  if (firstS === undefined) return { timesS, previousS: timesS, isBeginning: false };
  const beforeS = newestReadingS(calendar, firstS - 1);
  const previousS = new Float64Array(timesS.length);
  previousS[0] = beforeS ?? firstS - 1;
  previousS.set(timesS.subarray(0, -1), 1);
  return { timesS, previousS, isBeginning: beforeS === null };
}

/** Arrays to compute a window in, and the director's sums over the services so far. */
export interface Workspace {
  /** The readings' times, preceded by that of the reading before. */
  readonly timesS: Float64Array;
  readonly readings: readonly Float64Array[];
  readonly ownReadings: readonly Float64Array[];
  readonly growth: readonly Float64Array[];
  readonly sinceS: Float64Array;
  readonly total: readonly Float64Array[];
  readonly tally: readonly Float64Array[];
}

/** A workspace for one window, reusable for any number of services in turn. */
export function createWorkspace({ timesS, previousS, isBeginning }: Window): Workspace {
  const rows = timesS.length;
  const allTimesS = new Float64Array(rows + 1);
  allTimesS.set(previousS.subarray(0, 1));
  allTimesS.set(timesS, 1);
  const total = emptyColumns(rows);
  const tally = emptyColumns(rows + 1, tallyColumns);
  if (isBeginning) for (const column of [...total.slice(2), ...tally]) column[0] = Number.NaN;
  return {
    timesS: allTimesS,
    readings: emptyColumns(rows + 1),
    ownReadings: emptyColumns(rows + 1),
    growth: emptyColumns(rows),
    sinceS: new Float64Array(rows),
    total,
    tally,
  };
}

/**
 * The readings of a service and then of each of its real servers, in a window that has readings. Each is valid until the next
 * is requested. The service's contribution to the director's sums is added to the workspace's total.
 */
export function* serviceGrowth(
  { service, turningPoints }: History,
  window: Window,
  workspace: Workspace,
): Generator<GrowthColumns> {
  const { timesS, readings, ownReadings, growth } = workspace;
  const turns = turningPoints.filter(({ timeS }) => rowAt(window, timeS) >= 0);
  const { service: counts, realServers, lives } = service.numbers();
  counts.fill(timesS, readings);
  addTally(workspace.tally, lives, { timesS, columns: readings });
  fillGrowth(growth, readings);
  addTo(workspace.total, growth, { window, service, turns });
  yield settle(service.name, { window, workspace, turns, spans: service.spans });
  for (const [i, name] of service.realServerNames.entries()) {
    const spans = service.realServerSpans[i] ?? [];
    realServers.fill(i, { timesS, columns: readings }, ownReadings);
    fillGrowth(growth, ownReadings);
    yield settle(name, { window, workspace, turns, spans });
  }
}

/** Gauges as read, counters as growth since the previous row; the first row has no predecessor and is left out. */
function fillGrowth(growth: readonly Float64Array[], readings: readonly Float64Array[]): void {
  for (const [i, column] of growth.entries()) {
    const values = readings[i] ?? column;
    if (i < 2) column.set(values.subarray(1));
    else for (let row = 0; row < column.length; row++) column[row] = (values[row + 1] ?? 0) - (values[row] ?? 0);
  }
}

interface Turns {
  readonly window: Window;
  readonly service: SimulatedService;
  readonly turns: readonly TurningPoint[];
}

function addTo(
  total: readonly Float64Array[],
  growth: readonly Float64Array[],
  { window, service, turns }: Turns,
): void {
  const stretches = stretchesOf(window, service.spans);
  for (const [i, sums] of total.entries()) {
    const column = growth[i];
    if (column === undefined) continue;
    const before = turns.map(({ timeS }) => sums[rowAt(window, timeS)] ?? 0);
    for (const [from, to] of stretches) {
      for (let row = from; row < to; row++) sums[row] = (sums[row] ?? 0) + (column[row] ?? 0);
    }
    for (const [turn, { timeS, contribution }] of turns.entries()) {
      sums[rowAt(window, timeS)] = (before[turn] ?? 0) + (contribution[i] ?? 0);
    }
  }
}

interface Draft {
  readonly window: Window;
  readonly workspace: Workspace;
  readonly turns: readonly TurningPoint[];
  readonly spans: readonly Span[];
}

/** Inserts the readings of turning points and removes the rows without a reading. */
function settle(name: string, { window, workspace, turns, spans }: Draft): GrowthColumns {
  const { growth, sinceS } = workspace;
  sinceS.set(window.previousS);
  for (const { timeS, readings } of turns) {
    const reading = readings.get(name);
    const row = rowAt(window, timeS);
    if (reading === undefined) continue;
    sinceS[row] = reading.sinceS;
    for (let i = 0; i < columnCount; i++) {
      const column = growth[i];
      if (column !== undefined) column[row] = reading.values[i] ?? Number.NaN;
    }
  }
  const stretches = stretchesOf(window, spans);
  const pick = (column: Float64Array): Float64Array => stretchRows(column, stretches);
  return { name, timesS: pick(window.timesS), sinceS: pick(sinceS), columns: growth.map(pick) };
}

type Stretch = readonly [from: number, to: number];

/** Rows of the window within the spans. */
function stretchesOf(window: Window, spans: readonly Span[]): readonly Stretch[] {
  return spans
    .map(({ fromS, toS }): Stretch => [firstRowFrom(window, fromS), firstRowFrom(window, toS)])
    .filter(([from, to]) => to > from);
}

function stretchRows(column: Float64Array, stretches: readonly Stretch[]): Float64Array {
  const [only = [0, 0], ...others] = stretches;
  if (others.length === 0) return column.subarray(...only);
  const rows = new Float64Array(stretches.reduce((sum, [from, to]) => sum + to - from, 0));
  let count = 0;
  for (const [from, to] of stretches) {
    rows.set(column.subarray(from, to), count);
    count += to - from;
  }
  return rows;
}

/** Row of the reading at that time; -1 if the window has none. */
function rowAt(window: Window, timeS: number): number {
  const row = firstRowFrom(window, timeS);
  return window.timesS[row] === timeS ? row : -1;
}

function firstRowFrom({ timesS }: Window, fromS: number): number {
  return rowsBefore(timesS, 0, fromS);
}
