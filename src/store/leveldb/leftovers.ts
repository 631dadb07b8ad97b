// What processes that were killed left half made, in names that tell which process it was. Only what belongs to this process's user
// is removed, and only when the process is no more; what cannot be removed stays: nobody waits for it.

import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnPart, partPattern } from '../../files/part-name.js';

/** Removes such files and folders from a folder; `pattern` is of their names, its first group the process. */
export function removeLeftovers(folder: string, pattern = partPattern): void {
  for (const { name } of entriesOf(folder)) {
    const [, pid, random] = pattern.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const isOwn = Number(pid) === process.pid && pattern.source.endsWith(partPattern.source);
    if (isOwn ? isOfNamesake(path, random) : !isAlive(Number(pid))) removeOwn(path);
  }
}

/** Removes unfinished files from a folder and all those in it. */
export function removeLeftoversBelow(folder: string): void {
  removeLeftovers(folder);
  for (const entry of entriesOf(folder)) if (entry.isDirectory()) removeLeftoversBelow(join(folder, entry.name));
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** When this process began, as the clock was then. */
const startMs = Date.now() - process.uptime() * 1000;

/** Did a process that had the number of this one leave it? In a container each run has the same. Other threads of this one have names, too. */
function isOfNamesake(path: string, random: string | undefined): boolean {
  if (isOwnPart(path)) return false;
  try {
    return random === undefined || lstatSync(path).ctimeMs < startMs;
  } catch {
    return false;
  }
}

function removeOwn(path: string): void {
  try {
    if (lstatSync(path).uid === process.geteuid?.()) rmSync(path, { recursive: true, force: true });
  } catch {}
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
