// The cursor of a receiver in `push-ID.json` of the data folder, renamed into place. A file that cannot be read stops pushing: without it, the
// receiver has to be asked about every row.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import type { PushState } from '../../model/finding/push-finding.js';
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

/** Seconds after which a receiver that nobody tries any more is forgotten. */
const forgottenS = 86_400;

/**
 * How pushing goes, by receiver, from the files of a data folder: that of receivers tried within a day. A file that cannot be read is a failure
 * since it was written.
 */
export function readPushStates(dataDir: string, nowS: number): Readonly<Record<string, PushState>> {
  const files = readdirSync(dataDir).filter((file) => /^push-[0-9a-f]{8}\.json$/.test(file));
  const states = files.flatMap((file) => {
    try {
      const text = readBounded(join(dataDir, file), mostBytes).toString();
      const { failure, refused, tooOld, triedS } = parseCursor(text);
      const { receiver } = JSON.parse(text) as { readonly receiver?: unknown };
      return nowS - triedS > forgottenS ? [] : [[String(receiver), { failure, refused, tooOld }] as const];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const writtenMs = statSync(join(dataDir, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const failure = {
        sinceS: Math.floor(writtenMs / 1000),
        text: `cannot be read (${why}): restore it, or move it away`,
      };
      return [[join(dataDir, file), { failure, refused: null, tooOld: null }] as const];
    }
  });
  return Object.fromEntries(states);
}

/** Writes the cursor. A kill leaves the old or the new one. Throws what Node throws. */
export function writeCursor(dataDir: string, to: PushedTo, cursor: Cursor): void {
  writeWhole(cursorPath(dataDir, to), formatCursor(cursor, to), { mode: 0o640, isDurable: true });
}
