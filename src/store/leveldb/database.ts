// The LevelDB database under the data folder, every value with its checksum. LevelDB lets in one process at a time, so
// whoever is short-lived opens, uses, releases, and tries again after a few jittered milliseconds when another is inside.

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Level } from 'level';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart } from '../../files/whole-file.js';
import { patiently } from '../../model/patience.js';
import { type KeyRange, metaKey } from '../layout/keys.js';
import { migrate } from '../layout/migrate.js';
import { StoreError } from '../store-error.js';
import { rememberVerified, type SoundTables, verifyNewFiles } from '../upkeep/patrol.js';
import { checkedValue, withChecksum } from './checksum.js';
import { hold } from './held.js';
import { causeText, isLocked, storeErrorOf } from './level-error.js';
import { refusePipes } from './refuse-pipes.js';

/** One write of a batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Buffer };

/** Looks a key up, in one and the same state of the database for as long as it is used. Throws a `DamagedRecord`. */
export type Get = (key: Buffer) => Buffer | undefined;

/** LevelDB as it is opened here. */
export type RawDatabase = Level<Buffer, Buffer>;

/** Milliseconds between two tries; a longer pause starves writers where many processes come and go. */
const pauseMs = 8;

/** Where the database lies in a data folder. */
export function databaseFolder(dataDir: string): string {
  return join(dataDir, 'archives');
}

/** Where a repair leaves the database before it takes the place of the damaged one. */
export function repairedFolder(dataDir: string): string {
  return join(dataDir, 'archives.repaired');
}

/** Opens LevelDB in a folder, and makes it where there is none, unless told otherwise. Throws what LevelDB throws. */
export async function openRaw(location: string, { createIfMissing = true } = {}): Promise<RawDatabase> {
  refusePipes(location);
  const release = hold(location);
  const level: RawDatabase = new Level(location, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  try {
    await level.open({ createIfMissing });
  } catch (error) {
    release();
    throw error;
  }
  level.once('closed', release);
  return level;
}

/** Opens LevelDB in a folder, makes it where there is none, uses and closes it. Throws what LevelDB throws. */
export async function withRawDatabase<T>(location: string, use: (level: RawDatabase) => Promise<T>): Promise<T> {
  const level = await openRaw(location);
  try {
    return await use(level);
  } finally {
    await level.close();
  }
}

/** Is there a database? Throws a `StoreError` where a repair has left it under another name, or where that cannot be seen. */
export function hasDatabase(dataDir: string): boolean {
  const location = databaseFolder(dataDir);
  if (!isThere(location) && isThere(repairedFolder(dataDir)) && !isThere(location)) throw unfinishedRepair(dataDir);
  return isThere(location);
}

/** Opens the database, waiting up to `waitMs` for another process to leave it. Throws a `StoreError`. */
export function openDatabase(dataDir: string, waitMs: number): Promise<Database> {
  return openDatabaseOr<never>(dataDir, waitMs, async () => null);
}

/** Opens the database likewise, unless `find` has something in its place: it is asked before each try. */
export async function openDatabaseOr<T>(
  dataDir: string,
  waitMs: number,
  find: () => Promise<T | null>,
): Promise<Database | T> {
  const location = databaseFolder(dataDir);
  const untilMs = performance.now() + patiently(waitMs);
  makeFolder(dataDir);
  hasDatabase(dataDir);
  let verified: SoundTables | null = null;
  for (;;) {
    const found = await find();
    if (found !== null) return found;
    try {
      await makeDatabase(location);
      verified = verifyNewFiles(location, verified);
      return await openNow(location, verified);
    } catch (error) {
      if (!isLocked(error)) throw storeErrorOf(error, location);
    }
    if (performance.now() >= untilMs) throw busy(location, waitMs);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/**
 * Makes an empty database where there is none, under another name until it is whole: LevelDB does not sync the first MANIFEST
 * of a new one, so a power failure could leave one that never opens. Throws what LevelDB or Node throw.
 */
export async function makeDatabase(location: string): Promise<void> {
  if (existsSync(location)) return;
  const release = hold(location);
  let unfinished: string | null = null;
  try {
    unfinished = makePartFolder(location);
    await withRawDatabase(unfinished, async () => {});
    renameSync(unfinished, location);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(location)) throw error;
  } finally {
    if (unfinished !== null) discardPart(unfinished);
    release();
  }
}

/**
 * Opens the database in a folder and brings it to this program's layout. Its tables are verified before LevelDB sees them, which
 * may begin at once to make new ones of them. Throws what LevelDB or Node throw, or a `DamagedFile`.
 */
export async function openNow(location: string, verified = verifyNewFiles(location, null)): Promise<Database> {
  const level = await openRaw(location, { createIfMissing: false });
  try {
    rememberVerified(location, verified);
    await migrate(level);
    return new Database(level);
  } catch (error) {
    await level.close();
    throw error;
  }
}

/** The database, open. Values come back as they were put, or not at all: reads throw a `DamagedRecord`. */
export class Database {
  readonly #level: RawDatabase;

  constructor(level: RawDatabase) {
    this.#level = level;
  }

  get location(): string {
    return this.#level.location;
  }

  readonly get: Get = (key) => {
    const stored = this.#level.getSync(key);
    return stored === undefined ? undefined : checkedValue(key, stored);
  };

  /** Reads from the state of this moment, whatever is written meanwhile. */
  async atOneMoment<T>(use: (get: Get) => T | Promise<T>): Promise<T> {
    const snapshot = this.#level.snapshot();
    // Encodings that are named spare LevelDB a copy of the options at every key.
    const options = { snapshot, keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
    try {
      return await use((key) => {
        const stored = this.#level.getSync(key, options);
        return stored === undefined ? undefined : checkedValue(key, stored);
      });
    } finally {
      await snapshot.close();
    }
  }

  /** All records of a range, in order of their keys. */
  async entries(range: KeyRange): Promise<[Buffer, Buffer][]> {
    const entries = await this.#level.iterator(range).all();
    return entries.map(([key, stored]) => [key, checkedValue(key, stored)]);
  }

  /** The keys of a range in their order, the first `limit` of them. */
  async keys(range: KeyRange, limit?: number): Promise<Buffer[]> {
    return this.#level.keys(limit === undefined ? range : { ...range, limit }).all();
  }

  /** All records as they are stored, with their checksums, in order of their keys. */
  stored(): AsyncIterable<[Buffer, Buffer]> {
    return this.#level.iterator();
  }

  /** The state as it is stored, with its checksum. */
  storedState(): Buffer | undefined {
    return this.#level.getSync(metaKey('state'));
  }

  /** Writes all of it or nothing. When `isDurable`, it is on the disk when this returns. */
  async write(operations: readonly Operation[], { isDurable = false } = {}): Promise<void> {
    const stored = operations.map((operation) =>
      operation.type === 'del' ? operation : { ...operation, value: withChecksum(operation.key, operation.value) },
    );
    await this.#level.batch(stored, { sync: isDurable });
  }

  /** Deletes a range, and gives its space back. */
  async drop(range: KeyRange): Promise<void> {
    await this.#level.clear(range);
    await this.compact(range);
  }

  /** Compacts a range of keys: what was deleted there is gone from the disk after it. */
  async compact({ gte, lt }: KeyRange): Promise<void> {
    if (this.#level.supports.additionalMethods['compactRange'] !== true) return;
    await (this.#level as RawDatabase & Compactable).compactRange(gte, lt);
  }

  /** Lets the next process in. */
  async close(): Promise<void> {
    await this.#level.close();
  }
}

/** What LevelDB on a disk can do, and in a browser cannot. */
interface Compactable {
  compactRange(start: Buffer, end: Buffer): Promise<void>;
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new StoreError(
      'io',
      `cannot make the data folder ${dataDir} (${causeText(error)}): choose another with --data DIR, or make it writable`,
      { cause: error },
    );
  }
}

function isThere(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw storeErrorOf(error, folder);
  }
}

function unfinishedRepair(dataDir: string): StoreError {
  return new StoreError(
    'corrupt',
    `a repair of the database in ${dataDir} was interrupted: run "lvs-stats repair" again`,
  );
}

function busy(location: string, waitMs: number): StoreError {
  return new StoreError(
    'busy',
    `another process has had the database in ${location} open for ${Math.round(patiently(waitMs) / 1000)} s: try again, or end it`,
  );
}
