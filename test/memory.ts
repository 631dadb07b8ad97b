// The folder for what tests write: in memory where there is room. They make and open thousands of folders, and none is about the
// real disk.

import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';

/** Bytes that have to be free there: far more than the floor under which no archive is made. */
const roomBytes = 2 ** 31;

/** The folder in memory, or else that of the system for temporary files. */
export function memoryFolder(): string {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
