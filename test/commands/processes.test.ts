// Several processes at once want the archives: none fails, no cycle is lost, nothing piles up, and none waits for ever.
// LVS_STATS_CYCLES is how many one-shot cycles are run for the files they leave behind.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseFolder } from '../../src/store/leveldb/database.js';
import { openStore } from '../../src/store/open.js';
import { untilTried } from '../store/tries.js';
import { listArchives, listEvents } from './answers.js';
import { ownFake, printingStep } from './fakes.js';
import { succeedHere } from './here.js';
import { type Run, run, scratch, start, succeed, untilAfter } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const cycles = Number(process.env['LVS_STATS_CYCLES'] ?? 120);

test('collectors, readers and drawing at once: none fails, and every reported cycle is stored', async () => {
  const data = newFolder();
  const collect = ['collect', '--data', data, '--ipvsadm', ownFake('busy-director')];
  const collected = [await run([...collect, '--no-pictures'])];
  const others: Run[] = [];
  const isEnough = (): boolean => collected.filter(({ stdout }) => stdout !== '').length > 5 && others.length >= 4 * 2;
  const repeat = async (args: readonly string[], runs: Run[]): Promise<void> => {
    while (!isEnough()) {
      runs.push(await run(args));
      if (runs === collected) await untilAfter(Math.floor(Date.now() / 1000));
    }
  };
  await Promise.all([
    repeat(collect, collected),
    repeat([...collect, '--no-pictures'], collected),
    repeat(['fetch', 'all', '--data', data], others),
    repeat(['list', '--data', data], others),
    repeat(['render', '--data', data], others),
  ]);
  for (const { status, stderr } of [...collected, ...others]) expect({ status, stderr }).toMatchObject({ status: 0 });
  const told = collected
    .filter(({ stdout }) => stdout !== '')
    .map(({ stdout }) => `${stdout.slice(0, 19)}Z`.replace(' ', 'T'));
  const stored = (await listEvents(data, '192.0.2.1:80')).map(({ time }) => time);
  expect(stored).toEqual(told.map((time) => Date.parse(time) / 1000).sort());
});

test.concurrent(`${cycles} one-shot cycles leave no more files than a few`, async () => {
  const data = newFolder();
  const counts: number[] = [];
  for (let n = 0; n < cycles; n += 1) {
    const record = newFolder('record');
    recordPair(record, 1_700_000_100 + n * 300, evenPair(3, n));
    // Every twelfth is a process: a start of Node changes no files.
    await (n % 12 === 0 ? succeed : succeedHere)('replay', record, '--data', data);
    rmSync(record, { recursive: true });
    counts.push(readdirSync(join(data, 'archives')).length + readdirSync(join(data, 'locks', 'collect')).length);
  }
  expect(Math.max(...counts)).toBeLessThan(60);
  expect((await listArchives(data)).map(({ last }) => last)[0]).toBe(1_700_000_100 + (cycles - 1) * 300);
});

test.concurrent('who finds the database in use waits until it is free', async () => {
  const data = newFolder();
  await succeed('collect', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic'), '--no-pictures');
  const [first] = await listArchives(data);
  await untilAfter(first?.last ?? 0);
  const store = await openStore(data);
  const collect = ['collect', '--data', data, '--ipvsadm', printingStep('sequence/005-more-traffic'), '--no-pictures'];
  const waiting = [];
  for (const args of [['list', '--data', data], collect]) {
    waiting.push(start(args));
    await untilTried(databaseFolder(data));
  }
  expect(waiting.map(({ child }) => child.exitCode)).toEqual([null, null]);
  await store.close();
  for (const { ended } of waiting) expect(await ended).toMatchObject({ status: 0, stderr: '' });
});

test.concurrent('who finds it in use for half a minute gives up with a message, and nothing is changed', async () => {
  const data = newFolder();
  await succeed('collect', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic'), '--no-pictures');
  const before = await listArchives(data);
  const store = await openStore(data);
  const runs = await Promise.all([
    run(['list', '--data', data], { isImpatient: true }),
    run(['collect', '--data', data, '--ipvsadm', printingStep('sequence/005-more-traffic')], { isImpatient: true }),
  ]);
  await store.close();
  for (const ended of runs) {
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^lvs-stats: another process has had the database in .* open for 30 s: try again, or end it\n$/,
    );
  }
  expect(await listArchives(data)).toEqual(before);
});
