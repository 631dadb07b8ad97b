// A disk that is full, read-only, broken or forbidden, or runs out of file handles, from any call of a cycle (disk.c): a clear
// error and exit 1, complete cycles and pictures, and the next cycle resumes when the fault is over. LVS_STATS_FAULTS sets the
// number of calls for each kind of fault, spread over all of them; LVS_STATS_SEED selects them. Needs gcc.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { withStore } from '../../src/store/open.js';
import { readPng } from '../commands/png.js';
import { filesBelow, type Run, run, scratch, untilAfter } from '../commands/program.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { type Failing, type Fault, faults, hasGcc, readJournal, useDisk } from './disk.js';
import { type Base, copyBase, makeBase, newestCycle, services, storeNext } from './history.js';
import { expectSameRows, rowsOf } from './rows.js';

const newFolder = scratch();
const disk = useDisk();
const places = Number(process.env['LVS_STATS_FAULTS'] ?? 4);
const random = randomFrom(seed);
const all = Object.keys(faults) as Fault[];

/** The system's words for the errors. */
const words: Readonly<Record<Fault, RegExp>> = {
  'a full disk': /no space left/i,
  'a read-only disk': /read-only/i,
  'a disk that cannot be read': /input\/output|i\/o error/i,
  'a disk that cannot be written': /input\/output|i\/o error/i,
  'a folder without permission': /permission/i,
  'too few file handles': /too many open files/i,
};

let base: Base;

/** The letters of the calls of a faultless cycle, without and with pictures. */
let letters: readonly string[];
let withPictures: readonly string[];

function collectInto(data: string, ...options: readonly string[]): readonly string[] {
  return ['collect', '--data', data, '--ipvsadm', base.ipvsadm, ...options];
}

/** The letters of the calls of a faultless cycle. */
async function lettersOf(...options: readonly string[]): Promise<readonly string[]> {
  const [data, journal] = [copyBase(base, newFolder), join(newFolder('journal'), 'calls')];
  const ended = await run(collectInto(data, ...options), { env: disk.watched(data, journal) });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return readJournal(journal).map(({ letter }) => letter);
}

/** Checks that a run succeeded, or failed with the system's words in a clear message. */
function expectPlainEnd({ status, stdout, stderr }: Run, fault: Fault): void {
  expect([0, 1], `${status}, ${stdout}, ${stderr}`).toContain(status);
  expect(stderr).toMatch(/^(lvs-stats: .*\n)*$/);
  expect(stderr).not.toMatch(/bug in lvs-stats|defect/);
  if (status === 1) expect(stderr).toMatch(words[fault]);
  else expect(stdout).toMatch(/\d+ services/);
}

/** Collects on a failing disk and checks that the data is complete. Returns the run and the data folder. */
async function collectFailing(failing: Failing, options: readonly string[]): Promise<{ ended: Run; data: string }> {
  const data = copyBase(base, newFolder);
  const ended = await run(collectInto(data, ...options), { env: disk.failing(data, failing) });
  expectPlainEnd(ended, failing.fault);
  const reported = /^(\S+) (\S+): \d+ services/.exec(ended.stdout);
  const reportedS = reported === null ? base.lastS : Date.parse(`${reported[1]}T${reported[2]}Z`) / 1000;
  await withStore(data, async (store) => {
    expect(await newestCycle(store)).toBeGreaterThanOrEqual(reportedS);
    expectSameRows(await rowsOf(store, base.rows.startS, base.rows.endS), base.rows, base.lastS);
    if (options.length > 0) await storeNext(store, base.next);
  });
  return { ended, data };
}

/** Spreads `places` numbers over `total` calls, or returns all if there are fewer. */
function spread(total: number): readonly number[] {
  const count = Math.min(total, places);
  const at = (i: number): number => i + (count === total ? 0 : random());
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((at(i) * total) / count));
}

describe.skipIf(!hasGcc)('(needs gcc) a cycle on', () => {
  beforeAll(async () => {
    base = await makeBase(newFolder);
    letters = await lettersOf('--no-pictures');
    withPictures = await lettersOf();
  });

  test.concurrent.each(all)('%s is stored completely or not at all, and collection resumes', async (fault) => {
    const failed: Run[] = [];
    const total = callsBy(letters, fault);
    expect(total).toBeGreaterThan(10);
    for (const [i, from] of spread(total).entries()) {
      const failing = { fault, from, count: i % 2 };
      try {
        const { ended } = await collectFailing(failing, ['--no-pictures']);
        if (ended.status === 1) failed.push(ended);
      } catch (error) {
        throw new Error(`call ${from} of ${total}${i % 2 === 0 ? ' and all later ones' : ''}`, { cause: error });
      }
    }
    expect(failed.length).toBeGreaterThan(0);
  });

  test.concurrent.each(all)('%s leaves only complete pictures, and the next cycle draws the rest', async (fault) => {
    const [first, last] = [callsBy(letters, fault), callsBy(withPictures, fault)];
    for (let i = 0; i < places / 4; i += 1) {
      const from = first + 1 + Math.floor(random() * (last - first));
      try {
        await drawFailing({ fault, from, count: i % 2 });
      } catch (error) {
        throw new Error(`call ${from} of ${last}${i % 2 === 0 ? ' and all later ones' : ''}`, { cause: error });
      }
    }
  });
});

/** Draws on a failing disk; checks that all pictures are complete and that the next cycle draws the rest. */
async function drawFailing(failing: Failing): Promise<void> {
  const { data } = await collectFailing(failing, []);
  expectWholePictures(data);
  await untilAfter(Date.now() / 1000);
  expect(await run(collectInto(data))).toMatchObject({ status: 0, stderr: '' });
  expect(expectWholePictures(data)).toBe(4 * (services * graphTypes.length + stackTypes.length));
  expect(filesBelow(data).filter((file) => file.endsWith('.part'))).toEqual([]);
}

/** Returns the number of pictures. */
function expectWholePictures(data: string): number {
  const graphs = join(data, 'graphs');
  const pictures = filesBelow(graphs).filter((file) => file.endsWith('.png'));
  for (const file of pictures) readPng(join(graphs, file));
  return pictures.length;
}

function callsBy(calls: readonly string[], fault: Fault): number {
  return calls.filter((letter) => faults[fault].calls.includes(letter)).length;
}
