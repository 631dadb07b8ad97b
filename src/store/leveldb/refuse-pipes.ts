// Refuses a database folder that holds a pipe, a socket or a device: opening one would wait for its other end for ever.

import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Throws when anything in a folder is neither a file nor a folder, nor a link to one. A missing folder is fine. */
export function refusePipes(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    const isFit = isFileOrFolder(entry) || (entry.isSymbolicLink() && isFitTarget(path));
    if (!isFit) throw new Error(`${path} is a pipe, a socket or a device`);
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Opening it reports why.
    return [];
  }
}

function isFileOrFolder(entry: Pick<Dirent, 'isFile' | 'isDirectory'>): boolean {
  return entry.isFile() || entry.isDirectory();
}

/** A broken link is not a pipe. */
function isFitTarget(link: string): boolean {
  try {
    const stats = statSync(link, { throwIfNoEntry: false });
    return stats === undefined || isFileOrFolder(stats);
  } catch {
    return true;
  }
}
