// The cache of baselines finds what the database has: it forgets an hour when records of its shifts change, and only then.

import { expect, test } from 'vitest';
import { type BaselineColumns, emptyBaselines } from '../../../src/model/baseline/baseline-columns.js';
import { timedKey } from '../../../src/store/layout/keys.js';
import { BaselineCache } from '../../../src/store/rows/baseline-cache.js';

const hour = { hour: 490_000, places: [3, 4] };
const read = async (): Promise<BaselineColumns> => emptyBaselines(['192.0.2.1_80']);
const nothing = async (): Promise<void> => {};

test.each<[title: string, keys: readonly Buffer[] | null, isKept: boolean]>([
  ['its first shift', [timedKey('b', 3, 7)], false],
  ['its second shift', [timedKey('r', 9, 7), timedKey('b', 4, 7)], false],
  ['any records', null, false],
  ['another shift', [timedKey('b', 5, 7)], true],
  ['readings of the same number', [timedKey('r', 3, 7)], true],
])('after a write of %s', async (_, keys, isKept) => {
  const cache = new BaselineCache();
  const first = await cache.find(hour, read);
  expect(await cache.find(hour, read)).toBe(first);
  await cache.whileChanging(keys, nothing);
  const second = await cache.find(hour, read);
  expect(second === first).toBe(isKept);
  expect(await cache.find(hour, read)).toBe(second);
});

test('another hour is read anew', async () => {
  const cache = new BaselineCache();
  const first = await cache.find(hour, read);
  expect(await cache.find({ ...hour, hour: hour.hour + 1 }, read)).not.toBe(first);
});

test('what is read before, amid or during a write is not found after it', async () => {
  const cache = new BaselineCache();
  const keys = [timedKey('b', 3, 7)];
  const amid: BaselineColumns[] = [];
  await cache.whileChanging(keys, async () => {
    amid.push(await cache.find(hour, read));
  });
  const after = await cache.find(hour, async () => {
    await cache.whileChanging(keys, nothing);
    return read();
  });
  expect(after).not.toBe(amid[0]);
  expect(await cache.find(hour, read)).not.toBe(after);
});

test('a write that fails counts as one', async () => {
  const cache = new BaselineCache();
  const first = await cache.find(hour, read);
  await expect(cache.whileChanging(null, () => Promise.reject(new Error('no space')))).rejects.toThrow('no space');
  expect(await cache.find(hour, read)).not.toBe(first);
});
