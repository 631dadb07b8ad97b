// Opening and closing the LevelDB database under the data folder. LevelDB lets in one process at a time, so whoever is
// short-lived opens, uses, releases, and tries again after a few jittered milliseconds when another is inside.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Level } from 'level';
import { type KeyRange, metaKey } from './keys.js';
import { StoreError } from './store-error.js';

/** The database: keys as in keys.ts, values as their own files say. */
export type Database = Level<Buffer, Buffer>;

/** How the readings are laid out; a database with a newer number is refused. */
const schemaVersion = 1;

/** Milliseconds between two tries; a longer pause starves writers where many processes come and go. */
const pauseMs = 8;

/** Where the database lies in a data folder. */
export function databaseFolder(dataDir: string): string {
  return join(dataDir, 'archives');
}

/** Opens the database, waiting up to `waitMs` for another process to leave it. Throws a `StoreError`. */
export async function openDatabase(dataDir: string, waitMs: number): Promise<Database> {
  const location = databaseFolder(dataDir);
  const untilMs = performance.now() + waitMs;
  makeFolder(dataDir);
  for (;;) {
    const database: Database = new Level(location, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
    try {
      await database.open();
      await checkSchema(database, location);
      return database;
    } catch (error) {
      if (error instanceof StoreError) {
        await database.close();
        throw error;
      }
      if (!isLocked(error)) throw openError(error, location);
    }
    if (performance.now() >= untilMs) throw busy(location, waitMs);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** Is this what LevelDB says when another process, or this one, has the database open? */
export function isLocked(error: unknown): boolean {
  return causeCode(error) === 'LEVEL_LOCKED';
}

/** What an error of LevelDB means to a person. */
export function openError(error: unknown, location: string): StoreError {
  const text = causeText(error);
  if (causeCode(error) === 'LEVEL_CORRUPTION' || error instanceof RangeError || /corrupt/i.test(text)) {
    return new StoreError(
      'corrupt',
      `the database in ${location} is damaged (${text}): move the folder aside to start anew, and keep it for a repair`,
      { cause: error },
    );
  }
  return new StoreError(
    'io',
    `cannot use the database in ${location}: ${text}; check that the folder can be written and the disk is not full`,
    { cause: error },
  );
}

/** Compacts a range of keys: what was deleted there is gone from the disk after it. */
export async function compact(database: Database, { gte, lt }: KeyRange): Promise<void> {
  if (database.supports.additionalMethods['compactRange'] !== true) return;
  await (database as Database & Compactable).compactRange(gte, lt);
}

/** What LevelDB on a disk can do, and in a browser cannot. */
interface Compactable {
  compactRange(start: Buffer, end: Buffer): Promise<void>;
}

async function checkSchema(database: Database, location: string): Promise<void> {
  const stored = database.getSync(metaKey('schema'));
  if (stored === undefined) {
    await database.put(metaKey('schema'), Buffer.from(String(schemaVersion)));
    return;
  }
  if (Number(stored.toString()) > schemaVersion) {
    throw new StoreError(
      'newer-schema',
      `the database in ${location} was written by a newer lvs-stats (layout ${stored.toString()}, this one knows ${schemaVersion}): upgrade lvs-stats`,
    );
  }
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

function busy(location: string, waitMs: number): StoreError {
  return new StoreError(
    'busy',
    `another process has had the database in ${location} open for ${Math.round(waitMs / 1000)} s: try again, or end it`,
  );
}

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function causeText(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
