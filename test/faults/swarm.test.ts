// Ten processes on one data folder, signalled at random: none of the others fails, no reported cycle is lost, every picture is
// complete, and no file stays behind. LVS_STATS_MINUTES sets the duration, at least a few rounds each; LVS_STATS_SEED sets the
// moments of the signals.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { withStore } from '../../src/store/open.js';
import { listEvents } from '../commands/answers.js';
import { ownFake } from '../commands/fakes.js';
import { readPng } from '../commands/png.js';
import { filesBelow, type Run, run, scratch, start, untilAfter } from '../commands/program.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { newestCycle } from './history.js';

const newFolder = scratch();
const lastsMs = Number(process.env['LVS_STATS_MINUTES'] ?? 0) * 60_000;
const rounds = 4;
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A finished run, and the signal it was sent before it ended. */
interface SignalledRun extends Run {
  readonly command: string;
  readonly sent: NodeJS.Signals | null;
  readonly diedOf: NodeJS.Signals | null;
}

/** Runs the program; two times in five it is sent a signal within `longestMs`. */
async function runOrSignal(args: readonly string[], random: () => number, longestMs: number): Promise<SignalledRun> {
  const { child, ended } = start(args);
  const signal = random() < 0.4 ? (signals[Math.floor(random() * signals.length)] ?? 'SIGTERM') : null;
  const delayMs = random() * longestMs;
  let hasEnded = false;
  const watched = ended.finally(() => {
    hasEnded = true;
  });
  if (signal !== null) await Promise.race([pause(delayMs), watched]);
  const sent = hasEnded ? null : signal;
  if (sent !== null) child.kill(sent);
  return { ...(await watched), command: args.join(' '), sent, diedOf: child.signalCode };
}

/** True if each signal killed some runs, and more than ten ended by themselves. */
function hasEachSignalKilled(ends: readonly SignalledRun[]): boolean {
  const killed = ends.filter(({ diedOf }) => diedOf !== null);
  return signals.every((signal) => killed.some(({ diedOf }) => diedOf === signal)) && ends.length - killed.length > 10;
}

/** The times of the cycles that a run reported. */
function reportedTimes({ stdout }: Run): readonly number[] {
  const reported = stdout.matchAll(/^(\S+) (\S+): \d+ services/gm);
  return [...reported].map(([, day, time]) => Date.parse(`${day}T${time}Z`) / 1000);
}

/** Checks that a run succeeded or died of its signal, and that its only messages are about being overtaken. */
function expectPlainEnd({ status, stderr, command, sent, diedOf }: SignalledRun): void {
  const end = diedOf ?? status;
  expect([0, sent], `${command}, sent ${sent}, ended with ${end}: ${stderr}`).toContain(end);
  expect(stderr, command).toMatch(/^(lvs-stats: another collector has stored .*\n)*$/);
}

/** Checks that all pictures are complete. Pictures that vanish meanwhile were replaced. */
function expectWholePictures(data: string): void {
  const graphs = join(data, 'graphs');
  for (const file of filesBelow(graphs)) if (file.endsWith('.png')) readPng(join(graphs, file));
}

test('ten processes on one data folder, killed at any time, lose no cycle and leave no file behind', async () => {
  const data = newFolder();
  const [record, out] = [join(newFolder('record'), 'listings'), join(newFolder('out'), 'pictures')];
  mkdirSync(record);
  const fake = ['--ipvsadm', ownFake('busy-director')];
  const collect = ['collect', '--data', data, ...fake];
  const startMs = performance.now();
  const first = await run([...collect, '--record', record, '--no-pictures']);
  // Ten at once may each take ten times as long, whatever the number of processors.
  const longestMs = 5 * (performance.now() - startMs);
  expect(first).toMatchObject({ status: 0, stderr: '' });
  const jobs: readonly (readonly string[])[] = [
    collect,
    collect,
    [...collect, '--no-pictures'],
    [...collect, '--no-pictures', '--record', record],
    ['replay', record, '--data', data],
    ['list', '--data', data],
    ['fetch', 'all', '--data', data],
    ['events', '--data', data],
    ['render', '--data', data],
    ['render', '--data', data, '--since', '1d', '--type', 'cps', '--out', out],
  ];
  const untilMs = performance.now() + lastsMs;
  const ends: SignalledRun[] = [];
  const isDone = (done: number): boolean => done >= rounds && performance.now() >= untilMs && hasEachSignalKilled(ends);
  const repeat = async (args: readonly string[], i: number): Promise<void> => {
    const random = randomFrom(seed * 100 + i);
    for (let done = 0; !isDone(done); done += 1) ends.push(await runOrSignal(args, random, longestMs));
  };
  const work = Promise.all(jobs.map(repeat));
  let isWorking = true;
  void work.finally(() => {
    isWorking = false;
  });
  for (; isWorking; await Promise.race([work, pause(1500)])) expectWholePictures(data);
  await work;
  for (const ended of ends) expectPlainEnd(ended);
  expect(hasEachSignalKilled(ends)).toBe(true);

  const reported = [first, ...ends].flatMap(reportedTimes).sort((a, b) => a - b);
  await untilAfter(reported.at(-1) ?? 0);
  for (const args of [collect, ['render', '--data', data], jobs[9] ?? []]) {
    expect(await run(args)).toMatchObject({ status: 0, stderr: '' });
  }
  expect(await withStore(data, newestCycle)).toBeGreaterThan(reported.at(-1) ?? 0);
  const events = await listEvents(data, '192.0.2.1:80');
  const kept = new Set(events.map(({ time }) => time));
  expect(reported.filter((timeS) => timeS >= (events[0]?.time ?? 0) && !kept.has(timeS))).toEqual([]);
  expectWholePictures(data);
  expect(filesBelow(join(data, 'graphs'))).toHaveLength(4 * (3 * graphTypes.length + stackTypes.length));
  expect([...filesBelow(data), ...filesBelow(out)].filter((file) => file.endsWith('.part'))).toEqual([]);
  expect(filesBelow(join(data, 'archives')).length + filesBelow(join(data, 'locks')).length).toBeLessThan(60);
});
