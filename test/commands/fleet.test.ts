// Several data folders in one viewer: `serve --data A --data B`.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pairCycles, recordOther, recordPair } from '../fleet/pair.js';
import { until } from '../until.js';
import { clockAt, type RunningProgram, run, scratch, start } from './program.js';
import { addressOf, endServer } from './server.js';

const newFolder = scratch();
let root: string;
let serving: RunningProgram & { readonly url: string };

const startS = 1_795_219_200;

/** The clock of the viewer stands a minute after the newest cycle, however long the tests take. */
const clock = clockAt(startS + pairCycles * 300 + 60);

beforeAll(async () => {
  root = newFolder();
  await recordPair({ whole: join(root, 'whole'), first: join(root, 'lb1'), second: join(root, 'lb2') }, startS);
  await recordOther(join(root, 'lb3'), startS);
  const others = ['--data', join(root, 'lb2'), '--data', `hamburg=${join(root, 'lb3')}`];
  const args = ['serve', '--no-collect', '--listen', '127.0.0.1:0', '--data', join(root, 'lb1'), ...others];
  const started = start(args, { env: clock });
  serving = { ...started, url: await addressOf(started) };
  await until('the group is known', async () => (await fleet()).groups.length > 0);
  return async () => {
    expect(await endServer(serving, 'SIGTERM')).toMatchObject({ status: 0, stderr: '' });
  };
});

interface Part {
  readonly name: string;
  readonly bits: number | null;
  readonly share: number | null;
  readonly carries?: boolean;
  readonly group?: string | null;
  readonly failover?: { readonly from: string; readonly to: string };
}

async function fleet(): Promise<{ readonly directors: readonly Part[]; readonly groups: readonly Part[] }> {
  return (await fetch(`${serving.url}api/fleet`)).json() as ReturnType<typeof fleet>;
}

async function pageOf(path: string): Promise<string> {
  const response = await fetch(`${serving.url}${path}`);
  expect(response.status, path).toBe(200);
  return response.text();
}

/** A page as its reader sees it. */
async function wordsOf(path: string): Promise<string> {
  const text = (await pageOf(path)).replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '');
  return text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

test('a pair is one group: its share is that of its sum, and it says who carries the traffic', async () => {
  const { directors, groups } = await fleet();
  expect(directors.map(({ name, group, carries }) => [name, group, carries])).toEqual([
    ['lb1', 'lb1+lb2', true],
    ['lb2', 'lb1+lb2', false],
    ['hamburg', null, true],
  ]);
  const [pair] = groups;
  expect(pair).toMatchObject({ name: 'lb1+lb2', failover: { from: 'lb2', to: 'lb1' } });
  expect(pair?.bits).toBe(directors[0]?.bits);
  expect((pair?.share ?? 0) + (directors[2]?.share ?? 0)).toBeCloseTo(1, 9);
});

test('the page lists groups with their directors, and leads to the pages of each', async () => {
  const words = await wordsOf('');
  expect(words).toMatch(
    /lb1\+lb2 carried by lb1 since .*, before by lb2 .* lb1 carries the traffic .* lb2 stands by .* hamburg/,
  );
  const page = await pageOf('');
  for (const href of ['/g/lb1%2Blb2/', '/d/lb1/', '/d/lb2/', '/d/hamburg/']) expect(page).toContain(`href="${href}"`);
});

describe('pages of directors and groups', () => {
  test.each(['d/lb1', 'd/hamburg', 'g/lb1%2Blb2'])('are all below %s, and lead back', async (base) => {
    for (const path of ['', 'all', 'services', 'tiles', 'director', 'events', 'api']) {
      expect(await pageOf(`${base}/${path}`)).toContain('<a href="/">Fleet</a>');
    }
    const { lastS } = (await (await fetch(`${serving.url}${base}/live/status`)).json()) as { readonly lastS: number };
    expect(lastS).toBe(startS + pairCycles * 300);
  });

  test('have no metrics, and are missing if no director has the name', async () => {
    for (const path of ['metrics', 'd/lb1/metrics', 'd/nobody/', 'g/nobody/']) {
      expect((await fetch(`${serving.url}${path}`)).status, path).toBe(404);
    }
  });
});

test('the rows of a group have no gap over the failover, and its graphs mark it', async () => {
  const query = `name=all&type=cps&since=${startS}&until=${startS + pairCycles * 300}`;
  const rows = async (base: string): Promise<(number | null)[]> => {
    const csv = await pageOf(`${base}/api/series.csv?${query}`);
    return csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (line.split(',')[1] === '' ? null : Number(line.split(',')[1])));
  };
  const [pair, first] = [await rows('g/lb1%2Blb2'), await rows('d/lb1')];
  expect(first.slice(1).some((value) => value === null)).toBe(true);
  expect(pair.slice(1).every((value) => value !== null && value > 0)).toBe(true);
  expect(await wordsOf('g/lb1%2Blb2/events')).toContain('failover');
});

test('a picture of a group is drawn', async () => {
  const response = await fetch(`${serving.url}g/lb1%2Blb2/graphs/day/all-traffic.png`);
  expect(response.status).toBe(200);
  expect(
    Buffer.from(await response.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});

test('a search covers all directors, and a service is shown on each that has it', async () => {
  expect(await wordsOf('search?q=192.0.2.10')).toMatch(/service on 3 directors/);
  expect(await wordsOf('search?q=no-such-host')).toContain('No service matches');
  expect(await wordsOf('service/192.0.2.10:443')).toMatch(/lb1\+lb2 \(group\).*lb1 .*lb2 .*hamburg/);
  // The one that stands by is not down by all of its traffic.
  expect(await wordsOf('service/192.0.2.10:443')).not.toContain('−100 %');
  expect((await fetch(`${serving.url}service/203.0.113.200:1`)).status).toBe(404);
});

test('health needs no names', async () => {
  const health = await pageOf('healthz');
  expect(JSON.parse(health)).toMatchObject({ status: 'ok', directors: 3, bad: 0 });
  expect(health).not.toContain('lb1');
});

describe('a simulated fleet', () => {
  test('has a pair that failed over three hours ago, and goes on', async () => {
    const data = newFolder();
    const fleetOf = ['--directors', '3', '--services', '8', '--since', '1d'];
    const started = start(['demo', ...fleetOf, '--data', data, '--listen', '127.0.0.1:0']);
    const url = await addressOf(started);
    const read = async (): Promise<Awaited<ReturnType<typeof fleet>>> =>
      (await fetch(`${url}api/fleet`)).json() as ReturnType<typeof fleet>;
    await until('the group is known', async () => (await read()).groups.length > 0);
    const { directors, groups } = await read();
    expect(directors.map(({ name, carries }) => [name, carries])).toEqual([
      ['lb1', false],
      ['lb2', true],
      ['lb3', true],
    ]);
    expect(groups).toMatchObject([{ name: 'lb1+lb2', failover: { from: 'lb1', to: 'lb2' } }]);
    expect(await (await fetch(`${url}d/lb3/`)).text()).toContain('Simulated data');
    expect(await endServer(started, 'SIGTERM')).toMatchObject({ status: 0 });
  });

  test('has a bounded number of directors, each with services of its own', async () => {
    const { status, stderr } = await run(['demo', '--directors', '9', '--no-serve', '--data', newFolder()]);
    expect(stderr).toContain('at most 8 directors');
    expect(status).toBe(2);
  });
});

describe('are refused', () => {
  test.each([
    ['a folder that does not exist', ['--data', 'lb1', '--data', 'nowhere'], 'nowhere does not exist'],
    ['a name given twice', ['--data', 'x=lb1', '--data', 'x=lb2'], 'name the directors with --data NAME=DIR'],
    ['a name that cannot be an address', ['--data', '..=lb1', '--data', 'lb2'], 'is no name for a director'],
    ['a folder given twice', ['--data', 'lb1', '--data', 'b=lb1'], 'is given twice'],
    [
      'what needs a single folder',
      ['--data', 'lb1', '--data', 'lb2', '--ipvsadm', 'x'],
      '--ipvsadm cannot be used with several',
    ],
  ])('%s', async (_, args, expected) => {
    const { status, stderr } = await run(['serve', '--listen', '127.0.0.1:0', ...args], { cwd: root });
    expect(stderr).toContain(expected);
    expect(status).not.toBe(0);
  });
});
