// Checks whether the data folder is writable and has space. It only looks, and creates nothing. A missing folder is judged by its nearest
// existing parent.

import { accessSync, constants, existsSync, readFileSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { diskFloorBytes } from '../model/archive.js';
import { type Check, fine, problem, warning } from './check.js';

/** Space on a file system; `inodes` is 0 when their number is not fixed (btrfs). */
export interface Room {
  readonly freeBytes: number;
  readonly inodes: number;
  readonly freeInodes: number;
}

/** A picture is a file, and a service has 36. */
const floorInodes = 1000;

/** Whether `userId` (null when the system has none) can write the data folder. */
export function checkDataFolder(dataDir: string, userId: number | null): Check {
  const place = nearestExisting(dataDir);
  const isThere = place === resolve(dataDir);
  if (!statSync(place).isDirectory()) {
    return problem('data folder', `${place} is not a folder`, 'move it, or name another with --data');
  }
  const owner = statSync(place).uid;
  const user = userId === null ? 'this user' : `user ${userId}`;
  if (!isWritable(place)) {
    return problem(
      'data folder',
      `${isThere ? dataDir : `${dataDir} does not exist, and ${place}`} cannot be written by ${user}; it belongs to user ${owner}`,
      'run as its owner, change it with chown, or name another folder with --data',
    );
  }
  if (!isThere) return fine('data folder', `${dataDir} does not exist yet; the first "lvs-stats collect" creates it`);
  return fine('data folder', `${dataDir} is writable; it belongs to ${owner === userId ? user : `user ${owner}`}`);
}

/** The space where the data folder is or will be. */
export function readRoom(dataDir: string): Room {
  const { bavail, bsize, files, ffree } = statfsSync(nearestExisting(dataDir));
  return { freeBytes: bavail * bsize, inodes: files, freeInodes: ffree };
}

/** Whether there is space for archives and pictures. */
export function checkRoom({ freeBytes, inodes, freeInodes }: Room): Check {
  const bytes = formatBytes(freeBytes);
  if (freeBytes < diskFloorBytes) {
    const finding = `${bytes} free, below the minimum of ${formatBytes(diskFloorBytes)}: no new archive is created`;
    return problem('disk', finding, 'free some space, or move the data folder with --data');
  }
  if (inodes > 0 && freeInodes < floorInodes) {
    const finding = `${bytes} free, but only ${freeInodes} of ${inodes} inodes: no files for pictures`;
    return problem('disk', finding, 'remove small files, or move the data folder with --data');
  }
  return fine('disk', `${bytes} free`);
}

/**
 * Whether the kernel keeps the times at which pictures are read, by the options of their mount (proc_pid_mountinfo(5)). `--draw looked-at` needs them
 * where another program than the viewer serves the pictures.
 */
export function checkAccessTimes(dataDir: string, procRoot: string): Check {
  const folder = join(realpathSync(nearestExisting(dataDir)), '/');
  const mounts = readFileSync(join(procRoot, 'self/mountinfo'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, , , , place = '', options = ''] = line.split(' ');
      // A blank in a path is written as \040.
      const path = place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
      return path !== '' && folder.startsWith(path.endsWith('/') ? path : `${path}/`) ? [{ path, options }] : [];
    });
  // Of several mounts on one folder the last is in sight.
  const mount = mounts.toSorted((a, b) => a.path.length - b.path.length).at(-1);
  if (mount === undefined)
    return warning('access times', `no mount of ${dataDir} was found in ${procRoot}/self/mountinfo`, null);
  if (!mount.options.split(',').includes('noatime')) {
    return fine('access times', `the mount ${mount.path} keeps them, so --draw looked-at sees who reads pictures`);
  }
  return warning(
    'access times',
    `the mount ${mount.path} has noatime: --draw looked-at sees only what "serve" and "picture" hand out, not what another web server does`,
    `mount it with relatime, or set "draw: all" if another program serves the pictures`,
  );
}

/** When the folder last changed, epoch seconds; null when it does not exist. */
export function readChangedS(dataDir: string): number | null {
  return existsSync(dataDir) ? Math.floor(statSync(dataDir).mtimeMs / 1000) : null;
}

function nearestExisting(path: string): string {
  const absolute = resolve(path);
  return existsSync(absolute) ? absolute : nearestExisting(dirname(absolute));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function formatBytes(bytes: number): string {
  const [size, unit] = bytes < 2 ** 30 ? [bytes / 2 ** 20, 'MiB'] : [bytes / 2 ** 30, 'GiB'];
  return `${size < 10 ? size.toFixed(1) : Math.floor(size)} ${unit}`;
}
