// Locks between processes: only one may collect, draw, or push to a receiver. The kernel frees a lock when its holder dies, however it dies.
// Node has no file locks, but LevelDB takes one (fcntl) on each database it opens, so a lock is an empty database under `data/locks`. If its
// files are damaged it is emptied, which loses nothing.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from '../model/patience.js';
import { databaseFolder, makeDatabase } from './leveldb/database.js';
import { removeLeftovers } from './leveldb/leftovers.js';
import { isLocked, lockErrorOf } from './leveldb/level-error.js';
import { openRaw, type RawDatabase } from './leveldb/raw-database.js';
import { whileLocked } from './leveldb/while-locked.js';

/** Names of locks: collecting, refreshing the standing pictures, one share of the pictures on request, or pushing to a receiver. */
export type LockName = 'collect' | 'draw' | `picture-${number}` | `push-${string}`;

/** A held lock. */
export interface Lock {
  release(): Promise<void>;
}

/** How long to wait for a lock: milliseconds, or less when the signal is aborted. */
export type Patience = number | { readonly waitMs: number; readonly signal: AbortSignal | undefined };

/** Milliseconds between two tries. */
const pauseMs = 8;

/**
 * Takes the lock, waiting its turn; null when another process holds it past the patience. Removes unfinished files of killed processes
 * beside it. Throws a `StoreError`.
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

/** How often a lock is emptied before its fault is reported: it may be damaged again before it is opened. */
const maxTries = 3;

async function openOrEmpty(location: string): Promise<RawDatabase> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openRaw(location);
    } catch (error) {
      if (isLocked(error) || tries > maxTries) throw error;
      await empty(location, error);
    }
  }
}

/** Removes everything except the lock file. Throws `reason` when this is impossible, or what LevelDB throws when it is locked. */
async function empty(location: string, reason: unknown): Promise<void> {
  try {
    await whileLocked(location, location, async () => {
      // CURRENT goes first: without it LevelDB recreates all other files, even if this process is killed now.
      rmSync(join(location, 'CURRENT'), { recursive: true, force: true });
      for (const name of readdirSync(location)) {
        if (name !== 'LOCK') rmSync(join(location, name), { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw isLocked(error) ? error : reason;
  }
}
