// The archives: four verbs (`append`, `fetch`, `list`, `events`) over one LevelDB database, and `latest`, the table that the
// next cycle is compared with. Callers do not know who holds the database, nor how readings lie in it.

import { existsSync } from 'node:fs';
import type { ArchiveInfo } from '../model/archive.js';
import { type Cycle, emptyTable, type Table } from '../model/cycle.js';
import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import type { Series, SeriesQuery, SeriesSource } from '../model/series.js';
import { appendCycle } from './append.js';
import { type Backfill, backfill } from './backfill.js';
import { withoutNewArchives } from './creation-floor.js';
import { type Database, databaseFolder, openDatabase, openError } from './database.js';
import { type ArchiveRecord, archiveInfo, compareNames, readRecords, readState } from './directory.js';
import { fetchSeries } from './fetch.js';
import { metaKey } from './keys.js';
import { readEvents } from './ledger.js';
import { maintain } from './maintain.js';
import { StoreError } from './store-error.js';
import { parseTable } from './table-text.js';

/** Milliseconds that a command waits for another process to leave the database. */
export const defaultWaitMs = 30_000;

/** Opens the archives under a data folder, makes them when there are none. Throws a `StoreError`. */
export async function openStore(dataDir: string, waitMs = defaultWaitMs): Promise<Store> {
  return new Store(await openDatabase(dataDir, waitMs));
}

/** Opens, uses and releases the archives: for what is short, so that others get in between. */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  return released(await openStore(dataDir), use);
}

/** Like `withStore`, for those who only read: makes no archives where there are none, but throws `no-data`. */
export async function withArchives<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  if (!existsSync(databaseFolder(dataDir))) {
    throw new StoreError(
      'no-data',
      `there are no archives in ${dataDir} yet: "lvs-stats collect" makes them, "--data DIR" names another folder`,
    );
  }
  return withStore(dataDir, use);
}

async function released<T>(store: Store, use: (store: Store) => Promise<T>): Promise<T> {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** The archives, open. One process has them open at a time; `close` lets the next one in. */
export class Store implements SeriesSource {
  readonly #database: Database;
  #records: Map<string, ArchiveRecord> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The table as of the newest cycle. */
  async latest(): Promise<Table> {
    const stored = await this.#guard(async () => this.#database.getSync(metaKey('table')));
    return stored === undefined ? emptyTable : parseTable(stored.toString());
  }

  /**
   * Stores a cycle, all of it or nothing. It is on the disk when this returns; with `isDurable` false it is with the next
   * one that is, or after `close`, and until then a power failure takes it back, never out of order.
   */
  async append(cycle: Cycle, isDurable = true): Promise<void> {
    await this.#append(() => cycle, isDurable);
  }

  /** Stores a cycle for the archives that exist, and makes none. Returns how many it would have made. */
  async appendToExisting(cycle: Cycle): Promise<number> {
    let leftOut = 0;
    await this.#append((exists) => {
      const reduced = withoutNewArchives(cycle, exists);
      leftOut = reduced.leftOut;
      return reduced.cycle;
    }, true);
    return leftOut;
  }

  async #append(cycleFor: (exists: (name: string) => boolean) => Cycle, isDurable: boolean): Promise<void> {
    await this.#guard(async () => {
      const database = this.#database;
      this.#records ??= await readRecords(database);
      const records = this.#records;
      const held = { database, records, state: readState((key) => database.getSync(key)) };
      const cycle = cycleFor((name) => records.has(name));
      const state = await appendCycle(held, cycle, isDurable);
      await maintain({ database, records }, state);
    });
  }

  /** Loads a whole history into an empty store; on the disk when this returns. */
  async backfill(history: Backfill): Promise<void> {
    await this.#guard(() => backfill(this.#database, history));
  }

  /** Puts on the disk what was appended without being durable. */
  async sync(): Promise<void> {
    await this.#guard(async () => {
      const database = this.#database;
      const state = database.getSync(metaKey('state'));
      if (state !== undefined) await database.put(metaKey('state'), state, { sync: true });
    });
  }

  /** Rows of one archive. */
  async fetch(query: SeriesQuery): Promise<Series> {
    return this.#guard(async () => {
      const snapshot = this.#database.snapshot();
      try {
        return fetchSeries((key) => this.#database.getSync(key, { snapshot }), query);
      } finally {
        await snapshot.close();
      }
    });
  }

  /** All archives that have readings: the director, then each service with its real servers. */
  async list(): Promise<readonly ArchiveInfo[]> {
    return this.#guard(async () => {
      const records = await readRecords(this.#database);
      const state = readState((key) => this.#database.getSync(key));
      const infos = [...records].map(([name, record]) => archiveInfo(name, record, state));
      return infos.filter((info) => info !== null).sort((a, b) => compareNames(a.name, b.name));
    });
  }

  /** What happened, in order of time. */
  async events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    return this.#guard(() => readEvents(this.#database, query));
  }

  /** Lets the next process in. */
  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Says in a person's words what LevelDB, or bytes that it no longer vouches for, have to say. */
  async #guard<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } catch (error) {
      this.#records = null;
      if (error instanceof StoreError || isDefect(error)) throw error;
      throw openError(error, this.#database.location);
    }
  }
}

/** Not trouble with the data, but ours: arguments that Node refuses. Bytes that cannot be unpacked have no `code`. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof RangeError && 'code' in error);
}
