// A keeper on a failing disk: it reports the cycle whose write failed and stores the next one without a restart. While nothing can
// be written, the archives can be read. LVS_STATS_FAULTS sets the number of calls that fail.

import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Archives } from '../../src/store/archives.js';
import { withStore } from '../../src/store/open.js';
import { connectArchives } from '../../src/store/shared/remote-archives.js';
import { StoreError } from '../../src/store/store-error.js';
import { type Keeping, keep } from '../commands/keeping.js';
import { scratch } from '../commands/program.js';
import { cycleAfter, firstS } from '../store/sample-cycles.js';
import { type Failing, hasGcc, useDisk } from './disk.js';

const newFolder = scratch();
const disk = useDisk();
const places = Number(process.env['LVS_STATS_FAULTS'] ?? 6);
const cycles = 8;

let keeping: Keeping | null = null;

afterEach(async () => {
  keeping?.signal('SIGKILL');
  await keeping?.ended;
});

/** A data folder with a cycle, and a keeper of it whose disk fails; null if the keeper cannot even open it. */
async function serveFailing(failing: Failing): Promise<string | null> {
  const data = join(realpathSync(newFolder()), 'data');
  await withStore(data, async (store) => store.append(cycleAfter(await store.latest(), 20)));
  try {
    keeping = await keep(data, { env: disk.failing(data, failing) });
    return data;
  } catch {
    return null;
  }
}

async function connected(data: string): Promise<Archives & { close(): Promise<void> }> {
  const archives = await connectArchives(data, 5000);
  if (archives === null) throw new Error('the server has ended');
  return archives;
}

/** Stores cycles; returns the time of each, or the code of its error. */
async function storeCycles(archives: Archives): Promise<readonly (number | string)[]> {
  const outcomes: (number | string)[] = [];
  for (let i = 0; i < cycles; i += 1) {
    const cycle = cycleAfter(await archives.latest(), 20);
    try {
      await archives.append(cycle);
      outcomes.push(cycle.timeS);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      outcomes.push(error.code);
    }
  }
  return outcomes;
}

describe.skipIf(!hasGcc)('(needs gcc) a keeper whose', () => {
  test.each(['a full disk', 'a disk that cannot be written'] as const)(
    'disk fails once (%s) resumes with the next cycle',
    async (fault) => {
      let failed = 0;
      for (let i = 0; i < places; i += 1) {
        const data = await serveFailing({ fault, from: 6 + Math.floor((i * 40) / places), count: 1 });
        if (data === null) continue;
        const archives = await connected(data);
        const outcomes = await storeCycles(archives);
        const errors = outcomes.filter((outcome) => outcome === 'io');
        expect(errors.length).toBeLessThanOrEqual(1);
        failed += errors.length;
        const stored = outcomes.filter((outcome) => typeof outcome === 'number');
        expect(stored.length + errors.length).toBe(cycles);
        expect((await archives.latest()).timeS).toBe(stored.at(-1));
        expect((await archives.list()).map(({ lastS }) => lastS)[0]).toBe(stored.at(-1));
        await archives.close();
        keeping?.signal('SIGTERM');
        expect(await keeping?.ended).toBe(0);
        expect(await withStore(data, async (store) => (await store.latest()).timeS)).toBe(stored.at(-1));
      }
      expect(failed).toBeGreaterThan(0);
    },
  );

  test('disk stays full reports that for every cycle, and still reads the archives', async () => {
    let failures = 0;
    for (const from of [16, 20, 24, 28]) {
      const data = await serveFailing({ fault: 'a full disk', from, count: 0 });
      if (data === null) continue;
      const archives = await connected(data);
      const outcomes = await storeCycles(archives);
      const stored = outcomes.filter((outcome) => typeof outcome === 'number');
      expect(outcomes).toEqual([...stored, ...Array.from({ length: cycles - stored.length }, () => 'io')]);
      failures += cycles - stored.length;
      const lastS = stored.at(-1) ?? firstS;
      expect((await archives.latest()).timeS).toBe(lastS);
      expect(await archives.list()).toHaveLength(41);
      await archives.close();
      keeping?.signal('SIGTERM');
      expect(await keeping?.ended).toBe(0);
      expect(readdirSync(data)).not.toContain('serve.sock');
      expect(await withStore(data, async (store) => (await store.latest()).timeS)).toBe(lastS);
    }
    expect(failures).toBeGreaterThan(0);
  });
});
