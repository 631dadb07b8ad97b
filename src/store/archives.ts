// The interface of the archives, wherever the database is open: in this process (`Store`) or in a server that answers on a socket
// (`connectArchives`). The verbs are listed in `verbs.ts`. Loading a whole history is not a verb: it needs the database itself, and an
// empty one.

import type { Cycle, KnownState } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import type { LinksReading } from '../model/links/counts.js';
import type { LinksPart, LinksView } from '../model/links/view.js';
import type { FleetView } from '../model/map/fleet.js';
import type { PolicyState } from '../model/policy/policy.js';
import type { BaselineSource, MonthSource, SeriesSource } from '../model/series.js';
import type { Foreign, MergeOutcome } from './import/merge.js';
import type { StoredSilence } from './silences.js';
import type { ForgetOutcome } from './upkeep/forget.js';
import type { RewindOutcome } from './upkeep/rewind.js';

/** Reads from the archives. Every verb throws a `StoreError` when the data are in trouble. */
export interface ArchiveReader extends SeriesSource, MonthSource, BaselineSource {
  /** The table as of the newest cycle. */
  latest(): Promise<KnownState>;
  /** The silences of findings, those that ended too. */
  silences(): Promise<readonly StoredSilence[]>;
  /** The policy of the server that has the archives open; null if none has. */
  policy(): Promise<PolicyState | null>;
  /** The live table of the server that has the archives open, or a part of it; null if no agents report to it. Older servers give all of it. */
  links(part?: LinksPart): Promise<LinksView | null>;
  /** The counts of that table, for a cycle; null likewise. */
  linkCounts(): Promise<LinksReading | null>;
  /** The agents of that server with their connections, for the map; null likewise. */
  fleet(): Promise<FleetView | null>;
  /** A whole archive, in the form that `rrdtool dump` prints. */
  dump(name: string): Promise<Dump>;
}

/** Adds to the archives. */
export interface ArchiveWriter {
  /**
   * Stores a cycle atomically. It is on disk when this returns. With `isDurable` false, it reaches the disk with the next durable cycle or
   * `sync`; until then a power failure may lose it.
   */
  append(cycle: Cycle, isDurable?: boolean): Promise<void>;
  /** Stores a cycle for the existing archives and creates none. Returns how many it would have created. */
  appendToExisting(cycle: Cycle): Promise<number>;
  /** Syncs the non-durable appends to disk. */
  sync(): Promise<void>;
  /** Adds imported rows where nothing is known, and creates the archive if there is none. The rows are on disk when this returns. */
  merge(foreign: Foreign): Promise<MergeOutcome>;
  /** Silences findings, instead of an earlier silence of the same pattern. */
  silence(silence: StoredSilence): Promise<void>;
  /** Ends the silence of a pattern; false when there is none. */
  endSilence(pattern: string): Promise<boolean>;
}

/** Maintains the archives and removes from them. */
export interface ArchiveUpkeep {
  /** Checks a day's share of the files for damage that LevelDB would miss. Throws when it finds any. */
  patrol(): Promise<void>;
  /** Removes everything after a time, stored while the clock was ahead; null when there is nothing to remove. */
  rewind(untilS: number): Promise<RewindOutcome | null>;
  /** Deletes an archive for good, along with those below it; null when there is none. No cycle may be running. */
  forget(name: string): Promise<ForgetOutcome | null>;
}

/** The archives, for readers and writers. */
export interface Archives extends ArchiveReader, ArchiveWriter, ArchiveUpkeep {}

/** Archives that must be closed. */
export interface OpenArchives extends Archives {
  /** Lets the next process in. */
  close(): Promise<void>;
}

/** Lends the archives for the duration of a call. After a lost connection `use` runs again from the start. */
export type LendArchives = <T>(use: (archives: Archives) => Promise<T>) => Promise<T>;
