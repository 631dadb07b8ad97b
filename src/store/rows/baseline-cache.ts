// The baselines of the newest hour that was asked for: all cycles of an hour read the same thousand records, while maintenance changes those
// of other shifts.

import type { BaselineColumns } from '../../model/baseline/baseline-columns.js';
import { isBaselineKey, timeOfKey } from '../layout/keys.js';
import { shiftsPerWeek } from './baseline-record.js';

/** The baselines of an hour: those of some shifts, by their places in the week. */
export interface UsualHour {
  readonly hour: number;
  readonly places: readonly number[];
}

interface KeptHour {
  readonly hour: number;
  readonly changes: number;
  readonly baselines: BaselineColumns;
}

/** The baselines of one hour, until a write of records of its shifts begins. */
export class BaselineCache {
  /** How many writes of the records of each shift have begun or ended. They only grow, so equal sums mean that nothing has changed. */
  readonly #changes = new Uint32Array(shiftsPerWeek);
  #kept: KeptHour | null = null;

  /** The baselines of an hour; `read` reads them if they are not known. What is read amid a write is not found later. */
  async find({ hour, places }: UsualHour, read: () => Promise<BaselineColumns>): Promise<BaselineColumns> {
    const changes = places.reduce((sum, place) => sum + (this.#changes[place] ?? 0), 0);
    if (this.#kept?.hour === hour && this.#kept.changes === changes) return this.#kept.baselines;
    const baselines = await read();
    this.#kept = { hour, changes, baselines };
    return baselines;
  }

  /** Performs a write of some keys, or, with null, of any. */
  async whileChanging<R>(keys: readonly Buffer[] | null, write: () => Promise<R>): Promise<R> {
    const changed = keys === null ? this.#changes.keys() : new Set(keys.filter(isBaselineKey).map(timeOfKey));
    const places = [...changed];
    const count = (): void => {
      for (const place of places) this.#changes[place] = (this.#changes[place] ?? 0) + 1;
    };
    count();
    try {
      return await write();
    } finally {
      count();
    }
  }
}
