// Locks between processes: one collector at a time, one that draws at a time. The kernel frees such a lock when its holder
// dies, however it dies. Node has no file locks of its own, but LevelDB takes one (fcntl) on each database it opens: a
// lock is an empty database under `data/locks`.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Level } from 'level';
import { makeDatabase } from './database.js';
import { isLocked, storeErrorOf } from './level-error.js';

/** What is locked. */
export type LockName = 'collect' | 'draw';

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

/** Milliseconds between two tries. */
const pauseMs = 8;

/** Takes the lock, waiting up to `waitMs`; null when another process has kept it for so long. Throws a `StoreError`. */
export async function takeLock(dataDir: string, name: LockName, waitMs: number): Promise<Lock | null> {
  const folder = join(dataDir, 'locks');
  const location = join(folder, name);
  const untilMs = performance.now() + waitMs;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw storeErrorOf(error, location);
  }
  await makeDatabase(location);
  for (;;) {
    const held = new Level(location);
    try {
      await held.open();
      return { release: () => held.close() };
    } catch (error) {
      if (!isLocked(error)) throw storeErrorOf(error, location);
    }
    if (performance.now() >= untilMs) return null;
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}
