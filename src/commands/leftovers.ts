// What processes that were killed left half written: files named `NAME.PID.part` whose process is no more.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Removes such files from a folder and those in it; does nothing where there is none. */
export function removeLeftovers(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeLeftovers(path);
    const pid = /\.(\d+)\.part$/.exec(entry.name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path, { force: true });
  }
}

/** A signal 0 is only tried; who may not send it finds out that the process is there all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
