// The store of a database that has every cycle which was reported as stored.

import { readCycleFile } from './layout/cycle-file.js';
import type { Database } from './leveldb/database.js';
import { Store } from './store.js';

/** The store of an opened database. Throws when the database ends before the newest acknowledged cycle, and closes it. */
export async function storeOf(database: Database, acknowledgedS = readCycleFile(database.location)): Promise<Store> {
  const store = new Store(database);
  try {
    await store.expectCycle(acknowledgedS);
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}
