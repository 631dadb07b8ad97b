// Rows in real engines are those of the archives: on Prometheus bit for bit, on VictoriaMetrics to its twelve digits. Whatever ends in between, every
// known row is there once, and unknown rows are unknown.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../commands/program.js';
import { type Engine, hasProgram } from '../engine.js';
import { testedEngines } from './engines.js';
import { countOf, keptRows, shownDifferences } from './rows.js';
import { createRowsSite, type RowsSite, siteStepS } from './rows-site.js';

const stepS = siteStepS;

let folder: string;
let site: RowsSite;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-push-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const nowS = Math.floor(Date.now() / 1000);
  // The last reading is amid a row.
  site = await createRowsSite(dataDir, nowS - (nowS % 86_400) - 86_400 + 700);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const push = (engine: Engine, ...args: readonly string[]) =>
  run(['push', '--data', site.dataDir, '--to', engine.base, '--director', 'lb1', '--once', ...args]);

describe.each(testedEngines)('$name (skipped without it)', ({ program, mostRatio, start, stored }) => {
  const own = (): string => mkdtempSync(join(folder, 'engine-'));

  test.skipIf(!hasProgram(program))('has every row of every length, and new ones', async () => {
    const engine = await start(own());
    try {
      const { status, stderr, stdout } = await push(engine);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stdout).toMatch(/^\d+ samples sent to http:/);
      const kept = await keptRows(site.dataDir);
      expect(countOf(kept)).toBeGreaterThan(40_000);
      expect(await shownDifferences(kept, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
      await site.readUntil(site.newestS() + 2 * stepS, [1, 2]);
      await site.readUntil(site.newestS() + 3 * stepS, [2]);
      expect((await push(engine)).stderr).toBe('');
      const grown = await keptRows(site.dataDir);
      expect(await shownDifferences(grown, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
      expect(await push(engine)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^0 samples/) });
      // A pusher that has lost its cursor sends what the engine lacks, and nothing twice.
      for (const name of readdirSync(site.dataDir).filter((own) => own.startsWith('push-')))
        rmSync(join(site.dataDir, name));
      expect(await push(engine)).toMatchObject({ status: 0 });
      expect(await shownDifferences(grown, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
    } finally {
      await engine.stop();
    }
  });
});
