// A folder in memory for the files of tests, if there is room: tests create and open thousands of folders, and none depends on
// a real disk.

import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';

/** Free bytes required: far above the floor under which no archive is created. */
const roomBytes = 2 ** 31;

/** The folder in memory, or else the system's temporary folder. */
export function memoryFolder(): string {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
