// The LevelDB database under the data folder; every value has a checksum. LevelDB admits one process at a time, so short-lived processes
// open, use and close it, and retry after a few jittered milliseconds when another one has it.

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart } from '../../files/whole-file.js';
import { patiently } from '../../model/patience.js';
import { isBaselineKey, type KeyRange, metaKey } from '../layout/keys.js';
import { migrate } from '../layout/migrate.js';
import { BaselineCache } from '../rows/baseline-cache.js';
import { isUnpackedKey, Unpacked, type UnpackedViews } from '../rows/unpacked.js';
import { StoreError } from '../store-error.js';
import { rememberVerified, type SoundTables, verifyNewFiles } from '../upkeep/patrol.js';
import { checkedValue, withChecksum } from './checksum.js';
import { causeText, isLocked, storeErrorOf } from './level-error.js';
import { hold, openRaw, type RawDatabase, withRawDatabase } from './raw-database.js';

/** One write of a batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Buffer };

/** Looks up a key, always in the same state of the database. Throws a `DamagedRecord`. */
export type Get = (key: Buffer) => Buffer | undefined;

/** Milliseconds between two tries; a longer pause starves writers when many processes come and go. */
const pauseMs = 8;

/** The location of the database in a data folder. */
export function databaseFolder(dataDir: string): string {
  return join(dataDir, 'archives');
}

/** The location of a repaired database before it replaces the damaged one. */
export function repairedFolder(dataDir: string): string {
  return join(dataDir, 'archives.repaired');
}

/** Is there a database? Throws a `StoreError` when a repair has left it under another name, or when the folder cannot be read. */
export function hasDatabase(dataDir: string): boolean {
  const location = databaseFolder(dataDir);
  if (!isThere(location) && isThere(repairedFolder(dataDir)) && !isThere(location)) throw unfinishedRepair(dataDir);
  return isThere(location);
}

/** Opens the database, waiting up to `waitMs` for another process to leave it. Throws a `StoreError`. */
export function openDatabase(dataDir: string, waitMs: number): Promise<Database> {
  return openDatabaseOr<never>(dataDir, waitMs, async () => null);
}

/** Opens the database like `openDatabase`, unless `find` returns something to use instead; `find` is called before each try. */
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
 * Creates an empty database when there is none, under a temporary name until it is complete: LevelDB does not sync the first MANIFEST of a
 * new database, so a power failure could leave one that never opens. Throws what LevelDB or Node throw.
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
 * Opens the database in a folder and migrates it to this program's layout. Its tables are verified before LevelDB sees them, since LevelDB
 * may start to compact them at once. Throws what LevelDB or Node throw, or a `DamagedFile`.
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

/** The open database. Values come back exactly as written, or not at all: reads throw a `DamagedRecord`. */
export class Database {
  readonly #level: RawDatabase;
  readonly #unpacked = new Unpacked();
  /** The baselines of the newest hour. */
  readonly baselines = new BaselineCache();

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

  /** Reads from a snapshot, whatever is written meanwhile. */
  async atOneMoment<T>(use: (get: Get, unpacked: UnpackedViews) => T | Promise<T>): Promise<T> {
    const snapshot = this.#level.snapshot();
    const unpacked = this.#unpacked.views();
    // Named encodings save LevelDB a copy of the options for every key.
    const options = { snapshot, keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
    try {
      return await use((key) => {
        const stored = this.#level.getSync(key, options);
        return stored === undefined ? undefined : checkedValue(key, stored);
      }, unpacked);
    } finally {
      await snapshot.close();
    }
  }

  /** All records of a range, in key order. */
  async entries(range: KeyRange): Promise<[Buffer, Buffer][]> {
    const entries = await this.#level.iterator(range).all();
    return entries.map(([key, stored]) => [key, checkedValue(key, stored)]);
  }

  /** The first `limit` keys of a range, in order. */
  async keys(range: KeyRange, limit?: number): Promise<Buffer[]> {
    return this.#level.keys(limit === undefined ? range : { ...range, limit }).all();
  }

  /** All records as stored, with their checksums, in key order. */
  stored(): AsyncIterable<[Buffer, Buffer]> {
    return this.#level.iterator();
  }

  /** The state as stored, with its checksum. */
  storedState(): Buffer | undefined {
    return this.#level.getSync(metaKey('state'));
  }

  /** Writes a batch atomically. When `isDurable`, it is on disk when this returns. */
  async write(operations: Iterable<Operation>, { isDurable = false } = {}): Promise<void> {
    // LevelDB takes each operation at once; a list of them would be copied twice, which costs more than all else.
    const batch = this.#level.batch();
    const changed: Buffer[] = [];
    for (const operation of operations) {
      const { key } = operation;
      if (operation.type === 'del') batch.del(key);
      else batch.put(key, withChecksum(key, operation.value));
      if (isUnpackedKey(key) || isBaselineKey(key)) changed.push(key);
    }
    await this.#whileChanging(changed, () => batch.write({ sync: isDurable }));
  }

  /** Deletes a range and frees its space. */
  async drop(range: KeyRange): Promise<void> {
    await this.#whileChanging(null, () => this.#level.clear(range));
    await this.compact(range);
  }

  /** Performs a write of some keys, or, with null, of any; what is remembered of them is forgotten. */
  #whileChanging(keys: readonly Buffer[] | null, write: () => Promise<void>): Promise<void> {
    return this.#unpacked.whileChanging(keys, () => this.baselines.whileChanging(keys, write));
  }

  /** Compacts a range of keys, which removes deleted records from the disk. */
  async compact({ gte, lt }: KeyRange): Promise<void> {
    if (this.#level.supports.additionalMethods['compactRange'] !== true) return;
    await (this.#level as RawDatabase & Compactable).compactRange(gte, lt);
  }

  /** Closes the database, so that the next process can open it. */
  async close(): Promise<void> {
    await this.#level.close();
  }
}

/** Methods that LevelDB has on disk but not in a browser. */
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
