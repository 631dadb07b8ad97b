// Clocks for a piece of work: wall time, and processor time (all threads of this process).

import { setImmediate } from 'node:timers/promises';
import { medianOf } from './statistics.js';

/** Milliseconds of work by the wall clock. */
export async function timedMs(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Starts a clock of this process's processor time, user and system; the returned function gives the milliseconds since. */
export function processorClockMs(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

/** Runs work repeatedly and returns the time of each run; the event loop turns in between, and a first run is not counted. */
export async function roundsMs(rounds: number, work: () => unknown): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    await setImmediate();
    const ms = await timedMs(work);
    if (round >= 0) values.push(ms);
  }
  return values;
}

/** Milliseconds of processor time of work, in all threads. */
export async function spentMs(work: () => unknown): Promise<number> {
  const clock = processorClockMs();
  await work();
  return clock();
}

/** Short work is repeated within a round for this long: clocks and garbage collections are coarse. */
const minRoundMs = 40;

/**
 * Milliseconds of processor time of work: the median of some rounds, each long enough to include its share of garbage collection, after two
 * that are not counted.
 */
export async function processorRoundsMs(work: () => unknown, rounds = 7): Promise<number> {
  const values: number[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const clock = processorClockMs();
    let times = 0;
    while (times === 0 || clock() < minRoundMs) {
      await work();
      times += 1;
    }
    if (round >= 0) values.push(clock() / times);
  }
  return medianOf(values);
}
