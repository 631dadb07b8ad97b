// Data folders whose rows are pushed: those of a simulated director. Rows of the usual one reach back to where only rows of a day are kept. It was
// silent for some hours, a service came back after a day, and another one has been gone since long ago.

import { createDirector } from '../../../src/demo/director.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { emptyState } from '../../../src/model/cycle.js';
import { parseRetention, type Retention } from '../../../src/model/retention.js';
import { withStore } from '../../../src/store/open.js';

const [hourS, dayS] = [3600, 86_400];

/** The rows that the site keeps: those of half an hour for four days, of two hours for twelve, and of a day for 60. */
const siteRetention = parseRetention('30m:4d,2h:12d,1d:60d');

/** Seconds between two readings. */
export const siteStepS = 1800;

/** A director whose history can grow. */
export interface RowsSite {
  readonly dataDir: string;
  /** Time of the first reading. */
  readonly epochS: number;
  /** Time of the newest reading. */
  readonly newestS: () => number;
  /** Stores readings up to a time, without the services of these numbers. */
  readonly readUntil: (untilS: number, without?: readonly number[]) => Promise<void>;
  /** Passes over the readings up to a time. */
  readonly keepSilentUntil: (untilS: number) => void;
}

/** The times of a director's readings, and how long its rows are kept. */
export interface SiteTimes {
  /** The first reading. */
  readonly epochS: number;
  readonly stepS: number;
  readonly retention: Retention;
}

/** Makes a data folder without a reading. */
export function createEmptySite(dataDir: string, { epochS, stepS, retention }: SiteTimes): RowsSite {
  const director = createDirector({ seed: 11, services: 3, epochS, endS: epochS + 90 * dayS });
  let [nextS, newestS] = [epochS, epochS];
  const readUntil = (limitS: number, without: readonly number[] = []): Promise<void> =>
    withStore(dataDir, async (store) => {
      let known = newestS === epochS ? { ...emptyState, retention } : await store.latest();
      for (; nextS <= limitS; nextS += stepS) {
        const snapshot = director.snapshotAt(nextS);
        const services = snapshot.services.filter((_, number) => !without.includes(number));
        const cycle = interpret(known, { ...snapshot, services });
        await store.append(cycle, false);
        [known, newestS] = [cycle.table, nextS];
      }
    });
  const keepSilentUntil = (limitS: number): void => {
    while (nextS <= limitS) nextS += stepS;
  };
  return { dataDir, epochS, newestS: () => newestS, readUntil, keepSilentUntil };
}

/** Makes a data folder with a history up to a time. */
export async function createRowsSite(dataDir: string, untilS: number): Promise<RowsSite> {
  const times = { epochS: untilS - 40 * dayS, stepS: siteStepS, retention: siteRetention };
  const site = createEmptySite(dataDir, times);
  const { readUntil, keepSilentUntil } = site;
  await readUntil(untilS - 25 * dayS);
  await readUntil(untilS - 8 * dayS, [2]);
  keepSilentUntil(untilS - 8 * dayS + 7 * hourS);
  await readUntil(untilS - 3 * dayS, [2]);
  await readUntil(untilS - 2 * dayS, [1, 2]);
  await readUntil(untilS, [2]);
  return site;
}
