// Folders in memory where there is room for them: these tests make and open thousands, and none is about the real disk.

import { existsSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const memory = '/dev/shm';

/** Bytes that have to be free there: far more than the floor under which no archive is made. */
const roomBytes = 2 ** 30;

/** A folder of this test file, removed after its last test; each call of the result gives a new one below it. */
export function memoryScratch(): (name?: string) => string {
  const root = mkdtempSync(join(realpathSync(hasRoom() ? memory : tmpdir()), 'lvs-stats-faults-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (name = 'data') => mkdtempSync(join(root, `${name}-`));
}

function hasRoom(): boolean {
  if (!existsSync(memory)) return false;
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize >= roomBytes;
}
