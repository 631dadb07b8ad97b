// The table and the kernel's counters at the moment of a request.

import type { KernelReading } from '../model/snapshot.js';
import type { ExportedTable } from './table/exported-table.js';

/** One reading of the table. */
export interface LiveReading {
  /** Null if this machine has no table. */
  readonly table: ExportedTable | null;
  readonly kernel: Pick<KernelReading, 'totals' | 'processors'> | null;
}

/** The newest reading; null before the first. */
export interface LiveAnswer {
  readonly reading: LiveReading | null;
  /** Whether the newest attempt failed, or takes too long. */
  readonly isFailing: boolean;
}

/** Reads the table, or waits for a reading that is under way. Never throws. */
export type LiveReader = () => Promise<LiveAnswer>;
