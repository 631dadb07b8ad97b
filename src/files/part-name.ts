// Names of unfinished files: `NAME.PID-RANDOM.part`, beside the place they are renamed to. The process id lets others remove what a killed
// process left (leftovers.ts). Nobody can guess the random part, so nobody can put a link there first.

import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';

/** The names that this process has made. */
const made = new Set<string>();

/** Matches these names, and those of earlier versions without a random part; group 1 is the process id, group 2 the random part. */
export const partPattern = /\.(\d+)(?:-([0-9a-f]{16}))?\.part$/;

/** An unused name for the future `path`. */
export function partPath(path: string): string {
  const part = `${path}.${process.pid}-${randomHex(8)}.part`;
  made.add(part);
  return part;
}

/** Did this thread make the name? */
export function isOwnPart(path: string): boolean {
  return made.has(path);
}

/** Forgets a name that is no longer in use. */
export function releasePart(part: string): void {
  made.delete(part);
}

/** Makes an empty folder for the future `path`. Throws what Node throws, also when the name exists: a link is never followed. */
export function makePartFolder(path: string, mode = 0o755): string {
  const part = partPath(path);
  mkdirSync(part, { mode });
  return part;
}

/** Unpredictable bytes in hexadecimal. Every cycle needs some, and loading `node:crypto` for them would take it longer than its work. */
function randomHex(count: number): string {
  const bytes = Buffer.alloc(count);
  const file = openSync('/dev/urandom', 'r');
  try {
    if (readSync(file, bytes) !== count) throw new Error('/dev/urandom returned too few bytes');
  } finally {
    closeSync(file);
  }
  return bytes.toString('hex');
}
