// Cycles in a data folder whose rows are pushed, and the rows that a fake receiver took of them.

import { withStore } from '../../src/store/open.js';
import { cycleAfter, firstS } from '../store/sample-cycles.js';
import type { FakeReceiver } from './fake-receiver.js';

/** Stores some cycles. */
export async function storeCycles(dataDir: string, cycles: number): Promise<void> {
  await withStore(dataDir, async (store) => {
    for (let i = 0; i < cycles; i += 1) await store.append(cycleAfter(await store.latest()), false);
  });
}

/** The director's finest rows that were taken, in the order of arrival: 1 for the first that is complete. */
export function rowsTaken(receiver: FakeReceiver): readonly number[] {
  return endsTaken(receiver, '5m').map((endS) => (endS - firstS + (firstS % 300)) / 300);
}

/** The ends of the director's rows that were taken, in the order of arrival; of longer ones with their function: `2h MAX`. */
export function endsTaken({ taken }: FakeReceiver, row: string): readonly number[] {
  const series = `all lvs_row_connections_per_second ${row} `;
  return taken.filter((one) => one.startsWith(series)).map((one) => Number(one.slice(series.length)));
}

/** The rows of some cycles: one less, since the first reading ends none. */
export function rowsOfCycles(cycles: number): readonly number[] {
  return Array.from({ length: cycles - 1 }, (_, i) => i + 1);
}
