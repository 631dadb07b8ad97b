// Going on after the server of the archives ended in the middle (`kill -9`): the work is begun again with whoever holds the
// database now. A write whose answer was lost may have been done or not, so before it is done again it is looked for.

import { isDeepStrictEqual } from 'node:util';
import type { Cycle, KnownState } from '../../model/cycle.js';
import { directorName } from '../../model/names/name.js';
import type { Archives, OpenArchives } from '../archives.js';
import { StoreError } from '../store-error.js';
import type { Rewound } from '../upkeep/rewind.js';
import { archivesFrom, perform } from './verbs.js';

/** How often work is begun before a server that keeps ending is given up. */
const mostTries = 5;

/** Opens archives, uses and closes them, again while the connection is lost meanwhile. */
export async function untilAnswered<T>(
  open: () => Promise<OpenArchives>,
  use: (archives: Archives) => Promise<T>,
): Promise<T> {
  const lost: LostWrites = { cycle: null, rewind: null };
  for (let tries = 1; ; tries += 1) {
    try {
      const archives = await open();
      try {
        return await use(resuming(archives, lost));
      } finally {
        await archives.close();
      }
    } catch (error) {
      if (!isLost(error) || tries === mostTries) throw error;
    }
  }
}

/** Writes that nobody has answered. */
interface LostWrites {
  cycle: Cycle | null;
  /** How it stood before. */
  rewind: Standing | null;
}

interface Standing {
  readonly newestS: number | null;
  readonly archives: number;
}

/** Archives that look for a lost write before it is done again. */
function resuming(archives: Archives, lost: LostWrites): Archives {
  const store = async <T>(cycle: Cycle, append: () => Promise<T>, found: () => Promise<T>): Promise<T> => {
    const wasLost = lost.cycle !== null && lost.cycle.timeS === cycle.timeS;
    if (wasLost && isStored(await archives.latest(), cycle)) {
      await archives.sync();
      lost.cycle = null;
      return found();
    }
    lost.cycle = cycle;
    const answer = await answered(append, () => {
      lost.cycle = null;
    });
    return answer;
  };
  return {
    // Done again, `merge` and `forget` take nothing more: their first answer is lost.
    ...archivesFrom((name, args) => perform(archives, name, args)),
    append: (cycle, isDurable) =>
      store(
        cycle,
        () => archives.append(cycle, isDurable),
        async () => {},
      ),
    appendToExisting: (cycle) =>
      store(
        cycle,
        () => archives.appendToExisting(cycle),
        () => countMissing(archives, cycle),
      ),
    rewind: async (untilS) => {
      const before = lost.rewind;
      lost.rewind ??= await standingOf(archives);
      const rewound = await answered(
        () => archives.rewind(untilS),
        () => {
          lost.rewind = null;
        },
      );
      return rewound ?? (before === null ? null : rewoundSince(before, await standingOf(archives)));
    },
  };
}

/** Says when an answer has come, be it an error. */
async function answered<T>(call: () => Promise<T>, settle: () => void): Promise<T> {
  try {
    const answer = await call();
    settle();
    return answer;
  } catch (error) {
    if (!isLost(error)) settle();
    throw error;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'connection-lost';
}

/** A reading is stored when the newest one is of its time, a failure when it is the last of its run. */
function isStored(latest: KnownState, { table }: Cycle): boolean {
  const isSame = (of: (table: KnownState) => unknown): boolean => isDeepStrictEqual(of(latest), of(table));
  return isSame(({ timeS, director, haproxy }) => [timeS, director.failure, haproxy.failure]);
}

/** How many archives a cycle was stored without. */
async function countMissing(archives: Archives, cycle: Cycle): Promise<number> {
  const names = new Set((await archives.list()).map(({ name }) => name));
  return cycle.archives.filter(({ name }) => name !== directorName && !names.has(name)).length;
}

async function standingOf(archives: Archives): Promise<Standing> {
  const [{ timeS }, list] = [await archives.latest(), await archives.list()];
  return { newestS: timeS, archives: list.length };
}

/** What a rewind took out whose answer was lost; null when nothing was there to be taken out. */
function rewoundSince(before: Standing, now: Standing): Rewound | null {
  if (before.newestS === null || before.newestS === now.newestS) return null;
  return { fromS: before.newestS, toS: now.newestS, archives: before.archives - now.archives };
}
