// `cycle.json`, beside the files of the database: the newest cycle that was acknowledged as stored. It is renamed into place after the
// synchronous write of that cycle, so a database that ends earlier has lost acknowledged data. Watchers of the file learn of new data when
// it changes.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';

/**
 * Records that all cycles up to a time are on disk; null means unknown. When the write fails (on a full disk, for example), the file stays
 * older than it could be, but the cycle is stored.
 */
export function writeCycleFile(location: string, lastS: number | null): void {
  const path = pathOf(location);
  try {
    if (lastS === null) rmSync(path, { force: true });
    else writeWhole(path, `${JSON.stringify({ lastS })}\n`);
  } catch {}
}

/** The time of the newest cycle that was acknowledged as stored; null when unknown. */
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
