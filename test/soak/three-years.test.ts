// A small director, until every round-robin archive has gone round: memory and disk stay flat, and every row is right at the end.
// In full, three years of 20 services at 5 minutes with the standard rows. Otherwise two services whose rows are kept a quarter as
// long, for as long as the longest archive reaches and some weeks more, read a little more often than the heartbeat asks for.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directorName } from '../../src/model/names/name.js';
import { parseRetention, reachOf, standardRetention } from '../../src/model/retention.js';
import { withStore } from '../../src/store/open.js';
import { seed } from '../seed.js';
import { hasRrdtool } from '../store/rrdtool.js';
import { expectFlat, type Footprint } from './footprint.js';
import { dayS, isFull } from './form.js';
import { type LifeOptions, nameOf, realServer } from './life.js';
import { judgeByDefinition, judgeByRrdtool, simulate } from './simulate.js';

const retention = isFull ? standardRetention : parseRetention('5m:25d,30m:25d,2h:50d,1d:200d');
const reachDays = retention.rras.map((rra) => reachOf(retention, rra) / dayS);
const [finestDays, longestDays] = [Math.min(...reachDays), Math.max(...reachDays)];
const startS = 1_763_683_200;
const form = isFull
  ? { services: 20, days: 3 * 365, paceS: 285, jitterS: 30 }
  : { services: 2, days: longestDays + 33, paceS: 560, jitterS: 39 };
const life: LifeOptions = {
  seed,
  ...form,
  hasRealServers: true,
  longestSilenceS: 7 * dayS,
  retention,
  startS,
  endS: startS + form.days * dayS,
};

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-soak-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`after ${form.days} days of ${form.services} services`, () => {
  let taken: readonly Footprint[] = [];
  beforeAll(async () => {
    taken = await simulate(dataDir, life, { reopenS: (isFull ? 1 : 3) * dayS, measureS: 3 * dayS });
  });

  /** Early: the finest archives have gone round. Late: all of them have. */
  const early = (): readonly Footprint[] => taken.filter(({ day }) => day > finestDays + 1 && day <= longestDays);
  const late = (): readonly Footprint[] => taken.filter(({ day }) => day > longestDays);

  test('the memory in use has not grown', () => {
    expectFlat(early(), late(), { what: 'heapBytes', part: 0.05, more: 1e6 });
    expectFlat(early(), late(), { what: 'residentBytes', part: 0.1, more: 1e7 });
  });

  test('the disk has not grown since the longest archive went round', () => {
    expectFlat(early(), late(), { what: 'diskBytes', part: 0.15, more: 0 });
    expectFlat(early(), late(), { what: 'files', part: 0.2, more: 4 });
    const archives = 1 + 2 * form.services;
    for (const { diskBytes } of late())
      expect(diskBytes / archives, 'bytes of one archive').toBeLessThan(isFull ? 700_000 : 175_000);
  });

  test('no handle was left open', () => {
    expect(new Set(taken.map(({ handles }) => handles)).size).toBe(1);
  });

  test('every row of every archive is right by its definition', async () => {
    const services = Array.from({ length: Math.min(3, form.services) }, (_, i) => nameOf(i));
    const archives = [directorName, ...services, `${nameOf(0)}/${realServer}`];
    await withStore(dataDir, (store) => judgeByDefinition(store, life, archives));
  });

  test.skipIf(!hasRrdtool)('every row is that of rrdtool (needs rrdtool)', async () => {
    await withStore(dataDir, (store) => judgeByRrdtool(store, life, { service: form.services - 1, folder }));
  });
});
