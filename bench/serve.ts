// The cost of `serve` while nobody looks: processor time to prepare its pages at the start and after each cycle, and resident
// memory. A cycle is stored through its socket, and its cost includes that.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { interpret } from '../src/interpret/interpret.js';
import { withWritableArchives } from '../src/store/open.js';
import { stepS } from '../test/standard.js';
import { processorMsOf, residentBytesOf } from './agents/resources.js';
import type { BenchContext } from './bench.js';
import { type Comparison, type Figure, type Findings, msOf } from './comparison.js';
import { type Served, startServed } from './served.js';
import { makeYear, withoutRealServers, type Year } from './year.js';

const fewServices = 200;
const manyServices = 2000;
/** Twice as many as rows of five minutes take to fill one of the stack of a week. */
const cycles = 12;
const restMs = 1000;
const mebibyte = 2 ** 20;

/** Measures `serve` with 200 and with 2,000 services. */
export async function measureServe({ folder, viewerYear }: BenchContext): Promise<Findings> {
  const few = await workOf(await makeYear(join(folder, 'few'), { services: fewServices, hasRrdtool: false }));
  const year = await viewerYear();
  const dataDir = join(folder, 'many');
  cpSync(year.dataDir, dataDir, { recursive: true });
  const many = await workOf({ ...year, dataDir });
  return {
    comparisons: [
      row('processor time of `serve` after its start, 2,000 services', msOf([many.startMs]), [3000, '3 s']),
      row('after a cycle, 2,000 services', msOf(many.cycleMs), [300, '300 ms']),
      row('after a cycle, 200 services', msOf(few.cycleMs)),
      row('resident memory of `serve`, 200 services', bytes([few.residentBytes]), [150 * mebibyte, '150 MiB']),
      row('resident memory of `serve`, 2,000 services', bytes([many.residentBytes])),
    ],
    notes: [
      `\`serve\`: \`--no-collect\`, ${manyServices} or ${fewServices} services of the simulated director with a year behind them, and no requests; ${cycles} cycles five simulated minutes apart, each once the work of the last was done, which for every sixth includes a row of the stack of a week. Memory after the last.`,
    ],
  };
}

interface Work {
  /** Milliseconds of processor time from the first answer until the pages are prepared, and per cycle. */
  readonly startMs: number;
  readonly cycleMs: readonly number[];
  readonly residentBytes: number;
}

async function workOf({ dataDir, endS, tableAt }: Year): Promise<Work> {
  const served = await startServed(dataDir, endS + 30);
  try {
    const startMs = await untilItRests(served, processorMsOf(served.pid));
    const cycleMs: number[] = [];
    for (let n = 1; n <= cycles; n += 1) {
      const table = await withWritableArchives(dataDir, (archives) => archives.latest());
      const cycle = interpret(table, withoutRealServers(tableAt(endS + n * stepS)));
      const beganMs = processorMsOf(served.pid);
      await withWritableArchives(dataDir, (archives) => archives.append(cycle));
      cycleMs.push(await untilItRests(served, beganMs));
    }
    return { startMs, cycleMs, residentBytes: residentBytesOf(served.pid) };
  } finally {
    await served.close();
  }
}

/** Milliseconds of processor time since `beganMs`, once a second takes no more of it than its timers do. */
async function untilItRests({ pid }: Served, beganMs: number): Promise<number> {
  for (;;) {
    const beforeMs = processorMsOf(pid);
    await pause(restMs);
    if (processorMsOf(pid) - beforeMs <= restMs / 50) return beforeMs - beganMs;
  }
}

function bytes(values: readonly number[]): Figure {
  return { unit: 'bytes', values };
}

function row(work: string, ours: Figure, target?: readonly [atMost: number, text: string]): Comparison {
  const goal = target === undefined ? {} : { target: { atMost: target[0], text: target[1] } };
  return { work, ours, peer: null, theirs: null, ...goal };
}
