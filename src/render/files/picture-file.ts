// Pictures on disk: `<folder>/<period>/<name>-<graph type>.png`, long names shortened. A file's modification time is the time
// of its newest row, so that one look at the folder shows what is out of date; the fingerprint inside shows whether its pixels
// would differ.

import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, readSync, type Stats, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openRegular } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { UserError } from '../../model/user-error.js';
import { pngEnd } from '../png/png-chunk.js';
import { fingerprintHeadBytes, readFingerprint } from '../png/png-text.js';

/** The path of an archive's picture below a folder of pictures. */
export function picturePath(folder: string, name: string, type: string): string {
  return join(folder, `${pictureStem(name)}-${type}.png`);
}

/**
 * Most bytes of a name in a file name: file systems allow 255, and the graph type and the suffix of an unfinished picture need
 * some.
 */
const longestPart = 180;

/**
 * The name of an archive as a file name: the same, unless it is too long for a file system (an HAProxy name lengthened by its
 * escapes). Then a hash replaces its end: no name contains `~`, so there are no collisions.
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

/** Times since which a picture must have been drawn to be current, and to be known as whole without reading it. */
export interface DrawnSince {
  readonly drawnSinceMs: number;
  /** Boot time of the machine: a power failure can keep a new file's name and times, and lose its bytes. */
  readonly wholeSinceMs: number;
}

/** Is there a picture with rows up to `dataS` that need not be redrawn? */
export function isUpToDate(path: string, dataS: number, { drawnSinceMs, wholeSinceMs }: DrawnSince): boolean {
  const stats = fileStats(path);
  if (stats === undefined || Math.round(stats.mtimeMs / 1000) !== dataS || stats.ctimeMs < drawnSinceMs) return false;
  return (stats.ctimeMs > wholeSinceMs && stats.size > 0) || fingerprintOf(path) !== null;
}

/** The time of a picture's newest row; 0 if there is no picture. */
export function dataTimeOf(path: string): number {
  return Math.round((fileStats(path)?.mtimeMs ?? 0) / 1000);
}

/** When somebody else has read a picture since it was written or confirmed, epoch milliseconds; null if nobody has. */
export function viewTimeOf(path: string): number | null {
  return viewTime(fileStats(path));
}

function viewTime(stats: Stats | undefined): number | null {
  // Both times are those of the newest row when we have written them, and a clock may have been ahead.
  const isViewed = stats !== undefined && stats.atimeMs > stats.ctimeMs && stats.atimeMs !== stats.mtimeMs;
  return isViewed ? stats.atimeMs : null;
}

/** How often a view is noted anew, milliseconds. */
const noteViewMs = 3_600_000;

/** Notes that somebody views a picture, on mounts without access times too. Only its owner can; somebody else's views are no reason to draw. */
export function noteView(path: string, nowMs: number): void {
  const stats = fileStats(path);
  const viewedMs = viewTime(stats);
  if (stats === undefined || (viewedMs !== null && nowMs - viewedMs < noteViewMs)) return;
  try {
    // The time of change becomes that of this call, which is a little later than the clock.
    utimesSync(path, (nowMs + 1000) / 1000, stats.mtimeMs / 1000);
  } catch (error) {
    if (
      !(
        error instanceof Error &&
        'code' in error &&
        ['EPERM', 'EACCES', 'EROFS', 'ENOENT'].includes(String(error.code))
      )
    )
      throw error;
  }
}

/** The fingerprint of a picture on disk; null if there is no whole one. */
export function fingerprintOf(path: string): string | null {
  const size = fileStats(path)?.size ?? 0;
  if (size < pngEnd.length) return null;
  const file = openRegular(path, { isUnseen: true });
  try {
    const end = readAt(file, size - pngEnd.length, pngEnd.length);
    return end.equals(pngEnd) ? readFingerprint(readAt(file, 0, fingerprintHeadBytes)) : null;
  } finally {
    closeSync(file);
  }
}

/** Confirms that a picture, unchanged, is right for rows up to `dataS`. */
export function confirmPicture(path: string, dataS: number): void {
  utimesSync(path, dataS, dataS);
}

/** Writes a picture under another name and renames it, so that readers never see a partial one. Throws a `UserError`. */
export function writePicture(path: string, png: Uint8Array, dataS: number): void {
  try {
    makePictureFolder(dirname(path));
    writeWhole(path, png, { timeS: dataS });
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Creates a folder and checks that it is writable, so that a long job fails early. Throws a `UserError`. */
export function prepareFolder(folder: string): void {
  try {
    makePictureFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** Creates a folder and its parents. Node's recursive version never returns if the parent cannot hold folders (/proc). */
function makePictureFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(folder);
  if (above !== folder) makePictureFolder(above);
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

/** The status of a path, if it is a file. */
function fileStats(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch (error) {
    // A file instead of a folder, or an invalid name; writing the picture will report it.
    if (error instanceof Error && 'code' in error && isNoPath.includes(String(error.code))) return undefined;
    throw error;
  }
}

function readAt(file: number, position: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  return bytes.subarray(0, readSync(file, bytes, 0, count, position));
}
