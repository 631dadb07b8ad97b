// kill -9 at random moments of maintenance (sealing, day rows, expiry) and of drawing: all archives end at the same cycle, every
// picture is complete, no file stays behind, and the next run reaches the result of an undisturbed one.
// test/commands/crash.test.ts kills replays and collection. LVS_STATS_KILLS sets the minimum number of kills, LVS_STATS_SEED when.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { withStore } from '../../src/store/open.js';
import { readPng } from '../commands/png.js';
import { filesBelow, run, scratch, start, succeed } from '../commands/program.js';
import { evenPair, recordPair } from '../commands/recordings.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { askAll } from './answers.js';
import { makeBase, newestCycle, services } from './history.js';

const newFolder = scratch();
const kills = Math.ceil(Number(process.env['LVS_STATS_KILLS'] ?? 10) / 2);

const many = 12;
const startS = 1_700_006_400;

/** Factors of the next run's time limit: after a kill that came too early, and after a run that ended before its kill. */
const [longer, shorter] = [1.2, 0.8];

/** Runs the program and kills it after `delayMs`, unless it has ended. */
async function isKilled(args: readonly string[], delayMs: number): Promise<boolean> {
  const { child, ended } = start(args);
  await Promise.race([pause(delayMs), ended]);
  child.kill('SIGKILL');
  const { status, stderr } = await ended;
  expect([status, stderr]).toEqual([status === null ? null : 0, '']);
  return status === null;
}

/** Three readings every ten days, then every ten hours: almost all end a window, most end a day, and late ones expire a day. */
function recordMaintenance(): { record: string; lastS: number } {
  const record = newFolder('record');
  const early = Array.from({ length: 10 }, (_, i) => i * 240);
  const late = Array.from({ length: 30 }, (_, i) => 2400 + i * 10);
  let [cycles, lastS] = [0, 0];
  for (const hours of [...early, ...late]) {
    for (const i of [0, 1, 2]) {
      lastS = startS + hours * 3600 + i * 300;
      recordPair(record, lastS, evenPair(many, cycles));
      cycles += 1;
    }
  }
  return { record, lastS };
}

test.concurrent(`maintenance that is killed ${kills} times reaches the same result as without kills`, async () => {
  const random = randomFrom(seed + 2);
  const { record, lastS } = recordMaintenance();
  const replay = (data: string): readonly string[] => ['replay', record, '--data', data];
  const undisturbed = newFolder();
  const startMs = performance.now();
  await succeed(...replay(undisturbed));
  let longestMs = performance.now() - startMs;
  const questions = { names: ['all', '192.0.2.7_80', '192.0.2.12_80/10.0.0.12_8080'], endS: lastS + 300, days: 120 };
  const expected = await askAll(undisturbed, questions);
  let [data, newest, interrupted] = [newFolder(), 0, 0];
  for (let i = 0; i < kills || interrupted === 0; i += 1) {
    const wasKilled = await isKilled(replay(data), random() * longestMs);
    const now = await withStore(data, newestCycle);
    expect(now).toBeGreaterThanOrEqual(newest);
    if (now > newest && now < lastS) interrupted += 1;
    else if (wasKilled) longestMs *= longer;
    newest = now;
    if (wasKilled) continue;
    expect(await askAll(data, questions)).toEqual(expected);
    longestMs *= shorter;
    [data, newest] = [newFolder(), 0];
  }
  expect(await run(replay(data))).toMatchObject({ status: 0, stderr: '' });
  expect(await askAll(data, questions)).toEqual(expected);
});

test.concurrent(`drawing that is killed ${kills} times leaves only complete pictures, and the next run draws the rest`, async () => {
  const random = randomFrom(seed + 3);
  const { data, lastS } = await makeBase(newFolder);
  const [graphs, render] = [join(data, 'graphs'), ['render', '--data', data]];
  const startMs = performance.now();
  await succeed(...render);
  rmSync(graphs, { recursive: true });
  let [longestMs, interrupted] = [performance.now() - startMs, 0];
  for (let i = 0; i < kills || interrupted === 0; i += 1) {
    const wasKilled = await isKilled(render, random() * longestMs);
    expect(await withStore(data, newestCycle)).toBe(lastS);
    const count = wholePictures(graphs);
    if (wasKilled && count > 0) interrupted += 1;
    else if (wasKilled) longestMs *= longer;
    if (wasKilled) continue;
    expect(count).toBe(4 * (services * graphTypes.length + stackTypes.length));
    longestMs *= shorter;
    rmSync(graphs, { recursive: true });
  }
  expect(await run(render)).toMatchObject({ status: 0, stderr: '' });
  expect(wholePictures(graphs)).toBe(4 * (services * graphTypes.length + stackTypes.length));
  expect(filesBelow(data).filter((file) => file.endsWith('.part'))).toEqual([]);
});

/** Checks every picture and returns their number. */
function wholePictures(graphs: string): number {
  const pictures = filesBelow(graphs).filter((file) => file.endsWith('.png'));
  for (const file of pictures) readPng(join(graphs, file));
  return pictures.length;
}
