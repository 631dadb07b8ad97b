// The percentiles of a month: they come from its 5-minute rows, survive restarts and repairs, and last as long as day rows.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import type { MonthPercentiles, TrafficPart } from '../../../src/model/percentile.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { formatMonth } from '../../../src/model/time/month.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { withStore } from '../../../src/store/open.js';
import { repair } from '../../../src/store/repair/repair.js';
import type { Store } from '../../../src/store/store.js';

const dayS = 86_400;
/** 2023-11-20 and 2023-12-01, 00:00 UTC. */
const [novemberS, decemberS] = [1_700_438_400, 1_701_388_800];
const name = '192.0.2.1_80';

let base: string;
let folder: string;

/** Two days at the end of November, and the first ones of December; each test has a copy. */
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'lvs-stats-months-'));
  await withStore(base, (store) =>
    collect(store, { fromS: decemberS - 2 * dayS + 17, toS: decemberS + dayS, everyS: 300 }),
  );
  await withStore(base, (store) =>
    collect(store, { fromS: decemberS + 2 * dayS, toS: decemberS + 3 * dayS, everyS: 3 * dayS }),
  );
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-months-'));
  cpSync(base, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Traffic varies, and so does the larger direction. */
function snapshot(timeS: number, hasSecond: boolean): Snapshot {
  const n = Math.floor((timeS - novemberS) / 300);
  const bytes = (salt: number): bigint => BigInt(n * 100_000 + ((n * salt) % 9973) * 5);
  const counters = {
    conns: BigInt(n),
    inPkts: BigInt(n),
    outPkts: BigInt(n),
    inBytes: bytes(7919),
    outBytes: bytes(6007),
  };
  const services = [1, ...(hasSecond ? [2] : [])].map((octet) => {
    const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${octet}`, port: 80 } as const;
    return { id, counters, scheduler: 'rr', flags: '', realServers: [] };
  });
  return { timeS, host: null, services };
}

async function collect(store: Store, { fromS, toS, everyS }: Readonly<Record<'fromS' | 'toS' | 'everyS', number>>) {
  for (let timeS = fromS; timeS <= toS; timeS += everyS) {
    await store.append(interpret(await store.latest(), snapshot(timeS, timeS < decemberS)), false);
  }
}

function monthsOf(archive = name): Promise<readonly MonthPercentiles[]> {
  return withStore(folder, (store) =>
    store.percentiles({ name: archive, startS: novemberS, endS: decemberS + 900 * dayS }),
  );
}

async function rowsOfNovember(store: Store): Promise<readonly (readonly [number, number])[]> {
  const startS = decemberS - 30 * dayS;
  const { columns, dataSources } = await store.fetch({ name, cf: 'AVERAGE', startS, endS: decemberS - 1, stepS: 300 });
  const [inBytes, outBytes] = ['InBytes', 'OutBytes'].map((source) => columns[dataSources.indexOf(source)]);
  return Array.from(inBytes ?? [], (value, row) => [value, outBytes?.[row] ?? Number.NaN] as const);
}

/** Percentiles by sorting. */
function expected(rows: readonly (readonly [number, number])[], part: TrafficPart) {
  const of = { in: 0, out: 0, larger: 0, sum: 0 };
  const values = rows
    .map(([a, b]) => ({ ...of, in: a, out: b, larger: a > b ? a : b, sum: a + b })[part])
    .filter((value) => value >= 0)
    .sort((a, b) => a - b);
  return { value: values[Math.ceil((values.length * 95) / 100) - 1], rows: values.length };
}

test('a past month keeps the percentiles of its 5-minute rows after these expire', async () => {
  const rows = await withStore(folder, rowsOfNovember);
  const [november, ...others] = await monthsOf();
  expect(others).toEqual([]);
  expect(formatMonth(november?.month ?? 0)).toBe('2023-11');
  for (const part of ['in', 'out', 'larger', 'sum'] as const)
    expect(november?.[part], part).toEqual(expected(rows, part));
  expect(november?.in.rows).toBeGreaterThan(570);
  expect(november?.in.value).not.toBe(november?.out.value);
  expect((await monthsOf('192.0.2.2_80'))[0]?.in).toMatchObject({ rows: expect.any(Number) });

  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS + 4 * dayS, toS: decemberS + 125 * dayS, everyS: 3 * dayS }),
  );
  const left = await withStore(folder, rowsOfNovember);
  expect(left.filter(([value]) => !Number.isNaN(value)).length).toBeLessThan(300);
  expect((await monthsOf())[0]).toEqual(november);
});

test('a month whose readings partly expired before it was kept has no percentiles', async () => {
  await withRawDatabase(databaseFolder(folder), async (level) => {
    for await (const key of level.keys({ gte: Buffer.from('p'), lt: Buffer.from('q') })) await level.del(key);
  });
  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS + 6 * dayS, toS: decemberS + 99 * dayS, everyS: 3 * dayS }),
  );
  await withRawDatabase(databaseFolder(folder), (level) => level.del(Buffer.from('mstate')));
  await repair(folder, 1);
  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS + 100 * dayS, toS: decemberS + 101 * dayS, everyS: 3 * dayS }),
  );
  expect((await monthsOf()).map(({ month }) => formatMonth(month))).not.toContain('2023-11');
});

test('a repair keeps percentiles, and recomputes lost ones whose readings remain', async () => {
  const before = await monthsOf();
  const victim = Buffer.from('p');
  await withRawDatabase(databaseFolder(folder), async (level) => {
    for await (const [key, value] of level.iterator({ gte: victim, limit: 2 })) {
      const damaged = Buffer.from(value);
      damaged[3] = (damaged[3] ?? 0) ^ 1;
      await level.put(key, damaged);
    }
  });
  await expect(monthsOf()).rejects.toMatchObject({ code: 'corrupt' });
  const mended = await repair(folder, 1);
  expect(mended).toMatchObject({ kind: 'repaired', leftOut: new Map([['p', 2]]) });
  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS + 4 * dayS, toS: decemberS + 4 * dayS, everyS: dayS }),
  );
  expect(await monthsOf()).toEqual(before);
});

test('a rewind drops a month that has not ended yet, and it is kept again', async () => {
  await withStore(folder, (store) => store.rewind(decemberS - dayS));
  expect(await monthsOf()).toEqual([]);
  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS - dayS / 2, toS: decemberS + dayS, everyS: 3600 }),
  );
  expect((await monthsOf())[0]?.in.rows).toBeLessThan(300);
});

test('percentiles expire with day rows of their age', async () => {
  await withStore(folder, (store) =>
    collect(store, { fromS: decemberS + 4 * dayS, toS: decemberS + 840 * dayS, everyS: 10 * dayS }),
  );
  expect(await monthsOf()).toEqual([]);
  await withRawDatabase(databaseFolder(folder), async (level) => {
    const left = await level.keys({ gte: Buffer.from('p'), lt: Buffer.from('q') }).all();
    expect(left).toEqual([]);
  });
});
