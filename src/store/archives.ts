// The interface of the archives, whoever holds the database: this process (`Store`), or a server that answers on a socket
// (`connectArchives`). Its verbs stand in `verbs.ts`. Loading a whole history is not among them: it needs the database itself, and an
// empty one.

import type { Cycle, KnownState } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import type { MonthSource, SeriesSource } from '../model/series.js';
import type { Foreign, MergeOutcome } from './import/merge.js';
import type { Forgotten } from './upkeep/forget.js';
import type { Rewound } from './upkeep/rewind.js';

/** Reads from the archives. Every verb throws a `StoreError` where the data are in trouble. */
export interface ArchiveReader extends SeriesSource, MonthSource {
  /** The table as of the newest cycle. */
  latest(): Promise<KnownState>;
  /** A whole archive, as `rrdtool dump` prints it. */
  dump(name: string): Promise<Dump>;
}

/** Adds to the archives. */
export interface ArchiveWriter {
  /**
   * Stores a cycle, all of it or nothing. It is on the disk when this returns; with `isDurable` false it is with the next
   * one that is, or after `sync`, and until then a power failure may take it back.
   */
  append(cycle: Cycle, isDurable?: boolean): Promise<void>;
  /** Stores a cycle for the archives that exist, and makes none. Returns how many it would have made. */
  appendToExisting(cycle: Cycle): Promise<number>;
  /** Puts on the disk what was appended without being durable. */
  sync(): Promise<void>;
  /** Adds imported rows where nothing is known; makes the archive where there is none. On the disk when this returns. */
  merge(foreign: Foreign): Promise<MergeOutcome>;
}

/** Looks after the archives, and removes from them. */
export interface ArchiveUpkeep {
  /** Checks a day's share of the files for damage that LevelDB would not notice; throws where there is any. */
  patrol(): Promise<void>;
  /** Removes everything after a time, because the clock was ahead when it was stored; null where there is nothing. */
  rewind(untilS: number): Promise<Rewound | null>;
  /** Deletes an archive for good, with those below it; null where there is none. No cycle may be under way. */
  forget(name: string): Promise<Forgotten | null>;
}

/** The archives, for those who read and those who write. */
export interface Archives extends ArchiveReader, ArchiveWriter, ArchiveUpkeep {}

/** Archives that somebody has to close. */
export interface OpenArchives extends Archives {
  /** Lets the next process in. */
  close(): Promise<void>;
}

/** Lends the archives for a moment. After a lost connection `use` runs again from its beginning. */
export type LendArchives = <T>(use: (archives: Archives) => Promise<T>) => Promise<T>;
