// Keeps other processes out of a database that LevelDB must not or cannot open. An empty database beside it has a link to its lock file, so
// opening that one locks the other. The lock file itself stays: if it were replaced, two processes could get in.

import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart } from '../../files/whole-file.js';
import { hold, withRawDatabase } from './raw-database.js';

/**
 * Uses the files in `location` while no other process can open them. Creates a folder beside `near` for the lock, and removes it
 * afterwards. Throws what LevelDB throws.
 */
export async function whileLocked<T>(location: string, near: string, use: () => Promise<T>): Promise<T> {
  const release = hold(location);
  let folder: string | null = null;
  try {
    folder = makePartFolder(near);
    symlinkSync(resolve(location, 'LOCK'), join(folder, 'LOCK'));
    return await withRawDatabase(folder, use);
  } finally {
    if (folder !== null) discardPart(folder);
    release();
  }
}
