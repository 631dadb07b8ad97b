// `export --format openmetrics`, the other way for rows that Prometheus is too late for: promtool makes blocks of them, which Prometheus serves
// bit for bit.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../commands/program.js';
import { hasProgram, startPrometheusReceiver } from '../engine.js';
import { countOf, differences, engineRows, keptRows, type Rows } from './rows.js';
import { createRowsSite, type RowsSite } from './rows-site.js';

let folder: string;
let site: RowsSite;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-backfill-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const nowS = Math.floor(Date.now() / 1000);
  site = await createRowsSite(dataDir, nowS - (nowS % 86_400) - 86_400 + 700);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Prometheus (skipped without it and promtool)', () => {
  /** Exports rows, and returns what Prometheus has of them. */
  async function backfilled(...args: readonly string[]): Promise<Rows> {
    const own = mkdtempSync(join(folder, 'engine-'));
    const file = join(own, 'rows.om');
    const exported = ['export', ...args, '--format', 'openmetrics', '--data', site.dataDir, '--director', 'lb1'];
    expect(await run([...exported, '--out', file])).toEqual({ status: 0, stdout: '', stderr: '' });
    const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=1536h'];
    execFileSync('promtool', [...blocks, file, join(own, 'data')], { stdio: 'pipe' });
    const engine = await startPrometheusReceiver(own, null);
    try {
      return await engineRows(engine.base, 'lb1', site.newestS());
    } finally {
      await engine.stop();
    }
  }

  const isThere = hasProgram('prometheus') && hasProgram('promtool');

  test.skipIf(!isThere)('has every row of every length bit for bit, without a window', async () => {
    const kept = await keptRows(site.dataDir);
    expect(countOf(kept)).toBeGreaterThan(40_000);
    expect(differences(kept, await backfilled(), 0)).toEqual([]);
  });

  test.skipIf(!isThere)('has the rows of one archive alone', async () => {
    const kept = new Map([...(await keptRows(site.dataDir))].filter(([key]) => key.startsWith('all ')));
    expect(differences(kept, await backfilled('all'), 0)).toEqual([]);
  });
});
