import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeCycle } from '../../src/cycle/store-cycle.js';
import type { FindingGround } from '../../src/interpret/findings/find.js';
import type { UsualWeek } from '../../src/interpret/findings/usual.js';
import { emptyState } from '../../src/model/cycle.js';
import { openStore } from '../../src/store/open.js';
import { untilAnswered } from '../../src/store/shared/resume.js';
import { archivesFrom, perform } from '../../src/store/shared/verbs.js';
import type { Store } from '../../src/store/store.js';
import { StoreError } from '../../src/store/store-error.js';
import { cycleAfter, firstS } from '../store/sample-cycles.js';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-store-cycle-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Stores a cycle through a process that ends the connection at the first requests for baselines. */
async function storeThrough(losses: number) {
  const [weeks, counts] = [[] as (UsualWeek | null)[], { opened: 0, lost: 0, stored: 0 }];
  const archives = archivesFrom((name, args) => {
    if (name === 'append') counts.stored += 1;
    if (name !== 'baselines' || counts.lost === losses) return perform(store, name, args);
    counts.lost += 1;
    return Promise.reject(new StoreError('connection-lost', 'lvs-stats serve (pid 1) ended before it answered'));
  });
  const open = async () => {
    counts.opened += 1;
    return { ...archives, close: async () => {} };
  };
  const judged = ({ usual = null }: Pick<FindingGround, 'usual'>) => {
    weeks.push(usual);
    return cycleAfter(emptyState);
  };
  const stored = await storeCycle((use) => untilAnswered(open, use), {
    ...{ previous: emptyState, timeS: firstS, judged },
    hasRoom: true,
  });
  return { ...counts, stored: counts.stored, weeks: weeks.map((week) => week !== null), timeS: stored.cycle.timeS };
}

test.each([
  ['judges by the usual week and stores, with the archives opened once', 0, { opened: 1, weeks: [true] }],
  ['reads the usual week again when the process that holds the archives dies', 1, { opened: 2, weeks: [true] }],
  ['does without it when that process always ends the connection', 99, { opened: 3, weeks: [false] }],
])('the end of a cycle %s', async (_, losses, expected) => {
  expect(await storeThrough(losses)).toMatchObject({ ...expected, stored: 1, timeS: firstS });
  expect((await store.latest()).timeS).toBe(firstS);
});
