// The end of a cycle: judges it by what the archives know, and stores it. They are opened once for both, since opening them costs as much.
// Upkeep that fails afterwards is no failure of the cycle, and is reported apart from it.

import type { FindingGround } from '../interpret/findings/find.js';
import { readUsualWeek, type UsualWeek } from '../interpret/findings/usual.js';
import type { Cycle, KnownState } from '../model/cycle.js';
import { readPeaks } from '../render/capacity/read-peaks.js';
import type { Archives, LendArchives } from '../store/archives.js';
import { StoreError } from '../store/store-error.js';

/** A cycle before its findings. */
export interface UnjudgedCycle {
  /** The known state before it. */
  readonly previous: KnownState;
  readonly timeS: number;
  /** The cycle with its findings. */
  readonly judged: (ground: Pick<FindingGround, 'usual' | 'peaks'>) => Cycle;
}

/** A stored cycle. */
export interface StoredCycle {
  readonly cycle: Cycle;
  /** Archives that were not created for lack of space. */
  readonly leftOut: number;
  /** Why the upkeep after storing it failed; null if it did not. */
  readonly upkeep: StoreError | null;
}

/** Lost connections after which a cycle does without the usual week: fewer than those after which storing is given up. */
const mostLosses = 2;

/** Judges and stores a cycle; without `hasRoom` it creates no archives. Throws a `StoreError` when it is not stored. */
export async function storeCycle(
  lend: LendArchives,
  { previous, timeS, judged, hasRoom }: UnjudgedCycle & { readonly hasRoom: boolean },
): Promise<StoredCycle> {
  let losses = 0;
  let cycle: Cycle | null = null;
  // A process that holds the archives and is older than baselines ends the connection, again and again.
  const usualIn = async (archives: Archives): Promise<UsualWeek | null> => {
    if (losses === mostLosses) return null;
    try {
      return await readUsualWeek((atS) => archives.baselines(atS), timeS, previous);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'connection-lost') losses += 1;
      throw error;
    }
  };
  return lend(async (archives) => {
    // When storing is repeated, the cycle is the same.
    cycle ??= judged({ usual: await usualIn(archives), peaks: await readPeaks(archives, previous, timeS) });
    let leftOut = 0;
    try {
      if (hasRoom) await archives.append(cycle);
      else leftOut = await archives.appendToExisting(cycle);
      await archives.patrol();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'upkeep-failed') return { cycle, leftOut, upkeep: error };
      throw error;
    }
    return { cycle, leftOut, upkeep: null };
  });
}
