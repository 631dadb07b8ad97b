// Flipped bits and truncated files in the database: queries return the old rows or an error with the remedy, never another
// number. After a repair, lost rows are unknown and all others unchanged. LVS_STATS_FLIPS sets the number of each,
// LVS_STATS_REPAIRS how many are repaired, LVS_STATS_SEED which.

import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openStore, withStore } from '../../src/store/open.js';
import { run, scratch, succeed, untilAfter } from '../commands/program.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import {
  type Answers,
  askAll,
  expectEarlierOrDamaged,
  expectSameOrDamaged,
  expectSameOrUnknown,
  type Questions,
} from './answers.js';
import { type Base, copyBase, makeBase } from './history.js';

const newFolder = scratch();
const flips = Number(process.env['LVS_STATS_FLIPS'] ?? 150);
const repairs = Number(process.env['LVS_STATS_REPAIRS'] ?? 2);

let base: Base;
let questions: Questions;
let before: Answers;

beforeAll(async () => {
  base = await makeBase(newFolder);
  await succeed('collect', '--data', base.data, '--ipvsadm', base.ipvsadm, '--no-pictures');
  await untilAfter(Date.now() / 1000);
  expect(readdirSync(join(base.data, 'archives')).some((name) => name.endsWith('.log'))).toBe(true);
  const names = [...base.rows.columns.keys()];
  questions = { names, endS: base.lastS + 300, days: 110 };
  before = await askAll(copyBase(base, newFolder), questions);
  expect([...before.keys()]).toHaveLength(2 + names.length * 8);
});

/** Damage to one file of the database. */
interface Harm {
  readonly file: string;
  readonly at: number;
  /** The flipped bit of that byte; null if the file is truncated before it. */
  readonly bit: number | null;
}

/** Draws damage to a file that matters: not to LevelDB's text log or lock. */
function drawHarm(random: () => number, isFlip: boolean): Harm {
  const archives = join(base.data, 'archives');
  const files = readdirSync(archives).filter((name) => !/^LOG|^LOCK$/.test(name));
  const sizes = files.map((name) => readFileSync(join(archives, name)).length);
  const full = files.filter((_, i) => (sizes[i] ?? 0) > 0);
  const file = full[Math.floor(random() * full.length)] ?? '';
  const at = Math.floor(random() * (sizes[files.indexOf(file)] ?? 0));
  return { file, at, bit: isFlip ? Math.floor(random() * 8) : null };
}

function harm(data: string, { file, at, bit }: Harm): void {
  const path = join(data, 'archives', file);
  if (bit === null) truncateSync(path, at);
  else {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    writeFileSync(path, bytes);
  }
}

function described({ file, at, bit }: Harm): string {
  return bit === null ? `${file} cut off at ${at}` : `bit ${bit} of byte ${at} of ${file}`;
}

/** Tries that many damages; `check` gets the damaged data folder. */
async function tryHarms(
  count: number,
  isFlip: boolean,
  check: (data: string, file: string) => Promise<void>,
): Promise<void> {
  const random = randomFrom(seed);
  for (let i = 0; i < count; i += 1) {
    const one = drawHarm(random, isFlip);
    const data = copyBase(base, newFolder);
    harm(data, one);
    try {
      await check(data, one.file);
    } catch (error) {
      throw new Error(`seed ${seed}, number ${i}: ${described(one)}`, { cause: error });
    }
    rmSync(dirname(data), { recursive: true });
  }
}

/** Checks that every answer from a damaged folder is right or an error. */
async function expectNoOtherAnswer(data: string, file: string): Promise<void> {
  const answers = await askAll(data, questions);
  if (file.endsWith('.log')) expectEarlierOrDamaged(answers, before);
  else expectSameOrDamaged(answers, before);
}

/** Repairs a damaged folder; checks the output, the set-aside files and the remaining rows. */
async function repairAndCheck(data: string): Promise<void> {
  const ended = await run(['repair', '--data', data]);
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/\S/) });
  const aside = readdirSync(data).filter((name) => /^archives\.damaged-\d+$/.test(name));
  expect(aside).toHaveLength(1);
  expectSameOrUnknown(await askAll(data, questions), before);
  expect(await run(['collect', '--data', data, '--ipvsadm', base.ipvsadm, '--no-pictures'])).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(await run(['list', '--data', data])).toMatchObject({ status: 0, stderr: '' });
}

describe('a damaged database', () => {
  test(`with one flipped bit, ${flips} times, answers as before or reports the damage`, () =>
    tryHarms(flips, true, expectNoOtherAnswer));

  test(`with a truncated file, ${flips} times, returns no wrong number`, () =>
    tryHarms(flips, false, expectNoOtherAnswer));

  test(`is repaired as far as possible, ${repairs} flips and truncations`, async () => {
    for (const isFlip of [true, false]) {
      await tryHarms(repairs, isFlip, async (data) => {
        const answers = [...(await askAll(data, questions)).values()];
        if (answers.some((answer) => answer instanceof Error)) await repairAndCheck(data);
      });
    }
    const lost = copyBase(base, newFolder);
    for (const name of readdirSync(join(lost, 'archives'))) {
      if (name.startsWith('MANIFEST')) rmSync(join(lost, 'archives', name));
    }
    await repairAndCheck(lost);
  });

  test('makes every command that needs it fail with the remedy, and leaves the pictures unchanged', async () => {
    const data = copyBase(base, newFolder);
    for (const name of readdirSync(join(data, 'archives'))) {
      if (/^MANIFEST|\.ldb$/.test(name)) truncateSync(join(data, 'archives', name), 5);
    }
    const graphs = join(data, 'graphs', 'day');
    mkdirSync(graphs, { recursive: true });
    writeFileSync(join(graphs, 'all-cps.png'), 'a picture');
    const collect = ['collect', '--ipvsadm', base.ipvsadm];
    const commands = [collect, ['list'], ['fetch', 'all'], ['events'], ['render'], ['replay', base.record]];
    for (const args of commands) {
      const ended = await run([...args, '--data', data]);
      expect(ended, args[0]).toMatchObject({ status: 1, stdout: '' });
      expect(ended.stderr, args[0]).toMatch(/^lvs-stats: .*damaged.*lvs-stats repair.*\n$/);
    }
    expect(readFileSync(join(graphs, 'all-cps.png'), 'utf8')).toBe('a picture');
  });
});

describe('"repair"', () => {
  test('reports a sound database and changes nothing', async () => {
    const data = copyBase(base, newFolder);
    expect(await run(['repair', '--data', data])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/not damaged|nothing/i),
    });
    expect(readdirSync(data).filter((name) => name.startsWith('archives'))).toEqual(['archives']);
    expect(await askAll(data, questions)).toEqual(before);
  });

  test('rejects a database that another process has open', async () => {
    const data = copyBase(base, newFolder);
    const store = await openStore(data);
    const ended = await run(['repair', '--data', data]);
    expect(ended).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^lvs-stats: another process/),
    });
    await store.close();
    expect(await withStore(data, (one) => one.list())).toEqual(before.get('list'));
  });
});
