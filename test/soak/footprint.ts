// The resources of a running simulation: memory after garbage collection, disk, files, open handles.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { databaseFolder } from '../../src/store/leveldb/database.js';

/** The resources in use at one moment. */
export interface Footprint {
  /** Day of the simulated life. */
  readonly day: number;
  readonly heapBytes: number;
  /** Of the process, including native memory of LevelDB and typed arrays. */
  readonly residentBytes: number;
  readonly diskBytes: number;
  readonly files: number;
  /** Open files of this process; 0 on systems without /proc. */
  readonly handles: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Measures the footprint on a day of a life. The database should be closed. */
export function footprintOf(dataDir: string, day: number): Footprint {
  if (typeof collectGarbage === 'function') collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  const folder = databaseFolder(dataDir);
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  const diskBytes = sizes.reduce((sum, size) => sum + size, 0);
  return { day, heapBytes: heapUsed, residentBytes: rss, diskBytes, files: sizes.length, handles: openHandles() };
}

function openHandles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

/** The tolerated growth of `what`: a fraction of it, and an absolute amount. */
export interface Slack {
  readonly what: keyof Footprint;
  readonly part: number;
  readonly more: number;
}

/** Fails if the late maximum exceeds the early one by more than the slack. */
export function expectFlat(early: readonly Footprint[], late: readonly Footprint[], { what, part, more }: Slack): void {
  const [before, after] = [early, late].map((all) => all.map((one) => one[what]));
  expect(Math.min(early.length, late.length), 'measurements early and late').toBeGreaterThan(1);
  const message = `${what}: ${before?.join(', ')}; then ${after?.join(', ')}`;
  expect(Math.max(...(after ?? [])), message).toBeLessThanOrEqual(Math.max(...(before ?? [])) * (1 + part) + more);
}

/** Formats a footprint as a line of text. */
export function tellFootprint({ day, heapBytes, residentBytes, diskBytes, files, handles }: Footprint): string {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return `day ${day.toFixed(1)}: heap ${mb(heapBytes)}, resident ${mb(residentBytes)}, disk ${mb(diskBytes)} in ${files} files, ${handles} handles`;
}
