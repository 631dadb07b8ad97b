// Resumes after the server of the archives died halfway (`kill -9`): the work restarts with the process that holds the database now. A
// write whose answer was lost may have been done, so it is looked for before it is repeated.

import { isDeepStrictEqual } from 'node:util';
import type { Cycle, KnownState } from '../../model/cycle.js';
import { directorName } from '../../model/names/name.js';
import type { Archives, OpenArchives } from '../archives.js';
import { StoreError } from '../store-error.js';
import type { RewindOutcome } from '../upkeep/rewind.js';
import { archivesFrom, perform } from './verbs.js';

/** How often work is started before a server that keeps dying is given up. */
const maxTries = 5;

/** Opens the archives, uses them and closes them; repeats this while the connection gets lost. */
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
      if (!isLost(error) || tries === maxTries) throw error;
    }
  }
}

/** Writes whose answer was lost. */
interface LostWrites {
  cycle: Cycle | null;
  /** The state before the rewind. */
  rewind: StoreExtent | null;
}

interface StoreExtent {
  readonly newestS: number | null;
  readonly archives: number;
}

/** Archives that look for a lost write before they repeat it. */
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
    // Repeating `merge` or `forget` changes nothing more; only their first answer is lost.
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

/** Calls `settle` when an answer arrives, even an error. */
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

/** A reading is stored when the newest one has its time; a failure, when it is the last of its run. */
function isStored(latest: KnownState, { table }: Cycle): boolean {
  const isSame = (of: (table: KnownState) => unknown): boolean => isDeepStrictEqual(of(latest), of(table));
  return isSame(({ timeS, director, haproxy }) => [timeS, director.failure, haproxy.failure]);
}

/** The number of archives that a cycle was stored without. */
async function countMissing(archives: Archives, cycle: Cycle): Promise<number> {
  const names = new Set((await archives.list()).map(({ name }) => name));
  return cycle.archives.filter(({ name }) => name !== directorName && !names.has(name)).length;
}

async function standingOf(archives: Archives): Promise<StoreExtent> {
  const [{ timeS }, list] = [await archives.latest(), await archives.list()];
  return { newestS: timeS, archives: list.length };
}

/** The outcome of a rewind whose answer was lost; null when there was nothing to remove. */
function rewoundSince(before: StoreExtent, now: StoreExtent): RewindOutcome | null {
  if (before.newestS === null || before.newestS === now.newestS) return null;
  return { fromS: before.newestS, toS: now.newestS, archives: before.archives - now.archives };
}
