// Opens, uses and closes the archives, for writers and for readers. When a server has them open, calls go to it; callers do not notice the
// difference.

import { storeOf } from './acknowledged-store.js';
import type { ArchiveReader, Archives, OpenArchives } from './archives.js';
import { readCycleFile } from './layout/cycle-file.js';
import { Database, databaseFolder, hasDatabase, openDatabase, openDatabaseOr } from './leveldb/database.js';
import { refuseServed } from './shared/connect.js';
import { connectArchives } from './shared/remote-archives.js';
import { untilAnswered } from './shared/resume.js';
import { openShadow, type Shadow } from './shared/shadow.js';
import type { Store } from './store.js';
import { StoreError } from './store-error.js';

/** Milliseconds that a command waits for another process to close the database. */
export const defaultWaitMs = 30_000;

/**
 * Opens the archives of a data folder in this process, and creates them when there are none. For operations that no server offers. Throws a
 * `StoreError`, `served` when a server has them.
 */
export async function openStore(dataDir: string, waitMs = defaultWaitMs): Promise<Store> {
  await refuseServed(dataDir);
  return storeOf(await openDatabase(dataDir, waitMs));
}

/** Opens, uses and closes the archives in this process. For short work, so that other processes get their turn. */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  return released(await openStore(dataDir), use);
}

/**
 * Lends the archives to writers, from the server that has the database open, or else from this process. If the server dies halfway, `use`
 * runs again with the next server or in this process; whatever it stores a second time is stored once.
 */
export function withWritableArchives<T>(dataDir: string, use: (archives: Archives) => Promise<T>): Promise<T> {
  return untilAnswered(() => openArchives(dataDir), use);
}

/** The archives from the server, or the database itself, whichever is available first. */
async function openArchives(dataDir: string): Promise<OpenArchives> {
  const server = (): Promise<OpenArchives | null> => connectArchives(dataDir, defaultWaitMs);
  const opened = await openDatabaseOr(dataDir, defaultWaitMs, server);
  return opened instanceof Database ? storeOf(opened) : opened;
}

/** The error when there is nothing to read. */
export function noData(dataDir: string): StoreError {
  return new StoreError(
    'no-data',
    `there are no archives in ${dataDir} yet: "lvs-stats collect" creates them, "--data DIR" names another folder`,
  );
}

/** The function that a reader passes to `withArchives`. */
export type UseArchives<T> = (archives: ArchiveReader) => Promise<T>;

/**
 * Like `withWritableArchives`, for readers: creates no archives, but throws `no-data` when there are none. When the data folder is not
 * writable, it reads a shadow of it and calls `tell` with the reason.
 */
export async function withArchives<T>(
  dataDir: string,
  use: UseArchives<T>,
  tell: (text: string) => void = () => {},
): Promise<T> {
  if (!hasDatabase(dataDir)) throw noData(dataDir);
  let refusal: StoreError | null = null;
  const open = async (): Promise<OpenArchives> => {
    try {
      return await openArchives(dataDir);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'io') refusal = error;
      throw error;
    }
  };
  try {
    return await untilAnswered(open, use);
  } catch (error) {
    if (refusal === null || error !== refusal) throw error;
    return withShadow(dataDir, use, { tell, refusal });
  }
}

async function withShadow<T>(
  dataDir: string,
  use: UseArchives<T>,
  { tell, refusal }: { readonly tell: (text: string) => void; readonly refusal: StoreError },
): Promise<T> {
  const location = databaseFolder(dataDir);
  const acknowledgedS = readCycleFile(location);
  let shadow: Shadow;
  try {
    shadow = await openShadow(location);
  } catch {
    throw refusal;
  }
  tell(`${refusal.message}; what is on it is read through a copy`);
  try {
    return await use(await storeOf(shadow.database, acknowledgedS));
  } finally {
    await shadow.remove();
  }
}

async function released<T>(store: Store, use: (store: Store) => Promise<T>): Promise<T> {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
