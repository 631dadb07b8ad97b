// A file that a server follows: what it says is read again after a change, without a restart.

import { statSync } from 'node:fs';

/** The result of reading: a result that is not settled is read again the next time, although the file did not change. */
export interface ReadResult<T> {
  readonly value: T;
  readonly isSettled: boolean;
}

/** A function that returns what a file says. `read` gets the previous result; what it throws is passed on. */
export function followed<T>(path: string, read: (previous: T | null) => ReadResult<T>): () => T {
  // Taken before the text, so that a change in between is read again.
  let stamp = stampOf(path);
  let kept = read(null);
  return () => {
    const now = stampOf(path);
    if (kept.isSettled && now === stamp) return kept.value;
    kept = read(kept.value);
    stamp = now;
    return kept.value;
  };
}

/** Differs after every change, even one that keeps the modification time (ctime in inode(7)); null when the file is not visible. */
function stampOf(path: string): string | null {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch {
    return null;
  }
}
