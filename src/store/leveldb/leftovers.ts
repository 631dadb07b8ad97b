// Removes unfinished files of killed processes. Their names contain the process id. Only files of this process's user are removed, and only
// when the process is gone. Files that cannot be removed stay; nothing waits for them.

import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnPart, partPattern } from '../../files/part-name.js';

/** Removes leftover files and folders from a folder; `pattern` matches their names, and its first group is the process id. */
export function removeLeftovers(folder: string, pattern = partPattern): void {
  for (const { name } of entriesOf(folder)) {
    const [, pid, random] = pattern.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const isOwn = Number(pid) === process.pid && pattern.source.endsWith(partPattern.source);
    if (isOwn ? isOfNamesake(path, random) : !isAlive(Number(pid))) removeOwn(path);
  }
}

/** Removes unfinished files from a folder and all its subfolders. */
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

/** When this process began, by the clock of that time. */
const startMs = Date.now() - process.uptime() * 1000;

/**
 * Did an earlier process with this one's id leave it? In a container every run has the same id. Other threads of this process own files,
 * too.
 */
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

/** Signal 0 only probes. Without permission to send it, the error still shows that the process exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
