// An imbalance of known size in a real kernel's table (fixtures/ipvs/uneven): one of three real servers under round robin had
// weight 0 between the readings, as when its check fails and recovers, so that no reading shows it. Of 90 connections a reading it
// got 10 from the fourth on, where a third was promised; weights of 3 and 1 beside it were kept.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realServersByService } from '../../src/model/service/real-servers.js';
import { readServiceStacks } from '../../src/render/files/service-stacks.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { cyclesOf, firstStepS } from '../collect/step-captures.js';

const cycles = cyclesOf('uneven');
const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-uneven-'));
let store: Store;

beforeAll(async () => {
  store = await openStore(folder);
  for (const cycle of cycles) await store.append(cycle, false);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** The sentence on the stack of a service's new connections, after a number of readings. */
async function sentenceOf(name: string, readings: number): Promise<string | undefined> {
  const archives = await store.list();
  const service = archives.find((one) => one.name === name);
  if (service === undefined) throw new Error(`there is no ${name}`);
  const realServers = realServersByService(archives).get(name) ?? [];
  const span = { startS: firstStepS, endS: firstStepS + 300 * (readings - 1), label: '30 min' };
  const wanted = { service, realServers, set: { span, rowS: 300, pdpS: 300 }, hosts: new Map(), timeZone: 'UTC' };
  return (await readServiceStacks(store, wanted)).rs_cps.fair?.sentence;
}

test('an imbalance is reported with its share, the promise and its start', async () => {
  expect(await sentenceOf('10.9.1.20_80', 7)).toBe(
    '10.1.0.13:80 takes 11 % of new connections, even share 33 %, since 22:25',
  );
});

test('an imbalance is not reported after two readings, nor if the weights were kept', async () => {
  expect(await sentenceOf('10.9.1.20_80', 5)).toBe('');
  expect(await sentenceOf('10.9.1.21_80', 7)).toBe('');
});

test('a change that no reading shows is not reported', () => {
  expect(cycles.slice(1).flatMap(({ events }) => events)).toEqual([]);
});
