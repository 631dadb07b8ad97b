// LevelDB in a folder, before anything is known of its records.
//
// If a folder that this process has open is opened a second time, LevelDB refuses and still loses the lock of the first:
// by then it has opened and closed the lock file again, and closing any handle of a file frees the process's fcntl locks on it (fcntl(2);
// env_posix.cc, LockFile). So we check here first.

import { resolve } from 'node:path';
import { Level } from 'level';
import { refusePipes } from './refuse-pipes.js';

/** LevelDB with the types used here. */
export type RawDatabase = Level<Buffer, Buffer>;

/** The folders that this process has open. */
const held = new Set<string>();

/** Marks a folder as open in this process until the returned function is called. Throws like LevelDB when it is open already. */
export function hold(folder: string): () => void {
  const path = resolve(folder);
  if (held.has(path)) {
    throw Object.assign(new Error(`lock ${path}/LOCK: already held by process`), { code: 'LEVEL_LOCKED' });
  }
  held.add(path);
  return () => void held.delete(path);
}

/** Opens LevelDB in a folder, and by default creates it when there is none. Throws what LevelDB throws. */
export async function openRaw(location: string, { createIfMissing = true } = {}): Promise<RawDatabase> {
  refusePipes(location);
  const release = hold(location);
  const level: RawDatabase = new Level(location, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  try {
    await level.open({ createIfMissing });
  } catch (error) {
    release();
    throw error;
  }
  level.once('closed', release);
  return level;
}

/** Opens LevelDB in a folder (created when there is none), uses it and closes it. Throws what LevelDB throws. */
export async function withRawDatabase<T>(location: string, use: (level: RawDatabase) => Promise<T>): Promise<T> {
  const level = await openRaw(location);
  try {
    return await use(level);
  } finally {
    await level.close();
  }
}
