// The folders that this process has open in LevelDB. If one is opened a second time, LevelDB refuses and still loses the lock of the first:
// by then it has opened and closed the lock file again, and closing any handle of a file frees the process's fcntl locks on it (fcntl(2);
// env_posix.cc, LockFile). So we check here first.

import { resolve } from 'node:path';

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
