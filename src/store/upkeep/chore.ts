// A chore of maintenance (maintain.ts has the list), and what it works on.

import type { ArchiveRecord, State } from '../layout/directory.js';
import type { Database, Operation } from '../leveldb/database.js';

/** The store under maintenance; expired archives are removed from `records`. */
export interface StoreUpkeep {
  readonly database: Database;
  readonly records: Map<string, ArchiveRecord>;
}

/** Work that goes through windows, days or months, and within each through the blocks of archives. */
export interface Chore {
  readonly cursor: 'seal' | 'rows' | 'months' | 'expire';
  /** The first window, day or month that is not due yet. */
  readonly limit: (state: State) => number;
  /** The writes for a block. */
  readonly work: (database: Database, state: State, block: Block) => Operation[];
  /** The next window or day with work, at most `limit`: after a long silence empty ones are skipped. */
  readonly next: (database: Database, state: State, limit: number) => Promise<number>;
  /** Work at the end of a window or day. */
  readonly finish?: (database: Database, state: State) => Promise<void>;
  /** Seconds of cycles over which a window, day or month is spread, by how many are due; an hour by default. */
  readonly spreadS?: (due: number) => number;
  /** Must all due work be done now? By default, when more than one window or day is due. */
  readonly isUrgent?: (state: State) => boolean;
}

/** Archives that share a block. */
export interface Block {
  readonly number: number;
  readonly records: readonly ArchiveRecord[];
}
