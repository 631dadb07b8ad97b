// The store of a long-lived process. After a failed write LevelDB refuses all further writes until it is reopened. A short-lived command
// reopens it anyway; this store does so after the failure. While reopening fails too (the disk is still full), readers get a shadow of the
// files, and every write tries again. Writes are serial, reads concurrent.

import type { Failure, KnownKernel, KnownState } from '../../model/cycle.js';
import type { Retention } from '../../model/retention.js';
import { storeOf } from '../acknowledged-store.js';
import type { OpenArchives } from '../archives.js';
import { readCycleFile } from '../layout/cycle-file.js';
import { databaseFolder, openDatabase } from '../leveldb/database.js';
import type { Store } from '../store.js';
import { StoreError } from '../store-error.js';
import { openShadow } from './shadow.js';
import { Turns } from './turns.js';
import { type Answer, type Arguments, archivesFrom, perform, type VerbName, verbs } from './verbs.js';

/** News after a cycle was stored, or readings were removed. */
export interface CycleNews {
  /** The retention of the archives. */
  readonly retention: Retention;
  /** Were readings replaced by others of the same times, or archives removed? */
  readonly isReplaced: boolean;
  /** Time of the newest reading; null when there is none. */
  readonly timeS: number | null;
  /** The current run of failed cycles; null when the newest cycle had a reading. */
  readonly failure: Failure | null;
  /** The same for HAProxy alone. */
  readonly haproxyFailure: Failure | null;
  /** Entries that the newest cycle left out; omitted when there are none. */
  readonly leftOut?: KnownState['leftOut'];
  /** The findings as known after the cycle; omitted when there are none. */
  readonly findings?: KnownState['findings'];
  /** Drift as known after the cycle; omitted when it is not judged. */
  readonly drift?: KnownState['drift'];
  /** Since when the kernel's counters are frozen, with the evidence; null while they run. */
  readonly frozen: KnownKernel['frozen'];
  /** The daemons that synchronise connections with other directors; null when unknown. */
  readonly syncDaemons: KnownKernel['syncDaemons'];
}

/** Milliseconds that reopening waits for a process that got in between. */
const reopenMs = 5000;

/** A store, and whether it is writable. */
interface OpenStore {
  readonly store: Store;
  readonly isWritable: boolean;
  readonly close: () => Promise<void>;
}

/** The archives of a data folder that this process keeps open. Calls `tell` after each change. */
export function lastingArchives(dataDir: string, store: Store, tell: (news: CycleNews) => void): OpenArchives {
  const lasting = new LastingStore(dataDir, store, tell);
  return { ...archivesFrom((name, args) => lasting.perform(name, args)), close: () => lasting.close() };
}

class LastingStore {
  readonly #dataDir: string;
  readonly #tell: (news: CycleNews) => void;
  readonly #turns = new Turns();
  /** The store, or the error when there is none. */
  #held: OpenStore | StoreError;
  /** Was it closed since the last news? Then another process may have replaced readings. */
  #wasReleased = false;
  #isClosed = false;

  constructor(dataDir: string, store: Store, tell: (news: CycleNews) => void) {
    this.#dataDir = dataDir;
    this.#tell = tell;
    this.#held = ownOf(store);
  }

  async perform<N extends VerbName>(name: N, args: Arguments<N>): Promise<Answer<N>> {
    const verb = verbs[name];
    if (verb.access === 'read') return this.#read((store) => perform(store, name, args));
    const answer = await this.#write((store) => perform(store, name, args));
    const change = verb.changeOf(answer, args);
    if (change !== null) {
      const isReplaced = change.isReplaced || this.#wasReleased;
      this.#wasReleased = false;
      this.#tell(newsOf(change.table ?? (await this.#read((store) => store.latest())), isReplaced));
    }
    return answer;
  }

  /** Closes the store after running calls finish. Later calls are refused. */
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
        // Reports the first failure.
        if (isRefusal(error)) await this.#reopen().catch(() => {});
        throw error;
      }
    });
  }

  #stillHeld(): OpenStore {
    if (this.#isClosed) throw this.#closed();
    if (this.#held instanceof StoreError) throw this.#held;
    return this.#held;
  }

  /** Throws a `StoreError` on failure; then holds whatever can be read. */
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

  async #shadow(): Promise<OpenStore> {
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
    this.#wasReleased = true;
    await close();
  }

  #closed(): StoreError {
    return new StoreError('busy', `the server of ${this.#dataDir} is shutting down: try again`);
  }
}

function ownOf(store: Store): OpenStore {
  return { store, isWritable: true, close: () => store.close() };
}

/** Trouble with the files, after which LevelDB may refuse everything. */
function isRefusal(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'io' || error.code === 'corrupt');
}

function newsOf(
  { retention, timeS, director, haproxy, leftOut, findings, drift }: KnownState,
  isReplaced: boolean,
): CycleNews {
  const { failure, kernel } = director;
  const { frozen, syncDaemons } = kernel;
  const haproxyFailure = haproxy.failure;
  return { retention, isReplaced, timeS, failure, haproxyFailure, frozen, syncDaemons, leftOut, findings, drift };
}
