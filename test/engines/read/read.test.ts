// What is read back from a real engine is what the director's own archives answer: on Prometheus bit for bit, on VictoriaMetrics to its twelve digits.
// LVS_STATS_SEED chooses the spans.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine, type EngineConnection } from '../../../src/engine/connection/http.js';
import { createEngineSource, type EngineSource } from '../../../src/engine/read/engine-source.js';
import { newestReadingS } from '../../../src/model/archive.js';
import type { RowsQuery } from '../../../src/model/series.js';
import type { ArchiveReader } from '../../../src/store/archives.js';
import { withArchives } from '../../../src/store/open.js';
import { run } from '../../commands/program.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { until } from '../../until.js';
import { type Engine, hasProgram } from '../engine.js';
import { testedEngines } from '../push/engines.js';
import { compareRows, wholeQueries } from './compared.js';
import { createReadSite } from './read-site.js';

const [director, dayS] = ['lb1', 86_400];
let folder: string;
let dataDir: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-read-'));
  dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const nowS = Math.floor(Date.now() / 1000);
  await createReadSite(dataDir, nowS - (nowS % dayS) - dayS + 700);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withKept = <T>(use: (archives: ArchiveReader) => Promise<T>): Promise<T> => withArchives(dataDir, use, () => {});

/** A report without what an engine does not have: the texts of events, and the table of the newest reading. */
function numbersOf({ events, summary, survive, ...report }: Readonly<Record<string, unknown>>) {
  return { ...report, events: Array.isArray(events) ? events.length : null };
}

const readable = testedEngines.filter(({ name }) => name !== 'Prometheus without a window');

describe.each(readable)('$name (skipped without it)', ({ program, mostRatio, start }) => {
  let engine: Engine;
  let connection: EngineConnection;
  let source: EngineSource;

  beforeAll(async () => {
    if (!hasProgram(program)) return;
    engine = await start(mkdtempSync(join(folder, 'engine-')));
    const pushed = await run(['push', '--data', dataDir, '--to', engine.base, '--director', director, '--once']);
    expect(pushed).toMatchObject({ status: 0 });
    connection = connectEngine({ authorization: null, ca: null }, { signal: new AbortController().signal });
    const ground = { baseUrl: new URL(engine.base), send: connection.send, engine: engine.base };
    source = createEngineSource({ ...ground, director, nowS: () => Date.now() / 1000 });
    await fetch(`${engine.base}/internal/force_flush`);
  });

  afterAll(async () => {
    connection?.close();
    await engine?.stop();
  });

  test.skipIf(!hasProgram(program))('has every archive, and every row of four lengths and both functions', async () => {
    await withKept(async (kept) => {
      const own = await kept.list();
      const queries = own.flatMap((info) => wholeQueries(info, newestReadingS(own)));
      let rows: Awaited<ReturnType<typeof compareRows>> = { texts: ['nothing was compared'], known: 0 };
      await until('the engine shows every row', async () => {
        const listed = await source.list();
        rows = await compareRows(queries, { kept, engine: source, mostRatio });
        return listed.length === own.length && rows.texts.length === 0;
      }).catch(() => {});
      expect(await source.list()).toEqual(own);
      expect(rows.texts).toEqual([]);
      expect(rows.known).toBeGreaterThan(40_000);
    });
  });

  test.skipIf(!hasProgram(program))('answers random queries as the director does', async () => {
    const random = randomFrom(seed);
    const below = (most: number): number => Math.floor(random() * most);
    await withKept(async (kept) => {
      const own = await kept.list();
      const newestS = newestReadingS(own);
      const lengths = [1, 1800, 3600, 7200, 86_400, 50_000];
      const queries = Array.from({ length: 200 }, (): RowsQuery => {
        const info = own[below(own.length)] ?? own[0];
        const startS = newestS - below([dayS, 7 * dayS, 60 * dayS, 80 * dayS][below(4)] ?? dayS);
        const dataSources = random() < 0.3 ? { dataSources: ['Conns', 'OutBytes', 'Foreign'] } : {};
        const endS = startS + below(newestS + dayS - startS);
        return { name: info?.name ?? '', startS, endS, stepS: lengths[below(6)] ?? 1, ...dataSources };
      });
      const { texts, known } = await compareRows(queries, { kept, engine: source, mostRatio });
      expect(texts).toEqual([]);
      expect(known).toBeGreaterThan(20_000);
    });
  });

  test.skipIf(!hasProgram(program))('has the rows of all archives at once', async () => {
    await withKept(async (kept) => {
      const own = await kept.list();
      const newestS = newestReadingS(own);
      const names = own.map(({ name }) => name);
      for (const [startS, stepS] of [
        [newestS - dayS, 1],
        [newestS - 30 * dayS, 86_400],
      ] as const) {
        const query = { names, cf: 'AVERAGE', startS, endS: newestS, stepS, dataSources: ['InBytes'] } as const;
        const [all, others] = [await kept.fetchMany(query), await source.fetchMany(query)];
        expect(others.map(({ columns: _, ...frame }) => frame)).toEqual(all.map(({ columns: _, ...frame }) => frame));
        for (const [i, { columns }] of all.entries()) {
          for (const [row, value] of columns[0]?.entries() ?? []) {
            const found = others[i]?.columns[0]?.[row] ?? Number.NaN;
            expect(Number.isNaN(found)).toBe(Number.isNaN(value));
            if (!Number.isNaN(value)) expect(Math.abs(found - value)).toBeLessThanOrEqual(mostRatio * value);
          }
        }
      }
    });
  });

  test.skipIf(!hasProgram(program))('has the events, without their texts', async () => {
    await withKept(async (kept) => {
      const own = await kept.events({});
      const keyOf = ({ timeS, archive, kind, realServer = '' }: (typeof own)[number]): string =>
        [timeS, archive, kind, realServer].join(' ');
      expect(own.length).toBeGreaterThan(20);
      expect((await source.events({})).map(keyOf).sort()).toEqual([...new Set(own.map(keyOf))].sort());
      expect((await source.events({ newest: 3 })).map(({ timeS }) => timeS)).toEqual(
        own.slice(-3).map(({ timeS }) => timeS),
      );
      const [first, last] = [own[5]?.timeS ?? 0, own.at(-5)?.timeS ?? 0];
      const query = { archive: 'all', sinceS: first, untilS: last };
      expect((await source.events(query)).map(keyOf).sort()).toEqual(
        [...new Set((await kept.events(query)).map(keyOf))].sort(),
      );
    });
  });

  test.skipIf(!hasProgram(program))('answers the commands, and names the directors that it has', async () => {
    const from = ['--from', engine.base, '--from-director', director];
    const own = await run(['fetch', 'all', '--format', 'csv', '--data', dataDir]);
    const other = await run(['fetch', 'all', '--format', 'csv', ...from]);
    expect(other).toMatchObject({ status: 0, stderr: '' });
    expect(other.stdout.split('\n').length).toBe(own.stdout.split('\n').length);
    if (mostRatio === 0) expect(other.stdout).toBe(own.stdout);
    const out = join(folder, `report of ${program}`);
    const span = ['--since', '40h', '--format', 'csv,json,png', '--out', out];
    expect(await run(['render', ...span, ...from])).toMatchObject({ status: 0, stderr: '' });
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Record<string, unknown>;
    expect(report).toMatchObject({ director, archives: expect.any(Array), events: expect.any(Array) });
    await run(['render', ...span.slice(0, -1), `${out} kept`, '--data', dataDir, '--director', director]);
    const kept = JSON.parse(readFileSync(join(`${out} kept`, 'report.json'), 'utf8')) as Record<string, unknown>;
    if (mostRatio === 0) expect(numbersOf(report)).toEqual(numbersOf(kept));
    const drawn = await run(['picture', 'all', 'cps', '--period', 'month', '--out', out, ...from]);
    expect(drawn).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(drawn.stdout.trim()).size).toBeGreaterThan(5000);
    const wrong = await run(['list', '--from', engine.base, '--from-director', 'lb9']);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toContain('has no director "lb9"; it has lb1: name one with --from-director');
    expect((await run(['fetch', '192.0.2.250:80', ...from])).stderr).toContain(
      'has no archive "192.0.2.250_80" of lb1',
    );
  });
});
