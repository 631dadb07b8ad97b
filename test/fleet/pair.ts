// A pair of directors with real archives, and one director that carried everything that they carried in turn.

import { carriedIn, type SnapshotAt } from '../../src/demo/carried.js';
import { createDirector } from '../../src/demo/director.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../../src/model/cycle.js';
import { withStore } from '../../src/store/open.js';

/** Cycles of five minutes that were recorded, and how many services there are. */
export const pairCycles = 60;
const stepS = 300;
const services = 4;
const beforeS = 86_400;

/** The data folders of a pair. */
export interface PairFolders {
  readonly whole: string;
  readonly first: string;
  readonly second: string;
}

/**
 * Records a pair from a time on, which is a whole step. The first director dies in the row after the 12th cycle, comes back at the 25th to
 * stand by, and takes over again, as planned, in the row after the 40th.
 */
export async function recordPair({ whole, first, second }: PairFolders, startS: number): Promise<void> {
  const director = createDirector({ seed: 5, services, epochS: startS - beforeS, endS: startS + 30 * 86_400 });
  const [diedS, plannedS, backS] = [startS + 12.4 * stepS, startS + 40.5 * stepS, startS + 25 * stepS];
  const own = [
    { fromS: startS - beforeS, toS: diedS },
    { fromS: plannedS, toS: Number.POSITIVE_INFINITY },
  ];
  await record(whole, startS, director.snapshotAt);
  await record(first, startS, carriedIn(own, director.snapshotAt), (timeS) => timeS <= diedS || timeS >= backS);
  await record(second, startS, carriedIn([{ fromS: diedS, toS: plannedS }], director.snapshotAt));
}

/** Records another director, which has nothing to do with the pair. */
export async function recordOther(folder: string, startS: number): Promise<void> {
  const director = createDirector({ seed: 6, services: 3, epochS: startS - beforeS, endS: startS + 30 * 86_400 });
  await record(folder, startS, director.snapshotAt);
}

async function record(
  folder: string,
  startS: number,
  snapshotAt: SnapshotAt,
  isAlive: (timeS: number) => boolean = () => true,
): Promise<void> {
  await withStore(folder, async (store) => {
    let known: KnownState = emptyState;
    for (let cycle = 0; cycle <= pairCycles; cycle += 1) {
      const timeS = startS + cycle * stepS;
      if (!isAlive(timeS)) continue;
      const made = interpret(known, { ...snapshotAt(timeS), timeS, host: null });
      await store.append(made, false);
      known = made.table;
    }
    await store.sync();
  });
}
