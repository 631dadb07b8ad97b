// Translates LevelDB's errors for people: locked by another process, damaged, or refused by the system.

import { StoreError } from '../store-error.js';

/** Does this error mean that this or another process has the database open? */
export function isLocked(error: unknown): boolean {
  return causeCode(error) === 'LEVEL_LOCKED';
}

/** The `StoreError` for an error of LevelDB or for bytes that fail their checksum. */
export function storeErrorOf(error: unknown, location: string): StoreError {
  if (error instanceof StoreError) return error;
  const text = causeText(error);
  if (causeCode(error) === 'LEVEL_CORRUPTION' || error instanceof RangeError || damage.test(text)) {
    return new StoreError(
      'corrupt',
      `the database in ${location} is damaged (${text}): "lvs-stats repair" repairs it`,
      {
        cause: error,
      },
    );
  }
  return new StoreError('io', `cannot use the database in ${location}: ${text}; ${remedyFor(text)}`, { cause: error });
}

/** A defect of ours, not trouble with the data: arguments that Node refuses. Bytes that cannot be unpacked have no `code`. */
export function isDefect(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof RangeError && 'code' in error);
}

/** The `StoreError` for a lock: its database holds no data, so there is nothing to damage. */
export function lockErrorOf(error: unknown, location: string): StoreError {
  const text = causeText(error);
  return new StoreError('io', `cannot take the lock in ${location}: ${text}; ${remedyFor(text)}`, { cause: error });
}

/** Also matches when a listed file is missing or cut off, or when CURRENT is. */
const damage = /corrupt|no such file|invalid argument|CURRENT file/i;

/** The text of an error's cause, where LevelDB puts its own error. */
export function causeText(error: unknown): string {
  const cause = causeOf(error);
  return cause instanceof Error ? cause.message : String(cause);
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [/no space left|ENOSPC|quota/i, 'the disk is full: make room, and the next cycle goes on'],
  [/too many open files|EMFILE|ENFILE/i, 'there are too many open files: raise the limit (ulimit -n), 1024 are plenty'],
  [/file too large|EFBIG/i, 'the limit of the size of a file is too low: raise it (ulimit -f), or set none'],
  [
    /permission denied|EACCES|EPERM/i,
    'run as the owner of the data folder, or as root; where root has it in a folder of another user, let that user own it, or move it',
  ],
  [/read-only|EROFS/i, 'the file system is mounted read-only: mount it for writing, its disk may have failed'],
  [/input\/output error|EIO/i, 'the disk reports an error: see "dmesg"'],
  [/not a directory|is a directory|is a pipe|ENOTDIR|EISDIR|EEXIST/i, 'something else is there instead: move it away'],
];

function remedyFor(text: string): string {
  return remedies.find(([pattern]) => pattern.test(text))?.[1] ?? 'check the disk and the rights of the folder';
}

function causeCode(error: unknown): unknown {
  const cause = causeOf(error);
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? (error.cause ?? error) : error;
}
