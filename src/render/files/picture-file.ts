// Pictures on disk: `<folder>/<period>/<name>-<graph type>.png`, long names shortened. A file's modification time is the time of its newest row,
// so that one look at the folder tells what is out of date; the fingerprint inside tells whether its pixels would differ.

import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, readSync, type Stats, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openRegular } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { UserError } from '../../model/user-error.js';
import { pngEnd } from '../png/png-chunk.js';
import { fingerprintHeadBytes, readFingerprint } from '../png/png-text.js';

/** Where the picture of an archive lies below a folder of pictures. */
export function picturePath(folder: string, name: string, type: string): string {
  return join(folder, `${pictureStem(name)}-${type}.png`);
}

/** Bytes of a name in a file's: file systems take 255, of which the graph type and the suffix of an unfinished picture need some. */
const longestPart = 180;

/**
 * The name of an archive as files are called: the same, but for what is too long for a file system (a name of HAProxy's, whose escapes
 * make it longer). Of that, the end gives way to a hash: `~` is in no name, so none is called like another.
 */
export function pictureStem(name: string): string {
  if (name.length <= longestPart) return name;
  return name.split('/').map(shortened).join('/');
}

function shortened(part: string): string {
  if (part.length <= longestPart) return part;
  const hash = createHash('sha256').update(part).digest('hex').slice(0, 32);
  return `${part.slice(0, longestPart - hash.length - 1)}~${hash}`;
}

/** Since when a picture must have been drawn not to be drawn again, and to be whole without being looked into. */
export interface DrawnSince {
  readonly drawnSinceMs: number;
  /** When the machine started: a power failure can leave a new file its name and times, and take its bytes. */
  readonly wholeSinceMs: number;
}

/** Is there a picture with rows up to `dataS` that need not be drawn again? */
export function isUpToDate(path: string, dataS: number, { drawnSinceMs, wholeSinceMs }: DrawnSince): boolean {
  const stats = statOf(path);
  if (stats === undefined || Math.round(stats.mtimeMs / 1000) !== dataS || stats.ctimeMs < drawnSinceMs) return false;
  return (stats.ctimeMs > wholeSinceMs && stats.size > 0) || fingerprintOf(path) !== null;
}

/** The time of a picture's newest row; 0 where there is no picture. */
export function dataTimeOf(path: string): number {
  return Math.round((statOf(path)?.mtimeMs ?? 0) / 1000);
}

/** The fingerprint of a picture on disk; null where there is none that is whole. */
export function fingerprintOf(path: string): string | null {
  const size = statOf(path)?.size ?? 0;
  if (size < pngEnd.length) return null;
  const file = openRegular(path);
  try {
    const end = readAt(file, size - pngEnd.length, pngEnd.length);
    return end.equals(pngEnd) ? readFingerprint(readAt(file, 0, fingerprintHeadBytes)) : null;
  } finally {
    closeSync(file);
  }
}

/** Says that a picture, as it stands, is right for rows up to `dataS`. */
export function confirmPicture(path: string, dataS: number): void {
  utimesSync(path, dataS, dataS);
}

/** Writes a picture under another name and renames it: a reader never sees half of one. Throws a `UserError`. */
export function writePicture(path: string, png: Uint8Array, dataS: number): void {
  try {
    makeFolder(dirname(path));
    writeWhole(path, png, { timeS: dataS });
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Makes a folder that files can be written into, so that whoever works for minutes knows at once. Throws a `UserError`. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** Makes a folder and those above it. Node's recursive one does not end where a folder can be none's parent (/proc). */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another thread or process was faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function notWritten(path: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError(
    'picture-not-written',
    `cannot write ${path} (${reason}): is the folder writable, the disk full?`,
    { cause: error },
  );
}

const isNoPath = ['ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'];

/** What there is under that name, if it is a file. */
function statOf(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch (error) {
    // A file where a folder should be, or a name that can be none; writing the picture will say so.
    if (error instanceof Error && 'code' in error && isNoPath.includes(String(error.code))) return undefined;
    throw error;
  }
}

function readAt(file: number, position: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, readSync(file, bytes, 0, count, position));
}
