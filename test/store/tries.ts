// Detects a process that waits for an open LevelDB database by its attempts: each replaces the file LOG.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.js';

/** Attempts that prove that a process waits. */
const enough = 5;

/** Waits until another process has repeatedly tried to open a database that is already open. */
export async function untilTried(location: string): Promise<void> {
  const seen = new Set<string>();
  await until(`somebody has tried to open ${location}`, () => {
    const log = statSync(join(location, 'LOG'), { throwIfNoEntry: false });
    if (log !== undefined) seen.add(`${log.ino} ${log.mtimeMs}`);
    return seen.size > enough;
  });
}
