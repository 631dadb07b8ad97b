// Marks the data folder of a demonstration with a file of its services' host names. Every picture from such a folder says so, and no
// real readings are collected into it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/whole-file.js';
import { UserError } from '../model/user-error.js';

/** The label on every picture of a demonstration. */
export const demonstrationNote = 'demonstration';

/** The file with a demonstration's host names; null in a real data folder. */
export function demonstrationHosts(dataDir: string): string | null {
  const path = hostsPath(dataDir);
  return existsSync(path) ? path : null;
}

/** Marks a data folder as a demonstration. */
export function markDemonstration(dataDir: string, hostsText: string): void {
  writeWhole(hostsPath(dataDir), hostsText);
}

/** Throws a `UserError` when real readings would be mixed with simulated ones. */
export function refuseDemonstration(dataDir: string): void {
  if (demonstrationHosts(dataDir) === null) return;
  throw new UserError('demonstration', `${dataDir} holds a demonstration: name another with --data DIR, or remove it`);
}

function hostsPath(dataDir: string): string {
  return join(dataDir, 'demonstration.hosts');
}
