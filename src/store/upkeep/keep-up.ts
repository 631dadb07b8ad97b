// The upkeep of the archives after a stored cycle: its share of maintenance, then of the baselines. What fails here does not undo the cycle.

import { UserError } from '../../model/user-error.js';
import type { State } from '../layout/directory.js';
import { isDefect, storeErrorOf } from '../leveldb/level-error.js';
import type { RecordCache } from '../record-cache.js';
import { StoreError } from '../store-error.js';
import { type BaselineUpkeep, keepBaselines } from './keep-baselines.js';
import { isMaintenanceDue, maintain } from './maintain.js';

/** A store to keep up, with all of its records. */
interface KeptUp extends BaselineUpkeep {
  readonly records: RecordCache;
}

/** Does the upkeep after a stored cycle. Throws `upkeep-failed`: the cycle stays stored, and the next one tries again. */
export async function keepUp(store: KeptUp, state: State): Promise<void> {
  const { database, records } = store;
  try {
    const isDue = isMaintenanceDue(state);
    const kept = isDue ? await maintain({ database, records: await records.all() }, state) : state;
    await keepBaselines(store, kept);
  } catch (error) {
    if (isDefect(error)) throw error;
    const { message } = error instanceof UserError ? error : storeErrorOf(error, database.location);
    const text = `the reading is stored, but the upkeep of the archives failed and is tried again: ${message}`;
    throw new StoreError('upkeep-failed', text, { cause: error });
  }
}
