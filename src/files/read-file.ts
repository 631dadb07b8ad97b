// Reads files named by a user, or in another user's folder: a pipe, a device or a socket there must not block, and an endless file must not
// fill the memory. So a file is opened without waiting (O_NONBLOCK in open(2)), checked through its handle, and read up to a bound. A file
// that a shell passes open, as in `--config <(command)`, may be a pipe: a user who writes `/dev/stdin` or `/dev/fd/63` wants it read.

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** The error for a file that is not regular, or too large; the message says which, without the path. */
class UnfitFileError extends Error {}

const handedOver = /^(\/dev\/stdin|\/dev\/fd\/\d+|\/proc\/self\/fd\/\d+)$/;

const readOnly = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens a regular file for reading; if `isUnseen`, without changing its access time, which only its owner and root can do.
 * Throws an `UnfitFileError`, or what Node throws.
 */
export function openRegular(path: string, { isUnseen = false } = {}): number {
  const file = isUnseen ? openUnseen(path) : openSync(path, readOnly);
  try {
    const kind = otherKind(fstatSync(file));
    if (kind !== null) throw new UnfitFileError(`it is ${kind}, not a regular file`);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Opens a file with O_NOATIME, or as usual where it is somebody else's. */
function openUnseen(path: string): number {
  try {
    return openSync(path, readOnly | constants.O_NOATIME);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return openSync(path, readOnly);
    throw error;
  }
}

/** Reads a file of at most `maxBytes`. Throws an `UnfitFileError`, or what Node throws. */
export function readBounded(path: string, maxBytes: number): Buffer {
  const file = handedOver.test(path) ? openSync(path, 'r') : openRegular(path);
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes) throw tooLarge(maxBytes);
    const parts: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const part = Buffer.allocUnsafe(Math.min(Math.max(size - bytes, 0) + 4096, 2 ** 20));
      const count = readSync(file, part, 0, part.length, null);
      if (count === 0) return Buffer.concat(parts);
      bytes += count;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      parts.push(part.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

function tooLarge(maxBytes: number): UnfitFileError {
  const text = maxBytes >= 2 ** 20 ? `${maxBytes / 2 ** 20} MiB` : `${maxBytes / 1024} KiB`;
  return new UnfitFileError(`it is larger than ${text}`);
}

/** The name for a file that is not regular; null for a regular one. */
export function otherKind(stats: Stats): string | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
