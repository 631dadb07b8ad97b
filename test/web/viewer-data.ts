// Archives with a history of the simulated director, made once per run of the tests and copied for each viewer: making one takes seconds of
// processor time, and several files show the same. vitest.config.ts names the folder of these bases, and removes it.

import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Director } from '../../src/demo/director.js';
import { loadHistory } from '../../src/demonstration/demo-history.js';
import { databaseFolder } from '../../src/store/leveldb/database.js';
import { withStore } from '../../src/store/open.js';

/** A history: its director, whatever distinguishes this from others, and its limits. */
export interface History {
  readonly director: Director;
  readonly key: string;
  readonly endS: number;
  readonly nowS: number;
}

/** Makes the archives of a history in an empty data folder. */
export async function placeHistory(dataDir: string, history: History): Promise<void> {
  const bases = process.env['LVS_STATS_TEST_BASES'];
  if (bases === undefined) throw new Error('vitest.config.ts has not set LVS_STATS_TEST_BASES');
  const base = join(bases, history.key);
  if (!existsSync(base)) await makeHistory(bases, history);
  // Times decide which tables count as verified.
  cpSync(base, databaseFolder(dataDir), { recursive: true, preserveTimestamps: true });
}

async function makeHistory(bases: string, { director, key, endS, nowS }: History): Promise<void> {
  mkdirSync(bases, { recursive: true });
  const made = mkdtempSync(join(tmpdir(), 'lvs-stats-base-'));
  try {
    await withStore(made, (store) => loadHistory(store, director, { endS, nowS }));
    renameSync(databaseFolder(made), join(bases, key));
  } catch (error) {
    // Another file may have been faster.
    if (!existsSync(join(bases, key))) throw error;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
