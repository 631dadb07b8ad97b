// Locks between processes: one collector at a time, one that draws at a time. The kernel frees such a lock when its holder
// dies, however it dies. Node has no file locks of its own, but LevelDB takes one (fcntl) on each database it opens: a
// lock is an empty database under `data/locks`. Where its files are damaged it is emptied, which loses nothing.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from '../model/patience.js';
import { databaseFolder, makeDatabase, openRaw, type RawDatabase } from './leveldb/database.js';
import { removeLeftovers } from './leveldb/leftovers.js';
import { isLocked, lockErrorOf } from './leveldb/level-error.js';
import { whileLocked } from './leveldb/while-locked.js';

/** What is locked: collecting, refreshing the pictures, or one in so many of the pictures that are asked for. */
export type LockName = 'collect' | 'draw' | `picture-${number}`;

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

/** How long a lock is waited for: milliseconds, or less where the signal is aborted meanwhile. */
export type Patience = number | { readonly waitMs: number; readonly signal: AbortSignal | undefined };

/** Milliseconds between two tries. */
const pauseMs = 8;

/**
 * Takes the lock, waiting for its turn; null when another process has kept it for so long. Removes what killed processes left
 * unfinished beside it. Throws a `StoreError`.
 */
export async function takeLock(dataDir: string, name: LockName, patience: Patience): Promise<Lock | null> {
  const folder = join(dataDir, 'locks');
  const location = join(folder, name);
  const { waitMs, signal } = typeof patience === 'number' ? { waitMs: patience, signal: undefined } : patience;
  const untilMs = performance.now() + patiently(waitMs);
  for (;;) {
    try {
      mkdirSync(folder, { recursive: true });
      await makeDatabase(location);
      const held = await openOrEmpty(location);
      for (const one of [dataDir, folder, databaseFolder(dataDir)]) removeLeftovers(one);
      return { release: () => held.close() };
    } catch (error) {
      if (!isLocked(error)) throw lockErrorOf(error, location);
    }
    if (performance.now() >= untilMs || signal?.aborted) return null;
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** How often a lock is emptied before what is wrong with it is told: it may be damaged again before it is opened. */
const mostTries = 3;

async function openOrEmpty(location: string): Promise<RawDatabase> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openRaw(location);
    } catch (error) {
      if (isLocked(error) || tries > mostTries) throw error;
      await empty(location, error);
    }
  }
}

/** Removes all but the lock file. Throws the reason for it where that cannot be, or what LevelDB does where it is locked. */
async function empty(location: string, reason: unknown): Promise<void> {
  try {
    await whileLocked(location, location, async () => {
      // This one first: without it LevelDB makes all others anew, whenever this process is killed.
      rmSync(join(location, 'CURRENT'), { recursive: true, force: true });
      for (const name of readdirSync(location)) {
        if (name !== 'LOCK') rmSync(join(location, name), { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw isLocked(error) ? error : reason;
  }
}
