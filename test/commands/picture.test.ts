// `lvs-stats picture`: one standing picture on request, drawn if it is missing or older than its data.

import { readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { succeedHere } from './here.js';
import { readPng } from './png.js';
import { run, scratch, start, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

describe('picture', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  for (let n = 0; n < 5; n += 1) recordPair(record, startS + n * 300, evenPair(2, n));
  await succeedHere('replay', record, '--data', data);

  test('prints the path of a picture and draws it, again only if there are newer rows', async () => {
    const ask = async (): Promise<string> => (await succeed('picture', '192.0.2.1:80', 'cps', '--data', data)).trim();
    const path = await ask();
    expect(readPng(path).width).toBe(760);
    const drawn = statSync(path);
    expect(drawn.mtimeMs / 1000).toBe(startS + 1200);
    expect(await ask()).toBe(path);
    expect(statSync(path).ino).toBe(drawn.ino);
    recordPair(record, startS + 1500, evenPair(2, 9));
    await succeedHere('replay', record, '--data', data);
    expect(await ask()).toBe(path);
    expect(statSync(path).mtimeMs / 1000).toBe(startS + 1500);
  });

  test('draws once for twenty processes at a time, even if one of them is killed', async () => {
    const graphs = newFolder('graphs');
    // The number of pictures that each process has renamed into place.
    const observer = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  rename(from, to);
  if (to.endsWith('.png')) fs.writeFileSync(process.env.LVS_STATS_TEST_DRAWN + '/' + process.pid, to);
};
syncBuiltinESMExports();`;
    const env = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(observer)}`,
      LVS_STATS_TEST_DRAWN: graphs,
    };
    const ask = () => start(['picture', '192.0.2.2:80', 'pps', '--period', 'week', '--data', data], { env });
    const all = Array.from({ length: 20 }, ask);
    all[0]?.child.kill('SIGKILL');
    const [, ...ended] = await Promise.all(all.map((one) => one.ended));
    expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 0));
    expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1);
    expect(readdirSync(graphs)).toHaveLength(1);
  });

  test.concurrent.for<readonly [args: readonly string[], status: number, message: RegExp]>([
    [['192.0.2.9:80', 'cps'], 1, /there is no archive named "192.0.2.9_80": "lvs-stats list" shows/],
    [['192.0.2.1:80', 'speed'], 2, /192.0.2.1_80 has no graph "speed": choose one of cps, traffic/],
    [['all', 'packetsize'], 2, /all has no graph "packetsize": choose one of cps/],
    [['192.0.2.1:80', 'cps', '--period', 'century'], 2, /Allowed choices are day, week, month, year/],
    [['../../etc/passwd', 'cps'], 2, /passwd/],
  ])('rejects %j with %i', async ([args, status, message]) => {
    const ended = await run(['picture', ...args, '--data', data]);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toMatch(message);
  });
});
