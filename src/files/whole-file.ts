// Files that are there as a whole or not at all: written under another name (part-name.ts) and renamed. The file is made new
// (O_EXCL, O_NOFOLLOW), and times and rights are set through its handle: whatever else has a name in that folder is never written.
// See open(2), rename(2). Root writes as the owner of a folder (commands/owner.ts).

import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  futimesSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { partPath, releasePart } from './part-name.js';

/** How a file is to look. */
export interface FileLook {
  /** Time of modification, epoch seconds. */
  readonly timeS?: number;
  /** Rights, whatever the process's mask is. */
  readonly mode?: number;
  readonly encoding?: BufferEncoding;
}

/** Flags of open(2) for a file that must not be there yet, not even as a link. */
export const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR;

/** Writes a file in the place of one that may be there. Throws what Node throws, and leaves the one that was there. */
export function writeWhole(path: string, content: string | Uint8Array, { timeS, mode, encoding }: FileLook = {}): void {
  const part = partPath(path);
  try {
    const file = openSync(part, newFile, 0o666);
    try {
      writeFileSync(file, content, encoding);
      if (mode !== undefined) fchmodSync(file, mode);
      if (timeS !== undefined) futimesSync(file, timeS, timeS);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    discardPart(part);
    throw error;
  } finally {
    releasePart(part);
  }
}

/** Removes what was not finished, if that can be done: what failed first is reported. */
export function discardPart(part: string): void {
  try {
    rmSync(part, { recursive: true, force: true });
  } catch {}
  releasePart(part);
}

/** Puts a file, or the names in a folder, on the disk. */
export function syncPath(path: string): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
