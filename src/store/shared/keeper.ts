// Keeps the database open for the lifetime of a server: other commands are answered on a socket in the data folder, and the server itself
// uses the archives directly.

import type { KnownState } from '../../model/cycle.js';
import type { LinksReading } from '../../model/links/counts.js';
import type { LinksPart, LinksView } from '../../model/links/view.js';
import type { FleetView } from '../../model/map/fleet.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { storeOf } from '../acknowledged-store.js';
import type { Archives, LendArchives, OpenArchives } from '../archives.js';
import { openDatabaseOr } from '../leveldb/database.js';
import { causeText } from '../leveldb/level-error.js';
import { defaultWaitMs } from '../open.js';
import { StoreError } from '../store-error.js';
import { answerCalls, type ListeningSocket } from './answer-calls.js';
import { servedText, serverPid } from './connect.js';
import { type CycleNews, lastingArchives } from './lasting-store.js';
import { socketPath } from './socket-path.js';

/** Called with the news. Must not throw. */
export type OnCycle = (news: CycleNews) => void;

/** The open database of a data folder. */
export interface Keeper {
  /** The archives in this process: concurrent reads, serial writes. */
  readonly archives: Archives;
  /** Lends `archives`. */
  readonly lend: LendArchives;
  /**
   * Calls `listener` after every stored cycle, including failed ones, and after a rewind, an import or a `forget`, whichever process asked
   * for it. A run of non-durable cycles gives a single call. The returned function unsubscribes.
   */
  onCycle(listener: OnCycle): () => void;
  /** Stops accepting calls, finishes running ones within some seconds, and closes the database. */
  close(): Promise<void>;
}

/** The options of a keeper. */
export interface KeeperUse {
  readonly waitMs?: number;
  /** The policy by which the server judges, for commands; null if it has none. */
  readonly policy?: (() => PolicyState) | null;
  /** The live table of links; null if no agents report to the server. */
  readonly links?: ((part?: LinksPart) => LinksView | null) | null;
  /** The counts of that table, given the known state as of the newest cycle; null likewise. */
  readonly linkCounts?: ((known: KnownState) => LinksReading | null) | null;
  /** The agents of that table with their connections; null likewise. */
  readonly fleet?: (() => FleetView | null) | null;
}

/** Milliseconds for running calls to be answered when the keeper closes. */
const graceMs = 1500;

/**
 * Opens the database of a data folder (created when there is none), waiting up to `waitMs` for its turn, and answers on its socket. Throws
 * a `StoreError`, `served` when another server has the folder.
 */
export async function openKeeper(
  dataDir: string,
  { waitMs = defaultWaitMs, policy = null, links = null, linkCounts = null, fleet = null }: KeeperUse = {},
): Promise<Keeper> {
  const database = await openDatabaseOr<never>(dataDir, waitMs, async () => {
    const pid = await serverPid(dataDir);
    if (pid !== null) throw new StoreError('served', `another ${servedText(dataDir, pid)}`);
    return null;
  });
  const listeners = new Set<OnCycle>();
  const notify = (news: CycleNews): void => {
    // A throwing listener is a defect of its own, not of the cycle.
    for (const listener of listeners) queueMicrotask(() => listener(news));
  };
  const stored = lastingArchives(dataDir, await storeOf(database), notify);
  const archives: OpenArchives = {
    ...stored,
    policy: async () => policy?.() ?? null,
    links: async (part) => links?.(part) ?? null,
    linkCounts: async () => (linkCounts === null ? null : linkCounts(await stored.latest())),
    fleet: async () => fleet?.() ?? null,
  };
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

async function answer(dataDir: string, archives: OpenArchives): Promise<ListeningSocket> {
  try {
    return await answerCalls(dataDir, archives);
  } catch (error) {
    await archives.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      'io',
      `cannot listen on the socket ${socketPath(dataDir)} (${causeText(error)}): run as the owner of the data folder, on a file ` +
        'system that supports sockets',
      { cause: error },
    );
  }
}
