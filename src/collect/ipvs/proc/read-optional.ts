// Reads a file of /proc or /sys that may be missing: an older kernel, a container, no permission.

import { readFileSync } from 'node:fs';

/** The text of a file, byte for byte; null when it is unreadable. */
export function readOptional(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
