// Processes that a test started, however deep below it: all that have MARK=… in their environment.

import { readdirSync, readFileSync } from 'node:fs';

/** Their process ids; not this process's own, nor those that have ended and wait for their parent. */
export function processesMarked(mark: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`MARK=${mark}`);
    } catch {
      return false;
    }
  });
}
