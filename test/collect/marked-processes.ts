// Descendants of a test at any depth: all processes with MARK=… in their environment.

import { readdirSync, readFileSync } from 'node:fs';

/** Their process ids, without this process and zombies. */
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
