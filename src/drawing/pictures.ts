// Draws for commands: the look of pictures on this machine, and the time that may be spent on them.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { lendOf } from '../cli/lend.js';
import { lowerPriority } from '../cli/priority.js';
import { packageRoot, say } from '../cli/settings.js';
import { demonstrationHosts, demonstrationNote } from '../demonstration/demonstration.js';
import type { Reading } from '../model/cycle.js';
import { kindOfName, trafficColumns } from '../model/kinds/registry.js';
import type { Capacity } from '../model/policy/capacity.js';
import type { Looks } from '../render/files/content/span-set.js';
import type { DrawnSince } from '../render/files/picture-file.js';
import type { SharedStudio } from '../render/files/picture-on-request.js';
import { refreshPictures } from '../render/files/refresh.js';
import type { RefreshTally } from '../render/files/refresh-tally.js';
import type { Studio } from '../render/files/standing-picture.js';
import { ViewedPictures } from '../render/files/viewed-pictures.js';
import { readHosts } from '../render/look/host-names.js';
import { drawHere } from '../render/png/draw-pool.js';
import { type DrawTally, failureLines } from '../render/png/draw-tally.js';
import { removeLeftoversBelow } from '../store/leveldb/leftovers.js';
import { takeLock } from '../store/lock.js';

/** The hosts file that names the addresses in a data folder's pictures. */
function hostsFile(dataDir: string): string {
  return demonstrationHosts(dataDir) ?? '/etc/hosts';
}

/** The look of a data folder's pictures. */
export function looksOf(dataDir: string, { theme = 'light', pixelRatio = 1, ...rest }: Partial<Looks> = {}): Looks {
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    theme,
    pixelRatio,
    hosts: readHosts(hostsFile(dataDir)),
    note: demonstrationHosts(dataDir) === null ? null : demonstrationNote,
    ...rest,
  };
}

/** The folder of the standing pictures. */
export function picturesFolder(dataDir: string): string {
  return join(dataDir, 'graphs');
}

/** Older pictures do not reflect the current program or host names, or may be incomplete. */
export function drawnSince(dataDir: string): DrawnSince {
  const changedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const drawnSinceMs = Math.max(changedMs(hostsFile(dataDir)), changedMs(join(packageRoot, 'package.json')));
  return { drawnSinceMs, wholeSinceMs: Date.now() - uptime() * 1000 };
}

/** The looks and the folder of a data folder's standing pictures. */
export function studioOf(dataDir: string, capacity: Capacity = []): Omit<Studio, 'draw'> {
  return {
    lend: lendOf(dataDir),
    folder: picturesFolder(dataDir),
    looks: looksOf(dataDir, { capacity }),
    ...drawnSince(dataDir),
  };
}

/** Number of locks that pictures share: two concurrent requests seldom hit the same one. */
const pictureLocks = 16;

/** As long as the largest stacks take; a process that has waited longer draws by itself. */
const pictureWaitMs = 60_000;

/** Keeps processes that want the same picture apart, by kernel locks, which are freed with their holder. */
export function aloneIn(dataDir: string): SharedStudio['alone'] {
  return async (path, use) => {
    const place = createHash('sha256').update(path).digest().readUInt32LE(0) % pictureLocks;
    const lock = await takeLock(dataDir, `picture-${place}`, pictureWaitMs);
    try {
      return await use();
    } finally {
      await lock?.release();
    }
  };
}

/** Processor time reserved for work begun when the rest is spent, and for ipvsadm itself. */
const reserveS = 0.5;

/** A cycle's readings, and what may be drawn after it. */
export interface AfterCycle {
  readonly readings: readonly Reading[];
  readonly budgetS: number;
  readonly capacity: Capacity;
  /** Leave out the pictures that nobody has viewed in the last days. */
  readonly isOnlyViewed: boolean;
}

/**
 * Refreshes the standing pictures after a cycle, at idle priority, in this thread, until this process has used `budgetS` seconds of
 * processor time in all, including the cycle. Null when another process is drawing: it will have seen the new rows, or the next cycle will.
 */
export async function refreshAfterCycle(
  dataDir: string,
  { readings, budgetS, capacity, isOnlyViewed }: AfterCycle,
): Promise<RefreshTally | null> {
  const lock = await takeLock(dataDir, 'draw', 0);
  if (lock === null) return null;
  try {
    lowerPriority();
    removeLeftoversBelow(picturesFolder(dataDir));
    const spentS = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    // The budget is the time that the cycle left.
    const beforeS = spentS();
    const leftS = Math.max(0, budgetS - reserveS - beforeS);
    const viewed = isOnlyViewed ? new ViewedPictures(picturesFolder(dataDir), Date.now()) : null;
    viewed?.save();
    return await refreshPictures({
      ...(viewed === null ? {} : { viewed }),
      ...studioOf(dataDir, capacity),
      draw: drawHere,
      busyness: busynessOf(readings),
      hasBudget: (share) => spentS() - beforeS < share * leftS,
      periods: ['day', 'week', 'month', 'year'],
    });
  } finally {
    await lock.release();
  }
}

/** Reports pictures that failed: the command then did not do everything asked. */
export function tellFailures(tally: DrawTally): void {
  for (const line of failureLines(tally)) say(line, { level: 'warning', code: 'picture-not-written' });
  if (tally.failures !== undefined) process.exitCode = 1;
}

/** Bytes in and out of the cycle, by archive. */
function busynessOf(readings: readonly Reading[]): ReadonlyMap<string, number> {
  return new Map(
    readings.map(({ archive, values }) => {
      const columns = trafficColumns(kindOfName(archive)?.measures ?? []);
      return [archive, columns === null ? 0 : (values[columns.in] ?? 0) + (values[columns.out] ?? 0) || 0];
    }),
  );
}
