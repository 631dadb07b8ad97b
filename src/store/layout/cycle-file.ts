// `cycle.json`, beside the files of the database: the newest cycle that was reported as stored. It is renamed into place after the
// synchronous write of that cycle, so a database that ends before it has lost what was acknowledged. A change of it tells
// whoever watches that there is news.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';

/**
 * Says that all cycles up to a time are on the disk; null: that this is not known. Where that cannot be said, on a disk that
 * is full just now, the file is older than it could be: the cycle is stored all the same.
 */
export function writeCycleFile(location: string, lastS: number | null): void {
  const path = pathOf(location);
  try {
    if (lastS === null) rmSync(path, { force: true });
    else writeWhole(path, `${JSON.stringify({ lastS })}\n`);
  } catch {}
}

/** The time of the newest cycle that was reported as stored; null where that is not known. */
export function readCycleFile(location: string): number | null {
  try {
    const content: unknown = JSON.parse(readBounded(pathOf(location), 4096).toString());
    const isCycle = typeof content === 'object' && content !== null && 'lastS' in content;
    return isCycle && typeof content.lastS === 'number' ? content.lastS : null;
  } catch {
    return null;
  }
}

function pathOf(location: string): string {
  return join(location, 'cycle.json');
}
