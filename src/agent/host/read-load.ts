// The load average of a minute: the first number of /proc/loadavg (proc(5)).

import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';

/** The load average; null if it cannot be read. */
export function readLoad(procRoot: string): number | null {
  try {
    const load = Number(/^(\d+\.\d+) /.exec(readBounded(join(procRoot, 'loadavg'), 4096).toString('latin1'))?.[1]);
    return Number.isFinite(load) ? load : null;
  } catch {
    return null;
  }
}
