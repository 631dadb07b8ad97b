// The cursor of a receiver in `push-ID.json` of the data folder, renamed into place. A file that cannot be read stops pushing: without it, the
// receiver has to be asked about every row.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { UserError } from '../../model/user-error.js';
import { type Cursor, formatCursor, parseCursor } from './cursor.js';

/** A receiver and the director whose rows it gets. */
export interface PushedTo {
  readonly receiver: string;
  readonly director: string;
}

const mostBytes = 2 ** 26;

/** Identifies the cursor and the lock of a receiver: eight hexadecimal digits. */
export function pushId({ receiver, director }: PushedTo): string {
  return createHash('sha256').update(`${receiver}\n${director}`).digest('hex').slice(0, 8);
}

/** The path of the file. */
export function cursorPath(dataDir: string, to: PushedTo): string {
  return join(dataDir, `push-${pushId(to)}.json`);
}

/** Reads the cursor; null if there is none yet. Throws a `UserError`. */
export function readCursor(dataDir: string, to: PushedTo): Cursor | null {
  const path = cursorPath(dataDir, to);
  if (!existsSync(path)) return null;
  try {
    return parseCursor(readBounded(path, mostBytes).toString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'bad-cursor',
      `${path} cannot be read (${why}): restore it, or move it away, and ${to.receiver} is asked what it has of ${to.director}`,
      { cause: error },
    );
  }
}

/** Writes the cursor. A kill leaves the old or the new one. Throws what Node throws. */
export function writeCursor(dataDir: string, to: PushedTo, cursor: Cursor): void {
  writeWhole(cursorPath(dataDir, to), formatCursor(cursor, to), { mode: 0o640, isDurable: true });
}
