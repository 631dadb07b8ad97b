// The store of a long-lived process. LevelDB refuses every write after one that failed, until it is opened anew: a short-lived
// command does so anyway, here it is done after the failure. While that fails too (the disk is still full), readers have a
// shadow of the files, and every write tries again. Writes are done one after another, reads beside them.

import type { ArchiveInfo, Cf } from '../model/archive.js';
import type { Cycle, Failure, Table } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import type { MonthPercentiles } from '../model/percentile.js';
import type { Retention } from '../model/retention.js';
import type { PercentileQuery, RowsQuery, Series, SeriesQuery } from '../model/series.js';
import type { OpenArchives } from './archives.js';
import { readCycleFile } from './cycle-file.js';
import { databaseFolder, openDatabase } from './database.js';
import type { Forgotten } from './forget.js';
import type { Foreign, Merged } from './merge.js';
import type { Rewound } from './rewind.js';
import { openShadow } from './shadow.js';
import { type Store, storeOf } from './store.js';
import { StoreError } from './store-error.js';
import { Turns } from './turns.js';

/** What is new after a cycle was stored, or readings were taken back. */
export interface CycleNews {
  /** What the archives keep. */
  readonly retention: Retention;
  /** Were readings replaced by others of the same times, or archives taken out? */
  readonly isReplaced: boolean;
  /** Time of the newest reading; null where there is none. */
  readonly timeS: number | null;
  /** The run of failed cycles that has not ended; null where the newest cycle had a reading. */
  readonly failure: Failure | null;
  /** Likewise of HAProxy alone. */
  readonly haproxyFailure: Failure | null;
  /** Entries that the newest cycle left out; missing when it left out none. */
  readonly leftOut?: Table['leftOut'];
  /** Since when the kernel's counters are frozen, and what shows it; null while they run. */
  readonly frozen: Table['kernel']['frozen'];
  /** What synchronises connections with other directors; null where it is not known. */
  readonly syncDaemons: Table['kernel']['syncDaemons'];
}

/** Milliseconds that opening again waits for whoever has got in between. */
const reopenMs = 5000;

/** A store, and whether it can be written. */
interface Held {
  readonly store: Store;
  readonly isWritable: boolean;
  readonly close: () => Promise<void>;
}

/** The store of a data folder that this process keeps open. */
export class LastingStore implements OpenArchives {
  readonly #dataDir: string;
  readonly #tell: (news: CycleNews) => void;
  readonly #turns = new Turns();
  /** What went wrong where there is none. */
  #held: Held | StoreError;
  #isClosed = false;

  constructor(dataDir: string, store: Store, tell: (news: CycleNews) => void) {
    this.#dataDir = dataDir;
    this.#tell = tell;
    this.#held = ownOf(store);
  }

  latest(): Promise<Table> {
    return this.#read((store) => store.latest());
  }

  async append(cycle: Cycle, isDurable = true): Promise<void> {
    await this.#write((store) => store.append(cycle, isDurable));
    if (isDurable) this.#tell(newsOf(cycle.table));
  }

  async appendToExisting(cycle: Cycle): Promise<number> {
    const leftOut = await this.#write((store) => store.appendToExisting(cycle));
    this.#tell(newsOf(cycle.table));
    return leftOut;
  }

  patrol(): Promise<void> {
    return this.#write((store) => store.patrol());
  }

  async rewind(untilS: number): Promise<Rewound | null> {
    const rewound = await this.#write((store) => store.rewind(untilS));
    if (rewound !== null) this.#tell(newsOf(await this.latest(), true));
    return rewound;
  }

  async sync(): Promise<void> {
    await this.#write((store) => store.sync());
    this.#tell(newsOf(await this.latest()));
  }

  dump(name: string): Promise<Dump> {
    return this.#read((store) => store.dump(name));
  }

  async merge(foreign: Foreign): Promise<Merged> {
    const merged = await this.#write((store) => store.merge(foreign));
    if (merged.taken > 0) this.#tell(newsOf(await this.latest(), true));
    return merged;
  }

  async forget(name: string): Promise<Forgotten | null> {
    const forgotten = await this.#write((store) => store.forget(name));
    if (forgotten !== null) this.#tell(newsOf(await this.latest(), true));
    return forgotten;
  }

  fetch(query: SeriesQuery): Promise<Series> {
    return this.#read((store) => store.fetch(query));
  }

  fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>> {
    return this.#read((store) => store.fetchBoth(query));
  }

  percentiles(query: PercentileQuery): Promise<readonly MonthPercentiles[]> {
    return this.#read((store) => store.percentiles(query));
  }

  list(): Promise<readonly ArchiveInfo[]> {
    return this.#read((store) => store.list());
  }

  events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    return this.#read((store) => store.events(query));
  }

  /** Lets the next process in, after what is under way. Whatever is asked for later is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turns.write(() => this.#turns.alone(() => this.#release()));
  }

  #read<T>(use: (store: Store) => Promise<T>): Promise<T> {
    return this.#turns.read(async () => use(this.#stillHeld().store));
  }

  #write<T>(use: (store: Store) => Promise<T>): Promise<T> {
    return this.#turns.write(async () => {
      if (this.#isClosed) throw this.#closed();
      if (this.#held instanceof StoreError || !this.#held.isWritable) await this.#reopen();
      try {
        return await this.#turns.read(() => use(this.#stillHeld().store));
      } catch (error) {
        // What failed first is told.
        if (isRefusal(error)) await this.#reopen().catch(() => {});
        throw error;
      }
    });
  }

  #stillHeld(): Held {
    if (this.#isClosed) throw this.#closed();
    if (this.#held instanceof StoreError) throw this.#held;
    return this.#held;
  }

  /** Throws a `StoreError` where that fails; what can be read then is held. */
  async #reopen(): Promise<void> {
    await this.#turns.alone(async () => {
      await this.#release();
      try {
        this.#held = ownOf(await storeOf(await openDatabase(this.#dataDir, reopenMs)));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#held = await this.#shadow().catch(() => error);
        throw error;
      }
    });
  }

  async #shadow(): Promise<Held> {
    const location = databaseFolder(this.#dataDir);
    const acknowledgedS = readCycleFile(location);
    const { database, remove } = await openShadow(location);
    try {
      return { store: await storeOf(database, acknowledgedS), isWritable: false, close: remove };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  async #release(): Promise<void> {
    if (this.#held instanceof StoreError) return;
    const { close } = this.#held;
    this.#held = this.#closed();
    await close();
  }

  #closed(): StoreError {
    return new StoreError('busy', `the server of ${this.#dataDir} is about to end: try again`);
  }
}

function ownOf(store: Store): Held {
  return { store, isWritable: true, close: () => store.close() };
}

/** Trouble with the files, after which LevelDB may refuse everything. */
function isRefusal(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'io' || error.code === 'corrupt');
}

function newsOf({ retention, timeS, failure, kernel, haproxy, leftOut }: Table, isReplaced = false): CycleNews {
  const { frozen, syncDaemons } = kernel;
  const haproxyFailure = haproxy.failure;
  return { retention, isReplaced, timeS, failure, haproxyFailure, frozen, syncDaemons, leftOut };
}
