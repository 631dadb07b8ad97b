// Keeping the database for as long as a server runs: it is opened once, the other commands are answered on a socket in the data
// folder, and the server itself uses the archives without a socket in between.

import type { Archives, LendArchives, OpenArchives } from '../archives.js';
import { openDatabaseOr } from '../leveldb/database.js';
import { causeText } from '../leveldb/level-error.js';
import { defaultWaitMs } from '../open.js';
import { storeOf } from '../store.js';
import { StoreError } from '../store-error.js';
import { type Answering, answerCalls } from './answer-calls.js';
import { servedText, serverPid } from './connect.js';
import { type CycleNews, lastingArchives } from './lasting-store.js';
import { socketPath } from './socket-path.js';

/** Is called with what is new. Must not throw. */
export type OnCycle = (news: CycleNews) => void;

/** The database of a data folder, kept. */
export interface Keeper {
  /** The archives, in this process: reads beside one another, writes in turn. */
  readonly archives: Archives;
  /** `archives`, for those who want them lent. */
  readonly lend: LendArchives;
  /**
   * Calls `listener` after every cycle that was stored, failed ones too, and after a rewind, an import or a `forget`, whoever asked; once for
   * many cycles that are stored in a row without being durable. The result ends that.
   */
  onCycle(listener: OnCycle): () => void;
  /** Takes no more calls, finishes those that are under way within some seconds, and lets the next process in. */
  close(): Promise<void>;
}

/** Milliseconds that calls under way have to be answered when the keeper is closed. */
const graceMs = 1500;

/**
 * Opens the database of a data folder, made where there is none, waiting up to `waitMs` for its turn, and answers on its socket.
 * Throws a `StoreError`, `served` where another server has the folder.
 */
export async function openKeeper(dataDir: string, waitMs = defaultWaitMs): Promise<Keeper> {
  const database = await openDatabaseOr<never>(dataDir, waitMs, async () => {
    const pid = await serverPid(dataDir);
    if (pid !== null) throw new StoreError('served', `another ${servedText(dataDir, pid)}`);
    return null;
  });
  const listeners = new Set<OnCycle>();
  const tell = (news: CycleNews): void => {
    // A listener that throws is a defect of its own, not of the cycle.
    for (const listener of listeners) queueMicrotask(() => listener(news));
  };
  const archives = lastingArchives(dataDir, await storeOf(database), tell);
  const answering = await answer(dataDir, archives);
  return {
    archives,
    lend: (use) => use(archives),
    onCycle: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      try {
        await answering.close(graceMs);
      } finally {
        await archives.close();
      }
    },
  };
}

async function answer(dataDir: string, archives: OpenArchives): Promise<Answering> {
  try {
    return await answerCalls(dataDir, archives);
  } catch (error) {
    await archives.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      'io',
      `cannot listen on the socket ${socketPath(dataDir)} (${causeText(error)}): run as the owner of the data folder, on a file ` +
        'system that takes sockets',
      { cause: error },
    );
  }
}
