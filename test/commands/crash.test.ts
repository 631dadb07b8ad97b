// kill -9 at random moments of a replay, and of collecting with drawing: afterwards every archive ends at the same cycle, no
// acknowledged cycle is missing, no picture is truncated, and the next run resumes without help.
// LVS_STATS_KILLS sets the minimum of kills, LVS_STATS_SEED their moments.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Series } from '../../src/model/series.js';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { withStore } from '../../src/store/open.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { fetchRows, listArchives, listEvents } from './answers.js';
import { ownFake } from './fakes.js';
import { readPng } from './png.js';
import { filesBelow, type Run, run, scratch, start, succeed, untilAfter } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const kills = Number(process.env['LVS_STATS_KILLS'] ?? 10);

const startS = 1_700_000_100;
const cycles = 1200;
const services = 4;

/** Runs the program and kills it after a while, unless it has ended by then. */
async function killAfter(args: readonly string[], delayMs: number): Promise<Run> {
  const { child, ended } = start(args);
  await Promise.race([pause(delayMs), ended]);
  child.kill('SIGKILL');
  return ended;
}

/** The number of the newest cycle, which must be whole and the same in every archive; 0 before the second. */
async function newestCycle(data: string): Promise<number> {
  return withStore(data, async (store) => {
    const archives = await store.list();
    const newest = new Set(archives.map(({ lastS }) => lastS));
    expect([archives.length, newest.size]).toEqual(archives.length === 0 ? [0, 0] : [2 * services + 1, 1]);
    const [lastS = startS] = newest;
    const count = (lastS - startS) / 300;
    if (count < 1) return 0;
    for (const { name } of archives) {
      const query = { name, cf: 'AVERAGE', startS, endS: lastS - 1, stepS: 300 } as const;
      const weight = name === 'all' ? (services * (services + 1)) / 2 : Number(/^192\.0\.2\.(\d+)_/.exec(name)?.[1]);
      expectEven(await store.fetch(query), { count, weight });
    }
    return count;
  });
}

/** Expects every row to have the growth of `evenPair`, `weight` times that of the first service. */
function expectEven(
  { name, columns, startS: fromS, endS }: Series,
  { count, weight }: { count: number; weight: number },
) {
  expect([name, fromS, (endS - fromS) / 300]).toEqual([name, startS, count]);
  for (const [i, factor] of [1, 5, 4, 1000, 9000].entries()) {
    const wrong = columns[i + 2]?.findIndex((value) => Math.abs(value - (weight * factor) / 300) > 1e-9 * value);
    expect([name, i, wrong]).toEqual([name, i, -1]);
  }
}

test.concurrent(`a replay killed at ${kills} moments always leaves whole cycles, and resumes from them`, async () => {
  const random = randomFrom(seed);
  const record = newFolder('record');
  for (let n = 0; n < cycles; n += 1) recordPair(record, startS + n * 300, evenPair(services, n));
  const startMs = performance.now();
  await succeed('replay', record, '--data', newFolder());
  let [newest, longestMs, interrupted] = [0, performance.now() - startMs, 0];
  let data = newFolder();
  for (let i = 0; i < kills || interrupted === 0; i += 1) {
    const ended = await killAfter(['replay', record, '--data', data], random() * longestMs);
    const now = await newestCycle(data);
    expect(now).toBeGreaterThanOrEqual(newest);
    if (now > newest && now < cycles - 1) interrupted += 1;
    else if (ended.status === null) longestMs *= 1.2;
    newest = now;
    if (ended.status === null) continue;
    expect(ended, 'not killed').toMatchObject({ status: 0, stderr: '' });
    expect(newest).toBe(cycles - 1);
    longestMs *= 0.8;
    [data, newest] = [newFolder(), 0];
  }
  expect(await run(['replay', record, '--data', data])).toMatchObject({ status: 0, stderr: '' });
  expect(new Set((await listArchives(data)).map(({ last }) => last))).toEqual(new Set([startS + (cycles - 1) * 300]));
  const rows = await fetchRows(data, 'all', '--start', String(startS));
  expect(rows.rows.filter(([, , , conns]) => conns !== null)).toHaveLength(cycles - 1);
});

test.concurrent(`collect killed at ${kills} moments keeps what it acknowledged, and leaves no truncated picture`, async () => {
  const random = randomFrom(seed + 1);
  const data = newFolder();
  const collect = (into: string) => ['collect', '--data', into, '--ipvsadm', ownFake('busy-director')];
  const startMs = performance.now();
  expect(await run(collect(newFolder()))).toMatchObject({ status: 0, stderr: '' });
  const longestMs = 1.2 * (performance.now() - startMs);
  const acknowledged: number[] = [];
  for (let i = 0; i < kills; i += 1) {
    const { stdout } = await killAfter(collect(data), random() * longestMs);
    const time = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d): /.exec(stdout);
    if (time !== null) acknowledged.push(Date.parse(`${time[1]}T${time[2]}Z`) / 1000);
    const [newest, ...others] = await withStore(
      data,
      async (store) => new Set((await store.list()).map(({ lastS }) => lastS)),
    );
    expect(others).toEqual([]);
    expect(newest ?? 0).toBeGreaterThanOrEqual(acknowledged.at(-1) ?? 0);
    const graphs = join(data, 'graphs');
    for (const file of filesBelow(graphs)) if (file.endsWith('.png')) readPng(join(graphs, file));
    await untilAfter(newest ?? 0);
  }
  expect(await run(collect(data))).toMatchObject({ status: 0, stderr: '' });
  expect(filesBelow(data).filter((file) => file.endsWith('.part'))).toEqual([]);
  expect(filesBelow(join(data, 'graphs'))).toHaveLength(4 * (3 * graphTypes.length + stackTypes.length));
  const events = await listEvents(data);
  const stored = new Map<number, number>();
  for (const { time } of events) stored.set(time, (stored.get(time) ?? 0) + 1);
  // A stored cycle leaves an event for each of the three services.
  expect(new Set(stored.values())).toEqual(new Set([3]));
  for (const time of acknowledged) expect([...stored.keys()]).toContain(time);
});
