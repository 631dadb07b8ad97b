// Drawing, as commands do it: what pictures look like on this machine, and how much of it may be spent on them.

import { statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '../model/cycle.js';
import { drawHere } from '../render/draw-pool.js';
import { readHosts } from '../render/host-names.js';
import type { Looks } from '../render/picture-set.js';
import { type Lend, type RefreshTally, refreshPictures } from '../render/refresh.js';
import { takeLock } from '../store/lock.js';
import { withArchives } from '../store/store.js';
import { demonstrationHosts, demonstrationNote } from './demonstration.js';
import { removeLeftovers } from './leftovers.js';
import { packageRoot } from './settings.js';

/** The hosts file that names the addresses in a data folder's pictures. */
function hostsFile(dataDir: string): string {
  return demonstrationHosts(dataDir) ?? '/etc/hosts';
}

/** How pictures of a data folder look. */
export function looksOf(dataDir: string, { theme = 'light', pixelRatio = 1 }: Partial<Looks> = {}): Looks {
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    theme,
    pixelRatio,
    hosts: readHosts(hostsFile(dataDir)),
    note: demonstrationHosts(dataDir) === null ? null : demonstrationNote,
  };
}

/** The folder of the standing pictures. */
export function picturesFolder(dataDir: string): string {
  return join(dataDir, 'graphs');
}

/** Pictures drawn before this do not show what the program or the host names would make of them now. */
export function drawnSinceMs(dataDir: string): number {
  const changedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.max(changedMs(hostsFile(dataDir)), changedMs(join(packageRoot, 'package.json')));
}

/** Lends the archives of a data folder for a moment at a time. */
export function lendOf(dataDir: string): Lend {
  return (use) => withArchives(dataDir, use);
}

/**
 * Refreshes the standing pictures after a cycle, at idle priority, in this thread, within seconds of processor time.
 * Null when another process is drawing: it will have seen the new rows, or the next cycle will.
 */
export async function refreshAfterCycle(
  dataDir: string,
  { readings, budgetS }: { readings: readonly Reading[]; budgetS: number },
): Promise<RefreshTally | null> {
  const lock = await takeLock(dataDir, 'draw', 0);
  if (lock === null) return null;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    removeLeftovers(picturesFolder(dataDir));
    const start = process.cpuUsage();
    const spentS = (): number => {
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    return await refreshPictures({
      lend: lendOf(dataDir),
      draw: drawHere,
      folder: picturesFolder(dataDir),
      looks: looksOf(dataDir),
      drawnSinceMs: drawnSinceMs(dataDir),
      busyness: busynessOf(readings),
      hasBudget: (share) => spentS() < share * budgetS,
      periods: ['day', 'week', 'month', 'year'],
    });
  } finally {
    await lock.release();
  }
}

/** Bytes in and out of the cycle, by archive. */
function busynessOf(readings: readonly Reading[]): ReadonlyMap<string, number> {
  return new Map(readings.map(({ archive, values }) => [archive, (values[5] ?? 0) + (values[6] ?? 0) || 0]));
}
