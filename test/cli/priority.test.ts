// Drawing yields to the traffic: its threads have the lowest priority.

import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printingStep } from '../commands/fakes.js';
import { succeedHere } from '../commands/here.js';
import { run, scratch } from '../commands/program.js';
import { evenPair, recordPair } from '../commands/recordings.js';

const newFolder = scratch();

/**
 * Preloaded into the program: records at exit the nice value of every thread: field 19 of /proc/self/task/TID/stat
 * (proc_pid_stat(5)), the 17th after the name.
 */
const observer = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => {
  const nice = readdirSync('/proc/self/task').map((tid) =>
    Number(readFileSync('/proc/self/task/' + tid + '/stat', 'latin1').split(') ')[1].split(' ')[16]));
  writeFileSync(process.env.LVS_STATS_TEST_NICE, JSON.stringify(nice));
});`;

async function niceValuesOf(args: readonly string[]): Promise<readonly number[]> {
  const niceFile = join(newFolder('nice'), 'nice.json');
  const env = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(observer)}`,
    LVS_STATS_TEST_NICE: niceFile,
  };
  expect(await run(args, { env })).toMatchObject({ status: 0 });
  return JSON.parse(readFileSync(niceFile, 'utf8')) as readonly number[];
}

describe('all threads have the lowest priority', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  for (let n = 0; n < 3; n += 1) recordPair(record, 1_700_000_100 + n * 300, evenPair(1, n));
  await succeedHere('replay', record, '--data', data);

  test.each<[command: string, args: readonly string[]]>([
    ['collect', ['collect', '--ipvsadm', printingStep('sequence/003-traffic'), '--data', newFolder()]],
    ['picture', ['picture', '192.0.2.1:80', 'cps', '--data', data]],
    ['render', ['render', '--data', data]],
    ['render of a span', ['render', '--since', '1d', '--out', newFolder('out'), '--data', data]],
    ['demo', ['demo', '--no-serve', '--services', '1', '--since', '1d', '--data', newFolder()]],
  ])('of %s', async (_command, args) => {
    const values = await niceValuesOf(args);
    expect(values.length).toBeGreaterThan(4);
    expect(new Set(values)).toEqual(new Set([19]));
  });
});

test('a command that only reads and stores keeps its priority', async () => {
  const data = newFolder();
  const values = await niceValuesOf([
    'collect',
    '--no-pictures',
    '--ipvsadm',
    printingStep('sequence/003-traffic'),
    '--data',
    data,
  ]);
  expect(new Set(values)).toEqual(new Set([getPriority()]));
});
