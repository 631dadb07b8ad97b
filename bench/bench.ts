// A benchmark: a name to select it by, and a function that measures in a scratch folder of its own.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from './comparison.js';
import { makeYear, type Year } from './year.js';

/** The environment of a benchmark. */
export interface BenchContext {
  /** A folder of its own, removed at the end of the run. */
  readonly folder: string;
  readonly hasRrdtool: boolean;
  readonly hasRrdcached: boolean;
  /** A director of 1,000 services with a year of history, created on first use. */
  readonly largeYear: () => Promise<Year>;
  /** One of 2,000 services, likewise. */
  readonly viewerYear: () => Promise<Year>;
}

/** A benchmark. */
export interface Bench {
  readonly name: string;
  readonly measure: (context: BenchContext) => Promise<Findings>;
}

/** Lends a folder and removes it with its contents, even when the run is interrupted. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const breakOff = (): void => process.exit(130);
  process.once('exit', remove);
  process.once('SIGINT', breakOff).once('SIGTERM', breakOff);
  try {
    return await use(folder);
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', breakOff).off('SIGTERM', breakOff);
  }
}

/** Creates the contexts of a run's benchmarks. */
export function contextsIn(
  folder: string,
  tools: Pick<BenchContext, 'hasRrdtool' | 'hasRrdcached'>,
): (bench: Bench) => BenchContext {
  const largeYear = once(() => makeYear(subfolder(folder, 'year'), { services: 1000, ...tools }));
  const viewerYear = once(() => makeYear(subfolder(folder, 'viewer-year'), { services: 2000, hasRrdtool: false }));
  return ({ name }) => ({ folder: subfolder(folder, name), ...tools, largeYear, viewerYear });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

function subfolder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}
