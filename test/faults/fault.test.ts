// A disk that is full, read-only, broken or forbidden, or no file handle left, from any call on that a cycle makes (disk.c):
// a clear error and exit 1, whole cycles and whole pictures, and the next cycle goes on as soon as the fault is gone.
// LVS_STATS_FAULTS is how many calls of each kind of fault, spread over all of them; LVS_STATS_SEED which. Needs gcc.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { withStore } from '../../src/store/open.js';
import { readPng } from '../commands/png.js';
import { filesBelow, type Run, run, scratch, untilAfter } from '../commands/program.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { type Failing, type Fault, faults, hasGcc, readJournal, useDisk } from './disk.js';
import { type Base, copyBase, goOn, makeBase, newestCycle, services } from './history.js';
import { expectSameRows, rowsOf } from './rows.js';

const newFolder = scratch();
const disk = useDisk();
const places = Number(process.env['LVS_STATS_FAULTS'] ?? 4);
const random = randomFrom(seed);
const all = Object.keys(faults) as Fault[];

/** The system's names of the errors. */
const words: Readonly<Record<Fault, RegExp>> = {
  'a full disk': /no space left/i,
  'a read-only disk': /read-only/i,
  'a disk that cannot be read': /input\/output|i\/o error/i,
  'a disk that cannot be written': /input\/output|i\/o error/i,
  'a folder without permission': /permission/i,
  'too few file handles': /too many open files/i,
};

let base: Base;

/** The calls of a faultless cycle, by their letters, and of one that draws too. */
let letters: readonly string[];
let withPictures: readonly string[];

function collectInto(data: string, ...options: readonly string[]): readonly string[] {
  return ['collect', '--data', data, '--ipvsadm', base.ipvsadm, ...options];
}

/** The calls that a faultless cycle makes. */
async function lettersOf(...options: readonly string[]): Promise<readonly string[]> {
  const [data, journal] = [copyBase(base, newFolder), join(newFolder('journal'), 'calls')];
  const ended = await run(collectInto(data, ...options), { env: disk.watched(data, journal) });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return readJournal(journal).map(({ letter }) => letter);
}

/** Ended as it should: done, or failed with the system's words and no others than for people. */
function expectPlainEnd({ status, stdout, stderr }: Run, fault: Fault): void {
  expect([0, 1], `${status}, ${stdout}, ${stderr}`).toContain(status);
  expect(stderr).toMatch(/^(lvs-stats: .*\n)*$/);
  expect(stderr).not.toMatch(/bug in lvs-stats|defect/);
  if (status === 1) expect(stderr).toMatch(words[fault]);
  else expect(stdout).toMatch(/\d+ services/);
}

/** Collects on a failing disk; what is there then must be whole. Returns how that ended, and the data folder. */
async function collectFailing(failing: Failing, options: readonly string[]): Promise<{ ended: Run; data: string }> {
  const data = copyBase(base, newFolder);
  const ended = await run(collectInto(data, ...options), { env: disk.failing(data, failing) });
  expectPlainEnd(ended, failing.fault);
  const told = /^(\S+) (\S+): \d+ services/.exec(ended.stdout);
  const toldS = told === null ? base.lastS : Date.parse(`${told[1]}T${told[2]}Z`) / 1000;
  await withStore(data, async (store) => {
    expect(await newestCycle(store)).toBeGreaterThanOrEqual(toldS);
    expectSameRows(await rowsOf(store, base.rows.startS, base.rows.endS), base.rows, base.lastS);
    if (options.length > 0) await goOn(store, base.next);
  });
  return { ended, data };
}

/** Places spread over so many calls: `places` of them, or all when these are fewer. */
function spread(total: number): readonly number[] {
  const count = Math.min(total, places);
  const at = (i: number): number => i + (count === total ? 0 : random());
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((at(i) * total) / count));
}

describe.skipIf(!hasGcc)('(skipped: needs gcc) a cycle on', () => {
  beforeAll(async () => {
    base = await makeBase(newFolder);
    letters = await lettersOf('--no-pictures');
    withPictures = await lettersOf();
  });

  test.concurrent.each(all)('%s is stored whole or not at all, and collecting can resume', async (fault) => {
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

  test.concurrent.each(all)('%s leaves whole pictures, and the next one draws the rest', async (fault) => {
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

/** Draws on a failing disk: what is there is whole, and the next cycle draws the rest. */
async function drawFailing(failing: Failing): Promise<void> {
  const { data } = await collectFailing(failing, []);
  expectWholePictures(data);
  await untilAfter(Date.now() / 1000);
  expect(await run(collectInto(data))).toMatchObject({ status: 0, stderr: '' });
  expect(expectWholePictures(data)).toBe(4 * (services * graphTypes.length + stackTypes.length));
  expect(filesBelow(data).filter((file) => file.endsWith('.part'))).toEqual([]);
}

/** Returns how many there are. */
function expectWholePictures(data: string): number {
  const graphs = join(data, 'graphs');
  const pictures = filesBelow(graphs).filter((file) => file.endsWith('.png'));
  for (const file of pictures) readPng(join(graphs, file));
  return pictures.length;
}

function callsBy(calls: readonly string[], fault: Fault): number {
  return calls.filter((letter) => faults[fault].calls.includes(letter)).length;
}
