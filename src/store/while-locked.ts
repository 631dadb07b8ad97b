// Keeping other processes out of a database that LevelDB must not open, or cannot: an empty one beside it has a link to its lock
// file, so whoever opens the one has locked the other. The lock file itself stays: with another in its place two would get in.

import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withRawDatabase } from './database.js';
import { hold } from './held.js';

/** Uses what lies in `location` while nobody else can open it; `folder` is made for that, and removed. Throws what LevelDB throws. */
export async function whileLocked<T>(location: string, folder: string, use: () => Promise<T>): Promise<T> {
  const release = hold(location);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    symlinkSync(resolve(location, 'LOCK'), join(folder, 'LOCK'));
    return await withRawDatabase(folder, use);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    release();
  }
}
