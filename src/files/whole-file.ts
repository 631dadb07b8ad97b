// Writes files atomically: under another name (part-name.ts), then renamed. The file is created anew (O_EXCL, O_NOFOLLOW), and its times
// and mode are set through its handle: no other file in that folder is ever written. See open(2), rename(2). Root writes as the owner of a
// folder (cli/owner.ts).

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
import { dirname } from 'node:path';
import { partPath, releasePart } from './part-name.js';

/** Attributes of a file. */
export interface FileLook {
  /** Modification time, epoch seconds. */
  readonly timeS?: number;
  /** Mode, regardless of the process's umask. */
  readonly mode?: number;
  readonly encoding?: BufferEncoding;
  /** Syncs the file before it is renamed, and the folder afterwards: a power failure then leaves the old or the new file. */
  readonly isDurable?: boolean;
}

/** Flags of open(2) for a file that must not exist yet, not even as a link. */
export const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR;

/** Writes a file, replacing any old one. Throws what Node throws, and then keeps the old one. */
export function writeWhole(path: string, content: string | Uint8Array, look: FileLook = {}): void {
  const { timeS, mode, encoding, isDurable = false } = look;
  const part = partPath(path);
  try {
    const file = openSync(part, newFile, 0o666);
    try {
      writeFileSync(file, content, encoding);
      if (mode !== undefined) fchmodSync(file, mode);
      if (timeS !== undefined) futimesSync(file, timeS, timeS);
      if (isDurable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
    if (isDurable) syncPath(dirname(path));
  } catch (error) {
    discardPart(part);
    throw error;
  } finally {
    releasePart(part);
  }
}

/** Removes an unfinished file if possible; the first error is the one reported. */
export function discardPart(part: string): void {
  try {
    rmSync(part, { recursive: true, force: true });
  } catch {}
  releasePart(part);
}

/** Syncs a file, or the names in a folder, to disk. */
export function syncPath(path: string): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
