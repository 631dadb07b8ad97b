// Power failures at random moments of a replay, collection, maintenance and drawing, on a file system that drops unsynced writes
// (power.ts has the model): every cycle reported as stored is in all archives, and collection resumes. LVS_STATS_CUTS sets the
// number of moments, LVS_STATS_SEED selects them. Needs gcc.

import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEntry } from '../../src/collect/recording.js';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { takeLock } from '../../src/store/lock.js';
import { withStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { printingInTurn } from '../commands/fakes.js';
import { readPng } from '../commands/png.js';
import { filesBelow, run, scratch, untilAfter } from '../commands/program.js';
import { evenPair } from '../commands/recordings.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { type DiskCall, hasGcc, readJournal, useDisk } from './disk.js';
import { type History, newestCycle, readings, recordHistory, recordNext, services, storeNext } from './history.js';
import { afterPowerLoss, type Unsynced } from './power.js';
import { expectSameRows, type Rows, rowsOf } from './rows.js';

const newFolder = scratch();
const disk = useDisk();
const cuts = Number(process.env['LVS_STATS_CUTS'] ?? 60);

const collects = 4;

/** A series of operations, and its result. */
interface Story extends History {
  /** The parent of the data folder, which is called `data`. */
  readonly root: string;
  readonly calls: readonly DiskCall[];
  readonly rows: Rows;
  readonly next: RecordingEntry;
  readonly ipvsadm: string;
}

let story: Story;

/** Runs a replay and some cycles, one of them with pictures, and keeps a journal. */
async function tellStory(): Promise<Story> {
  const history = recordHistory(newFolder);
  const root = realpathSync(newFolder('root'));
  const data = join(root, 'data');
  const journal = join(newFolder('journal'), 'calls');
  const pairs = Array.from({ length: collects + 2 }, (_, n) => evenPair(services, readings + n));
  const ipvsadm = printingInTurn(newFolder('fakes'), pairs);
  const options = { env: disk.watched(root, journal) };
  expect(await run(['replay', history.record, '--data', data], options)).toMatchObject({ status: 0, stderr: '' });
  for (let i = 1; i <= collects; i += 1) {
    await untilAfter(Math.floor(Date.now() / 1000));
    const pictures = i === 2 ? [] : ['--no-pictures'];
    const ended = await run(['collect', '--data', data, '--ipvsadm', ipvsadm, ...pictures], options);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
  }
  const rows = await withStore(data, (store) => rowsOf(store, history.lateS, Date.now() / 1000 + 300));
  const next = recordNext(newFolder, readings + collects);
  return { ...history, root, calls: readJournal(journal), rows, next, ipvsadm };
}

/** The last time that standard output has reported as stored; 0 before the first. */
function acknowledgedS(calls: readonly DiskCall[]): number {
  const said = calls.findLast(({ letter }) => letter === 'A')?.bytes.toString() ?? '';
  const time = /^(\S+) (\S+): \d+ services/.exec(said);
  if (time !== null) return Date.parse(`${time[1]}T${time[2]}Z`) / 1000;
  return said === '' ? 0 : story.lastS;
}

/** Checks the archives and stores the next reading; returns the time of the newest reading before it. */
async function checkAndStoreNext(store: Store, calls: readonly DiskCall[], unsynced: Unsynced): Promise<number> {
  const lastS = await newestCycle(store);
  expect(lastS).toBeGreaterThanOrEqual(acknowledgedS(calls));
  const { startS, endS } = story.rows;
  // Missing pages of an unsynced log are missing cycles in the middle of a replay, as if they were never read.
  const untilS = unsynced === 'patchy' ? acknowledgedS(calls) : lastS;
  expectSameRows(await rowsOf(store, startS, endS), story.rows, untilS);
  await storeNext(store, story.next);
  return lastS;
}

/** The machine has just booted after the power failure, which tells the program which pictures to check. */
const justStarted = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    "import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module'; os.uptime = () => 0; syncBuiltinESMExports();",
  )}`,
};

describe.skipIf(!hasGcc)('after a power failure (needs gcc)', () => {
  beforeAll(async () => {
    story = await tellStory();
  });

  test('the journal is complete', () => {
    expect(story.calls.filter(({ letter }) => letter === 'A')).toHaveLength(1 + collects);
    expect(acknowledgedS(story.calls)).toBeGreaterThan(story.lastS);
    expect(new Set(story.calls.map(({ letter }) => letter))).toEqual(new Set('ACDEGMNOSTUW'));
  });

  test('the log was written and synced before each reported cycle', () => {
    const log = /\/data\/archives\/\d+\.log$/;
    const reports = story.calls.flatMap(({ letter }, i) => (letter === 'A' ? [i] : []));
    for (const [i, at] of reports.entries()) {
      const between = story.calls.slice(reports[i - 1] ?? 0, at).filter(({ path }) => log.test(path));
      expect(between.map(({ letter }) => letter).join('')).toContain('WS');
    }
  });

  test.each<Unsynced>(['dropped', 'torn', 'patchy'])(
    `every cycle reported as stored is there, at ${cuts} moments, with unsynced writes %s`,
    async (unsynced) => {
      const random = randomFrom(seed);
      const newest = new Set<number>();
      for (let i = 0; i < cuts; i += 1) {
        const calls = story.calls.slice(0, Math.floor(random() * (story.calls.length + 1)));
        const target = newFolder('rebuilt');
        afterPowerLoss(story.root, target, { calls, unsynced, random });
        const data = join(target, 'data');
        mkdirSync(data, { recursive: true });
        try {
          for (const name of ['collect', 'draw'] as const) await (await takeLock(data, name, 0))?.release();
          newest.add(await withStore(data, (store) => checkAndStoreNext(store, calls, unsynced)));
        } catch (error) {
          throw new Error(`moment ${i}, after call ${calls.length} of ${story.calls.length}`, { cause: error });
        }
        rmSync(target, { recursive: true });
      }
      expect(newest.size).toBeGreaterThan(2);
    },
  );

  test('the next collect takes the locks and redraws lost pictures', async () => {
    for (const unsynced of ['dropped', 'torn'] as const) {
      const target = newFolder('rebuilt');
      afterPowerLoss(story.root, target, { calls: story.calls, unsynced, random: randomFrom(seed) });
      const data = join(target, 'data');
      const ended = await run(['collect', '--data', data, '--ipvsadm', story.ipvsadm], { env: justStarted });
      expect(ended, unsynced).toMatchObject({ status: 0, stderr: '' });
      const graphs = join(data, 'graphs');
      expect(filesBelow(graphs)).toHaveLength(4 * (services * graphTypes.length + stackTypes.length));
      for (const file of filesBelow(graphs)) readPng(join(graphs, file));
    }
  });
});
