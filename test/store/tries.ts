// A process that waits for a LevelDB database that another one has open can be seen by its attempts: each replaces the file LOG.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.js';

/** Tries after which it is sure that somebody waits. */
const enough = 5;

/** Waits until another process has tried some times to open a database that is open already. */
export async function untilTried(location: string): Promise<void> {
  const seen = new Set<string>();
  await until(`somebody has tried to open ${location}`, () => {
    const log = statSync(join(location, 'LOG'), { throwIfNoEntry: false });
    if (log !== undefined) seen.add(`${log.ino} ${log.mtimeMs}`);
    return seen.size > enough;
  });
}
