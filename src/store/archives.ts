// What the archives offer, whoever holds the database: this process (`Store`), or a server that answers on a socket
// (`RemoteArchives`). Loading a whole history is not among it: that needs the database itself, and an empty one.

import type { Cycle, Table } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import type { MonthSource, SeriesSource } from '../model/series.js';
import type { Forgotten } from './forget.js';
import type { Foreign, Merged } from './merge.js';
import type { Rewound } from './rewind.js';

/** The archives, for those who read and those who write. All throw a `StoreError` where the data are in trouble. */
export interface Archives extends SeriesSource, MonthSource {
  /** The table as of the newest cycle. */
  latest(): Promise<Table>;
  /**
   * Stores a cycle, all of it or nothing. It is on the disk when this returns; with `isDurable` false it is with the next
   * one that is, or after `sync`, and until then a power failure may take it back.
   */
  append(cycle: Cycle, isDurable?: boolean): Promise<void>;
  /** Stores a cycle for the archives that exist, and makes none. Returns how many it would have made. */
  appendToExisting(cycle: Cycle): Promise<number>;
  /** Looks at a day's share of the files for damage, which LevelDB would not see; throws where there is any. */
  patrol(): Promise<void>;
  /** Takes out what lies after a time, because the clock was ahead when it was stored; null where nothing does. */
  rewind(untilS: number): Promise<Rewound | null>;
  /** Puts on the disk what was appended without being durable. */
  sync(): Promise<void>;
  /** Tells a whole archive, as `rrdtool dump` does. */
  dump(name: string): Promise<Dump>;
  /** Takes rows from elsewhere where nothing is known; an archive is made where there is none. On the disk when this returns. */
  merge(foreign: Foreign): Promise<Merged>;
  /** Takes an archive out for good, with those below it; null where there is none. No cycle may be under way. */
  forget(name: string): Promise<Forgotten | null>;
}

/** Archives that somebody has to let go of. */
export interface OpenArchives extends Archives {
  /** Lets the next one in. */
  close(): Promise<void>;
}

/** Lends the archives for a moment. After a lost connection `use` is run again from its beginning. */
export type LendArchives = <T>(use: (archives: Archives) => Promise<T>) => Promise<T>;
