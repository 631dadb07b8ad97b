// Shared by the tests of the simulated director: a time at which histories end, and the slow way to read one.

import type { Director } from '../../src/demo/director.js';
import type { GrowthColumns } from '../../src/demo/past/growth-columns.js';
import { interpret } from '../../src/interpret/interpret.js';
import type { Cycle } from '../../src/model/cycle.js';
import { emptyState } from '../../src/model/cycle.js';

/** Saturday 2026-11-21 14:35 UTC. */
export const endS = 1_795_271_700;

/** Seconds of a day. */
export const dayS = 86400;

/** Reads the tables at the given times one after the other, as a collector would. */
export function* collected(director: Director, timesS: Iterable<number>): Generator<Cycle> {
  let table = emptyState;
  for (const timeS of timesS) {
    const cycle = interpret(table, director.snapshotAt(timeS));
    table = cycle.table;
    yield cycle;
  }
}

/** Every reading as one line of text, by archive: `since time values`. */
export function linesOfCycles(cycles: Iterable<Cycle>): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { readings } of cycles) {
    for (const { archive, sinceS, timeS, values } of readings) {
      const own = lines.get(archive) ?? [];
      own.push(`${sinceS} ${timeS} ${values.join(' ')}`);
      lines.set(archive, own);
    }
  }
  return lines;
}

/** The same lines of columns. */
export function linesOfColumns({ timesS, sinceS, columns }: GrowthColumns): string[] {
  return Array.from(timesS, (timeS, i) => `${sinceS[i]} ${timeS} ${columns.map((column) => column[i]).join(' ')}`);
}
