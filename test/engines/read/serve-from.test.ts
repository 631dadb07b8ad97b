// A viewer whose rows are in a real engine shows what a viewer of the director's own archives shows, and says so when the engine is away.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { withArchives } from '../../../src/store/open.js';
import { type RunningProgram, run, start } from '../../commands/program.js';
import { until } from '../../until.js';
import { type Engine, hasProgram } from '../engine.js';
import { testedEngines } from '../push/engines.js';
import { createRowsSite, type RowsSite } from '../push/rows-site.js';

const directors = ['lb1', 'lb2'];
let folder: string;
let sites: readonly RowsSite[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-serve-from-'));
  const nowS = Math.floor(Date.now() / 1000);
  // Both are read amid a row, and both end long ago: no cycle comes in between.
  sites = await Promise.all(
    directors.map((name, i) => {
      mkdirSync(join(folder, name));
      return createRowsSite(join(folder, name), nowS - (nowS % 86_400) - 86_400 + 700 + 1800 * i);
    }),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Viewer extends RunningProgram {
  readonly url: string;
}

async function serve(...args: readonly string[]): Promise<Viewer> {
  const program = start(['serve', '--listen', '127.0.0.1:0', ...args]);
  let text = '';
  program.child.stdout?.on('data', (part: string) => {
    text += part;
  });
  const urlOf = (): string | undefined => /the viewer answers at (\S+)\//.exec(text)?.[1];
  let failed = false;
  void program.ended.then(() => {
    failed = true;
  });
  await until('the viewer answers', () => failed || urlOf() !== undefined);
  const url = urlOf();
  if (url === undefined) throw new Error((await program.ended).stderr);
  const viewer = { ...program, url };
  viewers.push(viewer);
  return viewer;
}

const viewers: Viewer[] = [];

afterEach(async () => {
  const all = viewers.splice(0);
  for (const { child } of all) child.kill('SIGTERM');
  for (const { ended } of all) expect(await ended).toMatchObject({ status: 0 });
});

async function read(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.json();
}

/** Where two JSON values differ by more than a ratio. */
function differences(one: unknown, other: unknown, mostRatio: number, place = ''): readonly string[] {
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) <= mostRatio * Math.abs(one) ? [] : [`${place}: ${one} and ${other}`];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? [] : [`${place}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(one, key), Reflect.get(other, key), mostRatio, `${place}/${key}`),
  );
}

/** Waits until an engine shows the descriptions of all archives, which are sent last. */
async function untilShown(base: string, director: string, dataDir: string): Promise<void> {
  const archives = await withArchives(
    dataDir,
    (own) => own.list(),
    () => {},
  );
  const query = `count(last_over_time(lvs_archive_info{director="${director}"}[9d]))`;
  await until('the engine shows all archives', async () => {
    await fetch(`${base}/internal/force_flush`);
    const found = await read(`${base}/api/v1/query?${new URLSearchParams({ query, nocache: '1' })}`);
    return JSON.stringify(found).includes(`"${archives.length}"]`);
  });
}

const service = '192.0.2.10_443';
const answers = [
  'd/lb2/api/archives',
  'd/lb2/api/services',
  'd/lb2/api/findings',
  `d/lb2/api/series?name=${service}&period=week`,
  `d/lb2/api/series?name=${service}&period=year&cf=MAX`,
  'd/lb2/api/series?name=all&period=month',
  'd/lb2/api/stack?type=cps&period=day',
  'd/lb1/live/graph?name=all&type=traffic&period=week&width=600',
];

const readable = testedEngines.filter(({ name }) => name !== 'Prometheus without a window');

describe.each(readable)('$name (skipped without it)', ({ program, mostRatio, start: startEngine }) => {
  let engine: Engine | null = null;

  beforeAll(async () => {
    if (!hasProgram(program)) return;
    engine = await startEngine(mkdtempSync(join(folder, 'engine-')));
    for (const [i, { dataDir }] of sites.entries()) {
      const to = ['--to', engine.base, '--director', directors[i] ?? ''];
      expect(await run(['push', '--data', dataDir, '--once', ...to])).toMatchObject({ status: 0 });
      await untilShown(engine.base, directors[i] ?? '', dataDir);
    }
  });

  afterAll(() => engine?.stop());

  const from = (...args: readonly string[]) =>
    serve('--from', engine?.base ?? '', '--data', join(folder, 'none'), ...args);

  test.skipIf(!hasProgram(program))('shows a fleet as its data folders do, a group included', async () => {
    const own = await serve(...sites.flatMap(({ dataDir }) => ['--data', dataDir]));
    const viewer = await from();
    const isReady = async (url: string): Promise<boolean> => {
      const fleet = (await read(`${url}/api/fleet`)) as { directors: { services: number }[]; groups: unknown[] };
      return fleet.groups.length === 1 && fleet.directors.every(({ services }) => services > 0);
    };
    for (const { url } of [own, viewer]) await until('its group is known', () => isReady(url));
    for (const path of answers) {
      const [expected, found] = [await read(`${own.url}/${path}`), await read(`${viewer.url}/${path}`)];
      expect(differences(expected, found, 10 * mostRatio), path).toEqual([]);
    }
  });

  test.skipIf(!hasProgram(program))('says that the engine is away, and shows what it had shown', async () => {
    const viewer = await from('--from-director', 'lb1');
    const status = async (path: string): Promise<readonly [number, string]> => {
      const response = await fetch(`${viewer.url}${path}`);
      return [response.status, await response.text()];
    };
    const seen = `/api/series?name=${service}&period=week`;
    await until('it has rows', async () => (await status('/services'))[1].includes('192.0.2.10:443'));
    expect((await status(seen))[0]).toBe(200);
    await engine?.stop();
    await until('it notices', async () => (await status('/healthz'))[1].includes('"unread"'));
    expect((await status('/healthz'))[0]).toBe(503);
    expect((await status('/services'))[1]).toMatch(/The engine with the rows has not been readable since/);
    expect((await status(seen))[0]).toBe(200);
    const [code, text] = await status(`/api/series?name=${service}&period=year`);
    expect([code, JSON.parse(text)]).toEqual([
      503,
      { error: expect.stringMatching(/^the engine http:\S+ does not answer/) },
    ]);
    await engine?.restart();
    await until('it answers again', async () => !(await status('/healthz'))[1].includes('"unread"'));
    expect((await status(`/api/series?name=${service}&period=year`))[0]).toBe(200);
  });

  test.skipIf(!hasProgram(program))('refuses a director that it does not have', async () => {
    const args = ['serve', '--from', engine?.base ?? '', '--from-director', 'lb9'];
    expect(await run(args)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no director "lb9": it has lb1, lb2/),
    });
  });
});
