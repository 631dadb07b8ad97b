// Finds out who besides root can change a file, before root acts on what it says. A folder whose entries another user may replace is as good
// as the file itself; in a sticky one (such as /tmp) nobody replaces root's entries. See inode(7).

import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { controllerOf } from './controller.js';

/** The users besides root who can change a file: "user 1000", "group 1000", "everybody"; null if nobody can. Throws what Node throws. */
export function writerBesideRoot(path: string): string | null {
  const controller = controllerOf(path);
  if (controller !== null) return `user ${controller.uid}`;
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const writer = writerOf(at);
    if (writer !== null || at === '/') return writer;
  }
}

const sticky = 0o1000;
const groupWrites = 0o020;
const othersWrite = 0o002;

function writerOf(path: string): string | null {
  const stats = statSync(path);
  if (stats.uid !== 0) return `user ${stats.uid}`;
  if (stats.isDirectory() && (stats.mode & sticky) !== 0) return null;
  if ((stats.mode & othersWrite) !== 0) return 'everybody';
  return stats.gid !== 0 && (stats.mode & groupWrites) !== 0 ? `group ${stats.gid}` : null;
}
