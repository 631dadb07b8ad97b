// Names of what is not finished yet: `NAME.PID-RANDOM.part`, beside the place it is renamed to. The process's number lets others
// remove what a killed process left (leftovers.ts). Nobody can guess the random part, so nobody can put a link there first.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';

/** Those that this process has made. */
const made = new Set<string>();

/** Matches such a name, and those of earlier versions without a random part; its first group is the process, its second the random part. */
export const partPattern = /\.(\d+)(?:-([0-9a-f]{16}))?\.part$/;

/** A name that nothing has yet, for what will be `path`. */
export function partPath(path: string): string {
  const part = `${path}.${process.pid}-${randomBytes(8).toString('hex')}.part`;
  made.add(part);
  return part;
}

/** Has this thread made that name? */
export function isOwnPart(path: string): boolean {
  return made.has(path);
}

/** Forgets a name, when nothing has it any more. */
export function releasePart(part: string): void {
  made.delete(part);
}

/** Makes an empty folder that will be `path`. Throws what Node throws, also where anything has its name: a link is never followed. */
export function makePartFolder(path: string, mode = 0o755): string {
  const part = partPath(path);
  mkdirSync(part, { mode });
  return part;
}
