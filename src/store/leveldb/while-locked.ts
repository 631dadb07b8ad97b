// Keeping other processes out of a database that LevelDB must not open, or cannot: an empty one beside it has a link to its lock
// file, so whoever opens the one has locked the other. The lock file itself stays: with another in its place two would get in.

import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart } from '../../files/whole-file.js';
import { withRawDatabase } from './database.js';
import { hold } from './held.js';

/** Uses what lies in `location` while nobody else can open it; a folder is made beside `near` for that, and removed. Throws what LevelDB throws. */
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
