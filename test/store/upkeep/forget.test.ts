// Forgetting an archive: its real servers go with it, its neighbours stay, and the next cycle starts it anew.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { monthOf } from '../../../src/model/time/month.js';
import { prefixRange, timedKey, timedRange } from '../../../src/store/layout/keys.js';
import { withChecksum } from '../../../src/store/leveldb/checksum.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { openStore, withStore } from '../../../src/store/open.js';
import { repair } from '../../../src/store/repair/repair.js';
import { stepS } from '../../standard.js';
import { cycleAfter, firstS } from '../sample-cycles.js';

test('a forgotten archive leaves nothing, and its growth is unknown when it returns', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-forget-'));
  const store = await openStore(folder);
  try {
    for (let n = 0; n < 250; n += 1) await store.append(cycleAfter(await store.latest()), false);
    const query = { cf: 'AVERAGE', startS: firstS, endS: firstS + 249 * 300, stepS } as const;
    const before = await store.fetch({ ...query, name: '192.0.2.2_80' });
    const forgotten = await store.forget('192.0.2.1_80');
    expect(forgotten?.archives).toEqual(['192.0.2.1_80', '192.0.2.1_80/10.0.0.1_80']);
    expect(await store.forget('192.0.2.1_80')).toBeNull();
    expect((await store.list()).map(({ name }) => name)).not.toContain('192.0.2.1_80');
    expect(await store.fetch({ ...query, name: '192.0.2.2_80' })).toEqual(before);
    for (let n = 0; n < 3; n += 1) await store.append(cycleAfter(await store.latest()));
    const again = await store.fetch({ ...query, name: '192.0.2.1_80', endS: firstS + 252 * 300 });
    expect(again.columns[2]?.filter((value) => !Number.isNaN(value)).length).toBeLessThan(3);
    const all = await store.fetch({ ...query, name: 'all', endS: firstS + 252 * 300 });
    expect(Math.max(...(all.columns[2]?.filter((value) => !Number.isNaN(value)) ?? []))).toBeCloseTo(3 / 300, 9);
  } finally {
    await store.close();
  }
  expect(await repair(folder, 1)).toMatchObject({ kind: 'sound' });
  rmSync(folder, { recursive: true, force: true });
});

test('a forgotten archive loses its months, and its neighbours keep theirs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-forget-'));
  const store = await openStore(folder);
  for (let n = 0; n < 3; n += 1) await store.append(cycleAfter(await store.latest()));
  await store.close();
  const month = monthOf(firstS);
  const monthKeys = () =>
    withRawDatabase(databaseFolder(folder), (level) => level.keys(timedRange('p', month, month + 1)).all());
  const ids = await withRawDatabase(databaseFolder(folder), async (level) => {
    const records = await level.iterator(prefixRange('a')).all();
    const all = records.map(([, value]) => Number(/"id":(\d+)/.exec(value.toString('latin1'))?.[1]));
    const keys = all.map((id) => timedKey('p', month, id));
    await level.batch(keys.map((key) => ({ type: 'put', key, value: withChecksum(key, Buffer.alloc(4)) })));
    return all;
  });
  expect(await monthKeys()).toHaveLength(ids.length);
  await withStore(folder, (again) => again.forget('192.0.2.1_80'));
  expect(await monthKeys()).toHaveLength(ids.length - 2);
  rmSync(folder, { recursive: true, force: true });
});
