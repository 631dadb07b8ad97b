// What tells the data folder of a demonstration from a real one: a file with the host names of its virtual servers.
// Every picture made from such a folder says so, and nothing real is collected into it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/whole-file.js';
import { UserError } from '../model/user-error.js';

/** The word on every picture of a demonstration. */
export const demonstrationNote = 'demonstration';

/** The host names' file of a demonstration; null in a real data folder. */
export function demonstrationHosts(dataDir: string): string | null {
  const path = hostsPath(dataDir);
  return existsSync(path) ? path : null;
}

/** Marks a data folder as that of a demonstration. */
export function markDemonstration(dataDir: string, hostsText: string): void {
  writeWhole(hostsPath(dataDir), hostsText);
}

/** Throws a `UserError` where real readings would go among invented ones. */
export function refuseDemonstration(dataDir: string): void {
  if (demonstrationHosts(dataDir) === null) return;
  throw new UserError(
    'demonstration',
    `${dataDir} is the data folder of a demonstration: name another with --data DIR, or remove it`,
  );
}

function hostsPath(dataDir: string): string {
  return join(dataDir, 'demonstration.hosts');
}
