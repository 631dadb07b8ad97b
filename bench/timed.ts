// Clocks around a piece of work: that of the wall, and that of the processor (all threads of this process).

import { setImmediate } from 'node:timers/promises';

/** Milliseconds that work takes by the wall clock. */
export async function timedMs(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Starts a clock of this process's processor time, user and system; it tells the milliseconds since. */
export function processorClockMs(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

/** Runs work some times and returns what each took, letting the event loop turn in between; a first time is not counted. */
export async function roundsMs(rounds: number, work: () => unknown): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    await setImmediate();
    const ms = await timedMs(work);
    if (round >= 0) values.push(ms);
  }
  return values;
}
