// The simulated kernel's counters outside its table: its totals, its processors, its connection table, its synchronisation
// daemons. All of it follows from the tally of the services (tally.ts), at one time or row by row, with one result.

import { type DirectorPart, partName, processorPart } from '../model/names/name.js';
import type { Counters, KernelReading } from '../model/snapshot.js';
import { type Character, meanRates } from './cast/character.js';
import { type SplitInput, splitTotals } from './cast/processors.js';
import type { GrowthColumns } from './past/growth-columns.js';
import { type Calendar, localTime } from './traffic/calendar.js';
import { counterCount } from './traffic/curve.js';
import { noiseKey } from './traffic/noise.js';

/** Buckets of the connection table: the module's own choice (ip_vs.conn_tab_bits=12). */
const tableSize = 262_144;
/** In ipvsadm's words, as in a reading. */
const syncDaemons = 'master (mcast=eth1, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)';

/** Rows of the director; a tally has one more, for the reading before the first. */
export interface TallyRows {
  readonly timesS: Float64Array;
  readonly sinceS: Float64Array;
  readonly tally: readonly Float64Array[];
}

/** The simulated kernel. */
export interface Kernel {
  /** The parts that have archives; processors that nothing passes through have none. */
  readonly parts: readonly DirectorPart[];
  /** Its reading at a time, for the tally of that time. */
  readingAt(timeS: number, tally: readonly number[]): KernelReading;
  /** The readings of each part. */
  history(rows: TallyRows): Generator<GrowthColumns>;
}

/** The input of a kernel; `tallyAt` returns the contribution of all services by then. */
export interface KernelInput {
  readonly characters: readonly Character[];
  readonly calendar: Calendar;
  readonly seed: number;
  readonly tallyAt: (timeS: number) => readonly number[];
}

/** Creates a kernel; its data is computed on first use. */
export function createKernel({ characters, calendar, seed, tallyAt }: KernelInput): Kernel {
  let prepared: SplitInput | null = null;

  function splitInput(): SplitInput {
    if (prepared !== null) return prepared;
    const rates = characters.map(({ traffic }) => meanRates(traffic));
    const means = Array.from({ length: counterCount }, (_, i) => rates.reduce((sum, own) => sum + (own[i] ?? 0), 0));
    const fromS = localTime(calendar, 5, 9.4);
    const [from, to] = [tallyAt(fromS), tallyAt(calendar.endS - 10 * 3600)];
    prepared = { seed: noiseKey(seed, 'kernel'), means, drift: { fromS, from, to } };
    return prepared;
  }

  function split(timesS: Float64Array, counters: readonly Float64Array[]): readonly (readonly Float64Array[])[] {
    return characters.length === 0 ? [] : splitTotals({ timesS, counters }, splitInput());
  }

  function readingAt(timeS: number, tally: readonly number[]): KernelReading {
    const counters = tally.slice(0, counterCount).map((value) => Float64Array.of(value));
    const processors = split(Float64Array.of(timeS), counters).map(countersOf);
    return {
      totals: countersOf(counters),
      ratesPerS: null,
      laterTotals: null,
      processors: new Map(processors.entries()),
      tableSize,
      tableEntries: tally[counterCount] ?? 0,
      isEstimating: true,
      syncDaemons,
    };
  }

  function* history({ timesS, sinceS, tally }: TallyRows): Generator<GrowthColumns> {
    const allTimesS = new Float64Array(timesS.length + 1);
    allTimesS.set(sinceS.subarray(0, 1));
    allTimesS.set(timesS, 1);
    const processors = split(allTimesS, tally.slice(0, counterCount));
    yield* partGrowth({ timesS, sinceS, tally }, processors);
  }

  const processorParts = characters.length === 0 ? [] : [0, 1, 2, 3].map(processorPart);
  return { parts: ['total', ...processorParts, 'table'], readingAt, history };
}

/** The columns of each part; those of the tally and of the processors begin a row earlier. */
function* partGrowth(
  { timesS, sinceS, tally }: TallyRows,
  processors: readonly (readonly Float64Array[])[],
): Generator<GrowthColumns> {
  const counters = tally.slice(0, counterCount);
  const fallen = rowsOfFall([counters, ...processors]);
  const growth = (part: DirectorPart, columns: readonly Float64Array[]): GrowthColumns => {
    return { name: partName(part), timesS, sinceS, columns: columns.map((column) => growthPerRow(column, fallen)) };
  };
  yield growth('total', counters);
  for (const [number, columns] of processors.entries()) yield growth(processorPart(number), columns);
  const entries = (tally[counterCount] ?? new Float64Array(timesS.length + 1)).subarray(1);
  const sizes = new Float64Array(entries.length).fill(tableSize);
  yield { name: partName('table'), timesS, sinceS, columns: [sizes, entries] };
}

/** Rows in which a counter is smaller than in the previous one; if one fell, all restarted. */
function rowsOfFall(parts: readonly (readonly Float64Array[])[]): readonly number[] {
  const rows = new Set<number>();
  for (const column of parts.flat()) {
    for (let row = 1; row < column.length; row++) if ((column[row] ?? 0) < (column[row - 1] ?? 0)) rows.add(row - 1);
  }
  return [...rows];
}

function growthPerRow(column: Float64Array, fallen: readonly number[]): Float64Array {
  const growth = new Float64Array(column.length - 1);
  for (let row = 0; row < growth.length; row++) growth[row] = (column[row + 1] ?? 0) - (column[row] ?? 0);
  for (const row of fallen) growth[row] = Number.NaN;
  return growth;
}

function countersOf(columns: readonly Float64Array[]): Counters {
  const at = (i: number): bigint => BigInt(columns[i]?.[0] ?? 0);
  return { conns: at(0), inPkts: at(1), outPkts: at(2), inBytes: at(3), outBytes: at(4) };
}
