// A log that is followed from where it ended: what was appended since the last reading, also across a rotation. The old file stays open, so that
// its last lines are read when the name belongs to a new one; a file that was cut (copytruncate) is read from its beginning.

import { closeSync, fstatSync, read as readCallback, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { openRegular } from '../../files/read-file.js';

/** The result of a reading. */
export interface LogReading {
  /** Whether this was the first reading, which only finds the end. */
  readonly isFirst: boolean;
  /** Whether more was appended than is read at a time: the rest was skipped. */
  readonly isCut: boolean;
}

/** A followed log. */
export interface FollowedLog {
  /** Gives each appended line to `take`. Throws what Node throws if the file cannot be read. */
  readonly read: (take: (line: string) => void) => Promise<LogReading>;
}

/** Most bytes that are read at a time: some 300,000 requests. */
const usualMostBytes = 2 ** 26;

/** A line that is longer is cut. */
const mostLineBytes = 2 ** 14;

const readAt = promisify(readCallback);

/** Follows a log. */
export function followLog(path: string, mostBytes = usualMostBytes): FollowedLog {
  let open: OpenLog | null = null;
  return {
    async read(take) {
      if (open === null) {
        const file = openRegular(path);
        open = { file, offset: fstatSync(file).size, rest: '' };
        return { isFirst: true, isCut: false };
      }
      let isCut = await readOn(open, take, mostBytes);
      if (isSame(path, open.file)) return { isFirst: false, isCut };
      // Rotated; while the new file cannot be opened, the old one stays.
      const file = openRegular(path);
      closeSync(open.file);
      open = { file, offset: 0, rest: '' };
      isCut = (await readOn(open, take, mostBytes)) || isCut;
      return { isFirst: false, isCut };
    },
  };
}

interface OpenLog {
  readonly file: number;
  offset: number;
  /** The beginning of a line whose end was not written yet. */
  rest: string;
}

/** Reads what was appended, and returns whether some of it was skipped. */
async function readOn(log: OpenLog, take: (line: string) => void, mostBytes: number): Promise<boolean> {
  const { size } = fstatSync(log.file);
  if (size < log.offset) Object.assign(log, { offset: 0, rest: '' });
  const isCut = size - log.offset > mostBytes;
  if (isCut) Object.assign(log, { offset: size - mostBytes, rest: '' });
  const buffer = Buffer.allocUnsafe(2 ** 16);
  while (log.offset < size) {
    const { bytesRead } = await readAt(log.file, buffer, 0, Math.min(buffer.length, size - log.offset), log.offset);
    if (bytesRead === 0) break;
    log.offset += bytesRead;
    const lines = (log.rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    log.rest = (lines.pop() ?? '').slice(0, mostLineBytes);
    for (const line of lines) take(line.slice(0, mostLineBytes));
  }
  return isCut;
}

function isSame(path: string, file: number): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  if (now === undefined) return true;
  const own = fstatSync(file);
  return now.ino === own.ino && now.dev === own.dev;
}
