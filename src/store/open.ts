// Who may have the archives, and for how long: opened, used and released, by those who write and by those who only read.

import type { SeriesSource } from '../model/series.js';
import { readCycleFile } from './cycle-file.js';
import { type Database, databaseFolder, hasDatabase, openDatabase } from './database.js';
import { openShadow, type Shadow } from './shadow.js';
import { Store } from './store.js';
import { StoreError } from './store-error.js';

/** Milliseconds that a command waits for another process to leave the database. */
export const defaultWaitMs = 30_000;

/** Opens the archives under a data folder, makes them when there are none. Throws a `StoreError`. */
export async function openStore(dataDir: string, waitMs = defaultWaitMs): Promise<Store> {
  return storeOf(await openDatabase(dataDir, waitMs));
}

/** The store of an opened database. Throws where that ends before what was reported as stored. */
async function storeOf(database: Database, acknowledgedS = readCycleFile(database.location)): Promise<Store> {
  const store = new Store(database);
  try {
    await store.expectCycle(acknowledgedS);
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens, uses and releases the archives: for what is short, so that others get in between. */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  return released(await openStore(dataDir), use);
}

/** What `withArchives` does for a reader. */
export type UseArchives<T> = (archives: SeriesSource) => Promise<T>;

/**
 * Like `withStore`, for those who only read: makes no archives where there are none, but throws `no-data`. Where the data
 * folder cannot be written, they are read from a shadow of it, and `tell` is called with the reason.
 */
export async function withArchives<T>(
  dataDir: string,
  use: UseArchives<T>,
  tell: (text: string) => void = () => {},
): Promise<T> {
  if (!hasDatabase(dataDir)) {
    throw new StoreError(
      'no-data',
      `there are no archives in ${dataDir} yet: "lvs-stats collect" makes them, "--data DIR" names another folder`,
    );
  }
  let database: Database;
  try {
    database = await openDatabase(dataDir, defaultWaitMs);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'io') throw error;
    return withShadow(dataDir, use, { tell, refusal: error });
  }
  return released(await storeOf(database), use);
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
