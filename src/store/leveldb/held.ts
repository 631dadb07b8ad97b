// The folders that this process has open in LevelDB. Asked for one of them a second time, LevelDB refuses, and yet gives up the
// lock of the first: it has opened and closed the lock file once more by then, and closing any handle of a file frees the
// process's fcntl locks on it (fcntl(2); env_posix.cc, LockFile). So it is not asked.

import { resolve } from 'node:path';

const held = new Set<string>();

/** Says that this process has a folder open, until the result is called. Throws as LevelDB does where it has so already. */
export function hold(folder: string): () => void {
  const path = resolve(folder);
  if (held.has(path)) {
    throw Object.assign(new Error(`lock ${path}/LOCK: already held by process`), { code: 'LEVEL_LOCKED' });
  }
  held.add(path);
  return () => void held.delete(path);
}
