// A week of a large director: what a cycle takes does not grow with the cycles before it, and every row is right at the end.
// In full 1,000 services with a real server each at 5 minutes; else 1,000 services alone, read a little more often than the
// heartbeat asks for.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directorName } from '../../src/model/names/name.js';
import { standardRetention } from '../../src/model/retention.js';
import { withStore } from '../../src/store/open.js';
import { seed } from '../seed.js';
import { hasRrdtool } from '../store/rrdtool.js';
import { expectFlat, type Footprint } from './footprint.js';
import { dayS, isFull } from './form.js';
import { type LifeOptions, nameOf, realServer } from './life.js';
import { judgeByDefinition, judgeByRrdtool, simulate } from './simulate.js';

const days = 7;
const services = 1000;
const startS = 1_763_683_200;
const pace = { ...(isFull ? { paceS: 285, jitterS: 30 } : { paceS: 560, jitterS: 39 }), longestSilenceS: dayS / 4 };
const life: LifeOptions = {
  seed,
  services,
  hasRealServers: isFull,
  startS,
  endS: startS + days * dayS,
  retention: standardRetention,
  ...pace,
};

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-soak-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`after ${days} days of ${services} services`, () => {
  let taken: readonly Footprint[] = [];
  beforeAll(async () => {
    taken = await simulate(dataDir, life, { reopenS: dayS / 4, measureS: dayS / 4 });
  });

  test('the memory in use has not grown', () => {
    const [early, late] = [taken.filter(({ day }) => day > 1 && day < 4), taken.filter(({ day }) => day >= 4)];
    expectFlat(early, late, { what: 'heapBytes', part: 0.05, more: 1e6 });
    expectFlat(early, late, { what: 'residentBytes', part: 0.15, more: 2e7 });
  });

  test('the disk has grown by what the readings take, and no handle was left open', () => {
    const archives = services * (life.hasRealServers ? 2 : 1) + 1;
    const most = Math.max(...taken.map(({ diskBytes }) => diskBytes));
    expect(most / archives / days, 'bytes a day of one archive').toBeLessThan(4000);
    expect(new Set(taken.map(({ handles }) => handles)).size).toBe(1);
  });

  test('every row of some archives is right by its definition', async () => {
    const some = [0, services - 1].map(nameOf);
    const archives = [directorName, ...some, ...(isFull ? some.map((name) => `${name}/${realServer}`) : [])];
    await withStore(dataDir, (store) => judgeByDefinition(store, life, archives));
  });

  test.skipIf(!hasRrdtool)('every row of one is that of rrdtool (needs rrdtool)', async () => {
    await withStore(dataDir, (store) => judgeByRrdtool(store, life, { service: 500, folder }));
  });
});
