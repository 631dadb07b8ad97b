// Rows in real engines are those of the archives: on Prometheus bit for bit, on VictoriaMetrics to its twelve digits. Whatever ends in between, every
// known row is there once, and unknown rows are unknown.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeArchive, descriptionMetrics } from '../../../src/engine/series/description-series.js';
import { describeMonth } from '../../../src/engine/series/month-series.js';
import { withArchives } from '../../../src/store/open.js';
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

/** The newest descriptions in an engine, but the last reading of archives that do not lag behind: it is that of the director. */
async function storedDescriptions(base: string, timeS: number): Promise<readonly string[]> {
  const query = `last_over_time({__name__=~"lvs_(archive|month)_.+",director="lb1"}[2d])`;
  const response = await fetch(
    `${base}/api/v1/query?${new URLSearchParams({ query, time: String(timeS), nocache: '1' })}`,
  );
  const { data } = (await response.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  const texts = data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  const { live } = await ownDescriptions();
  return texts
    .filter(({ metric }) => !live(metric))
    .map(({ metric, value }) => textOf(metric, value))
    .toSorted();
}

/** Those of the data folder. */
async function ownDescriptions(): Promise<{
  texts: readonly string[];
  live: (labels: Record<string, string>) => boolean;
}> {
  const timeS = site.newestS();
  return withArchives(
    site.dataDir,
    async (archives) => {
      const all: string[] = [];
      const listed = await archives.list();
      const late = new Set(listed.filter(({ lastS }) => lastS < timeS).map(({ name }) => name));
      const live = ({ __name__: metric, archive = '' }: Record<string, string>): boolean =>
        metric === descriptionMetrics.last && !late.has(archive);
      for (const info of listed) {
        const months = await archives.percentiles({ name: info.name, startS: info.firstS, endS: timeS });
        const samples = [
          ...describeArchive(info, 'lb1', timeS),
          ...months.flatMap((month) => describeMonth(month, { archive: info.name, director: 'lb1', timeS })),
        ];
        for (const { labels, value } of samples)
          if (!live(Object.fromEntries(labels))) all.push(textOf(Object.fromEntries(labels), value));
      }
      return { texts: all.toSorted(), live };
    },
    () => {},
  );
}

function textOf(labels: object, value: number): string {
  return JSON.stringify([Object.entries(labels).toSorted(), Number(value.toPrecision(11))]);
}

/** Forgets what any engine has. */
function forgetPosition(): void {
  for (const name of readdirSync(site.dataDir).filter((own) => own.startsWith('push-')))
    rmSync(join(site.dataDir, name));
}

const own = (): string => mkdtempSync(join(folder, 'engine-'));

describe.each(testedEngines)('$name (skipped without it)', ({ program, mostRatio, start, stored }) => {
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
      expect(await storedDescriptions(engine.base, site.newestS())).toEqual((await ownDescriptions()).texts);
      // A pusher that has lost its cursor sends what the engine lacks, and nothing twice.
      forgetPosition();
      expect(await push(engine)).toMatchObject({ status: 0 });
      expect(await shownDifferences(grown, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
      const verified = await push(engine, '--verify');
      expect(verified).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^[\d,]+ rows compared .*: all are the same$/m),
      });
      expect(Number(/^[\d,]+/.exec(verified.stdout)?.[0].replaceAll(',', ''))).toBeGreaterThan(40_000);
    } finally {
      await engine.stop();
    }
  });
});

// Prometheus deletes series only with an option that is not the default.
const deleting = testedEngines.filter(({ program }) => program === 'victoria-metrics');

describe.each(deleting)('$name (skipped without it)', ({ program, mostRatio, start, stored }) => {
  test.skipIf(!hasProgram(program))('finds lost rows, and sends them again', async () => {
    const engine = await start(own());
    try {
      forgetPosition();
      expect(await push(engine)).toMatchObject({ status: 0 });
      const kept = await keptRows(site.dataDir);
      expect(await shownDifferences(kept, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
      const lost = '192.0.2.10_443';
      const body = new URLSearchParams({ 'match[]': `{director="lb1",archive="${lost}",__name__=~"lvs_row_.+"}` });
      const deleted = await fetch(`${engine.base}/api/v1/admin/tsdb/delete_series`, { method: 'POST', body });
      expect(deleted.status).toBe(204);
      const { status, stdout } = await push(engine, '--verify');
      const [first, second] = stdout.split('\n');
      expect({ status, first }).toEqual({
        status: 1,
        first: expect.stringMatching(/^192\.0\.2\.10_443: \d+ rows missing, from 20.* to 20/),
      });
      expect(second).toMatch(/those of 1 archive differ$/);
      forgetPosition();
      expect(await push(engine)).toMatchObject({ status: 0 });
      expect(await shownDifferences(kept, () => stored(engine.base, 'lb1', site.newestS()), mostRatio)).toEqual([]);
      expect(await push(engine, '--verify')).toMatchObject({ status: 0 });
    } finally {
      await engine.stop();
    }
  });
});
