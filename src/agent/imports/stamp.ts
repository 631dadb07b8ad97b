// Tells whether files have changed, by times, sizes and inode numbers.

import { statSync } from 'node:fs';

/** A text that differs after every change of one of the files or folders. */
export function stampOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
        return [mtimeNs, ctimeNs, size, ino].join(' ');
      } catch {
        return 'none';
      }
    })
    .join('\n');
}
