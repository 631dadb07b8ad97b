// Checks whether an unprivileged user can run the file at a path: files in root's home are out of reach.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../model/user-error.js';

/** Throws a `UserError` when others may not pass through one of the folders above a file, or not read the file. */
export function requireReach(path: string, user: string): void {
  const closed = firstClosed(path);
  if (closed === null) return;
  throw new UserError(
    'out-of-reach',
    `the user ${user} cannot run ${path}, since ${closed} is closed to others: install Node.js and lvs-stats where every user can read them, such as /usr/local`,
  );
}

/** Folders that are hidden from the units or look empty to them: ProtectHome and PrivateTmp, see systemd.exec(5). */
const hidden = ['/home', '/root', '/run/user', '/tmp', '/var/tmp'];

/** Throws a `UserError` when a path lies in a folder that is hidden from the units. */
export function requireSeen(path: string): void {
  const folder = hidden.find((one) => path === one || path.startsWith(`${one}/`));
  if (folder === undefined) return;
  throw new UserError(
    'out-of-reach',
    `${path} cannot be seen by the units, from which ${folder} is hidden: install Node.js and lvs-stats below /usr/local, and ` +
      'keep data in /var/lib, or use --cron',
  );
}

function firstClosed(path: string): string | null {
  const above = dirname(path) === path ? null : firstClosed(dirname(path));
  if (above !== null) return above;
  const stats = statSync(path);
  return (stats.mode & (stats.isDirectory() ? 0o001 : 0o004)) === 0 ? path : null;
}
