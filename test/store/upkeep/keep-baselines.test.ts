// Baselines are those of the rows that can be fetched, worked out here by sorting. They survive whatever happens to the archives.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import { baselineRates, hourS, unknownHour, weekS } from '../../../src/model/baseline/baseline.js';
import { parseRetention, type Retention, standardRetention } from '../../../src/model/retention.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { databaseFolder, openDatabase } from '../../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { withStore } from '../../../src/store/open.js';
import { backUp, restore } from '../../../src/store/repair/backup.js';
import { repair } from '../../../src/store/repair/repair.js';
import type { Store } from '../../../src/store/store.js';
import { type ArchiveBaselines, archivesOf } from '../../model/baseline/archive-baselines.js';

const dayS = 86_400;
/** A Thursday, 00:00 UTC, so that hours of the week count from it. */
const beginS = Date.UTC(2023, 10, 16) / 1000;
const name = '192.0.2.1_80';
const hourly = parseRetention('1h:100d,1d:400d');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-baselines-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Growth in the step that ends at a time: by hour of the day and by weekday, never twice the same, and ten times as much in `oddWeek`. */
function growthAt(timeS: number, oddWeek: number): number {
  const hour = Math.floor((timeS - beginS - 1) / hourS);
  const wobble = (timeS * 7919) % 101;
  const odd = Math.floor((timeS - beginS - 1) / weekS) === oddWeek ? 10 : 1;
  return odd * (1000 + 300 * (hour % 24) + 100 * (Math.floor(hour / 24) % 7) + wobble);
}

interface Life {
  readonly fromS: number;
  readonly toS: number;
  readonly everyS: number;
  readonly services?: number;
  readonly oddWeek?: number;
  /** Times at which ipvsadm fails. */
  readonly isSilent?: (timeS: number) => boolean;
}

/** Counters go on from life to life: they are a function of time. */
async function live(store: Store, { fromS, toS, everyS, services = 1, oddWeek = -1, isSilent }: Life) {
  let count = BigInt(Math.floor((fromS - beginS) * 40));
  for (let timeS = fromS; timeS <= toS; timeS += everyS) {
    count += BigInt(growthAt(timeS, oddWeek));
    if (isSilent?.(timeS) !== true)
      await store.append(interpret(await store.latest(), at(timeS, count, services)), false);
  }
}

function at(timeS: number, count: bigint, services: number): Snapshot {
  const counters = {
    conns: count,
    inPkts: 3n * count,
    outPkts: 2n * count,
    inBytes: 900n * count,
    outBytes: 70n * count,
  };
  const all = Array.from({ length: services }, (_, i) => {
    const address = `192.0.2.${i + 1}`;
    return {
      id: { kind: 'address', protocol: 'tcp', address, port: 80 } as const,
      counters,
      scheduler: 'rr',
      flags: '',
      realServers: [],
    };
  });
  return { timeS, host: null, services: all };
}

/** Weeks of one reading per step, in a store of a retention. */
async function liveWeeks(weeks: number, retention: Retention, life: Partial<Life> = {}): Promise<number> {
  const { stepS } = retention;
  const endS = beginS + weeks * weekS;
  await withStore(folder, async (store) => {
    const first = interpret({ ...(await store.latest()), retention }, at(beginS, 0n, life.services ?? 1));
    await store.append(first, false);
    await live(store, { fromS: beginS + stepS, toS: endS, everyS: stepS, ...life });
  });
  return endS;
}

async function readAll(store: Store, timeS: number): Promise<readonly ArchiveBaselines[]> {
  return archivesOf(await store.baselines(timeS));
}

function baselinesAt(timeS: number, archive = name): Promise<ArchiveBaselines | undefined> {
  return withStore(folder, async (store) => (await readAll(store, timeS)).find((one) => one.name === archive));
}

/** The hours of a week before a time, each by its end. */
function hoursBefore(endS: number): readonly number[] {
  return Array.from({ length: 168 }, (_, i) => endS - i * hourS);
}

async function baselinesOfWeek(endS: number, archive = name) {
  return withStore(folder, async (store) => {
    const all = [];
    for (const timeS of hoursBefore(endS))
      all.push((await readAll(store, timeS)).find((one) => one.name === archive)?.at);
    return all;
  });
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

/** The baselines of the hour that ends at a time, from rows of the four weeks up to it. */
async function expectedAt(store: Store, hourEndS: number, stepS: number) {
  const weeks: (readonly Float64Array[])[] = [];
  for (let week = 0; week < 4; week += 1) {
    const endS = hourEndS - week * weekS;
    const query = { name, startS: endS - hourS, endS: endS - 1, stepS, dataSources: baselineRates } as const;
    weeks.push((await store.fetch({ ...query, cf: 'AVERAGE' })).columns);
  }
  return Object.fromEntries(
    baselineRates.map((rate, i) => [rate, expectedOf(weeks.map((rows) => [...(rows[i] ?? [])]))]),
  );
}

function expectedOf(all: readonly (readonly number[])[]) {
  const weeks = all.flatMap((rows) => {
    const known = rows.filter((value) => !Number.isNaN(value));
    return known.length > 0 && known.length >= rows.length / 2 ? [known] : [];
  });
  const median = middle(weeks.map(middle));
  const spread = 1.4826 * middle(weeks.map((rows) => middle(rows.map((value) => Math.abs(value - median)))));
  return { median: Math.fround(median), spread: Math.fround(spread), weeks: weeks.length };
}

/** The newest shift of each stored record of the service. */
async function storedShifts(): Promise<readonly number[]> {
  const records = [...(await stored()).values()].map((value) => Buffer.from(value, 'hex'));
  return records.filter((value) => value.includes(name)).map((value) => value.readUInt32LE(0));
}

/** Expects the baselines of all hours of the week, each from the rows up to the newest ones that it looks back on. */
async function expectAsRows(stepS: number, endS: number): Promise<void> {
  const shifts = await storedShifts();
  expect(shifts).toHaveLength(21);
  // A window of a day is sealed after it, and its baselines wait for another.
  expect(Math.min(...shifts)).toBeGreaterThanOrEqual(Math.floor(endS / (8 * hourS)) - 29);
  await withStore(folder, async (store) => {
    for (const hour of shifts.flatMap((shift) => Array.from({ length: 8 }, (_, i) => 8 * shift + i))) {
      const hourEndS = (hour + 1) * hourS;
      const found = (await readAll(store, hourEndS)).find((one) => one.name === name);
      expect(found?.at, String(hourEndS)).toEqual(await expectedAt(store, hourEndS, stepS));
    }
  });
}

describe('the baselines of every hour of the week are those of its rows', () => {
  test.each<[string, number, Partial<Life>]>([
    ['5m:100d,2h:200d', 2.7, { oddWeek: 1 }],
    // Windows of 3 hours, which divide no shift of 8 hours, and of 24.
    ['2m:40d', 2.6, {}],
    ['15m:40d,1d:100d', 5, { isSilent: (timeS) => timeS % 7919 < 3000 }],
    ['1h:100d,1d:400d', 6, { oddWeek: 4 }],
  ])('%s, %d weeks', async (text, weeks, life) => {
    const { stepS } = parseRetention(text);
    await expectAsRows(stepS, await liveWeeks(weeks, parseRetention(text), life));
  });
});

test('weeks whose readings have expired count by their rows of up to an hour', async () => {
  const endS = await liveWeeks(4.6, parseRetention('15m:8d,1h:100d'));
  for (const timeS of hoursBefore(endS - 60 * hourS)) {
    const { Conns } = (await baselinesAt(timeS))?.at ?? unknownHour;
    const rate = growthAt(timeS, -1) / 900;
    expect(Conns.weeks).toBe(4);
    // 101 is the largest difference between two steps of an hour.
    expect(Math.abs(Conns.median - rate)).toBeLessThanOrEqual(101 / 900);
  }
});

test('one odd week does not move a baseline out of the range of the others', async () => {
  const endS = await liveWeeks(4.3, hourly, { oddWeek: 2 });
  for (const baseline of await baselinesOfWeek(endS - 40 * hourS)) {
    expect(baseline?.Conns.weeks).toBe(4);
    expect(baseline?.Conns.median).toBeLessThan(9000 / hourS);
  }
});

test('the hours before and after a time are those of its neighbours, also where another record begins', async () => {
  const endS = await liveWeeks(3, hourly);
  for (const timeS of [endS - 40 * hourS, endS - 41 * hourS, endS - 47 * hourS, endS - 48 * hourS]) {
    const found = await baselinesAt(timeS);
    expect(found?.before).toEqual((await baselinesAt(timeS - hourS))?.at);
    expect(found?.after).toEqual((await baselinesAt(timeS + hourS))?.at);
    expect(found?.at).not.toEqual(found?.before);
  }
});

test('an open store reads them once an hour, and again once they have changed', async () => {
  const endS = await liveWeeks(2.5, hourly, { services: 3 });
  await withStore(folder, async (store) => {
    const timeS = endS - 40 * hourS;
    const first = await store.baselines(timeS);
    expect(first.names).toHaveLength(4);
    expect(await store.baselines(timeS - 60)).toBe(first);
    expect(await store.baselines(timeS - hourS)).not.toBe(first);
    const all = await readAll(store, timeS);
    expect(await store.forget(name)).not.toBeNull();
    expect(await readAll(store, timeS)).toEqual(all.filter((one) => one.name !== name));
  });
});

test('services and the director have baselines, and weeks count from the first', async () => {
  const endS = await liveWeeks(2.5, hourly, { services: 3 });
  const names = await withStore(folder, async (store) => (await store.baselines(endS)).names);
  expect(names.toSorted()).toEqual(['192.0.2.1_80', '192.0.2.2_80', '192.0.2.3_80', 'all']);
  const weeks = (await baselinesOfWeek(endS - 40 * hourS)).map((baseline) => baseline?.InBytes.weeks);
  expect(new Set(weeks)).toEqual(new Set([2, 3]));
  const one = (await baselinesAt(endS - 40 * hourS))?.at.InBytes.median ?? 0;
  expect((await baselinesAt(endS - 40 * hourS, 'all'))?.at.InBytes.median).toBeCloseTo(3 * one, 0);
});

/** Whole records of baselines, by key. */
function stored(): Promise<ReadonlyMap<string, string>> {
  return withRawDatabase(databaseFolder(folder), async (level) => {
    const entries = await level.iterator({ gte: Buffer.from('b'), lt: Buffer.from('c') }).all();
    return new Map(entries.map(([key, value]) => [key.toString('hex'), value.toString('hex')]));
  });
}

/** Cycles enough to derive all baselines again, if that is due; most find nothing new. */
async function catchUp(fromS: number, services = 1): Promise<void> {
  await withStore(folder, (store) =>
    live(store, { fromS: fromS + hourS, toS: fromS + 30 * hourS, everyS: hourS, services }),
  );
}

test('no cycle derives more than its share, not even when all are due', async () => {
  const services = 60;
  await liveWeeks(2.6, parseRetention('30m:40d'), { services });
  await forgetBaselines('8');
  const added: number[] = [];
  await withStore(folder, async (store) => {
    const { timeS } = await store.latest();
    let before = 0;
    for (let i = 1; i <= 40; i += 1) {
      const fromS = (timeS ?? 0) + i * 1800;
      await live(store, { fromS, toS: fromS, everyS: 1800, services });
      let sum = 0;
      for (let shift = 0; shift < 21; shift += 1)
        sum += (await store.baselines((8 * shift + 100) * hourS)).names.length;
      added.push(sum - before);
      before = sum;
    }
  });
  // 61 archives are in two blocks, and a quarter of them is due: a block a cycle.
  expect(Math.max(...added)).toBe(32);
  expect(added.filter((count) => count > 0)).toHaveLength(40);
});

/** The database as an older program left it. */
async function forgetBaselines(layout = '7'): Promise<void> {
  await withRawDatabase(databaseFolder(folder), async (level) => {
    for await (const key of level.keys({ gte: Buffer.from('b'), lt: Buffer.from('c') })) await level.del(key);
    await level.put(Buffer.from('mschema'), Buffer.from(layout));
  });
  await withStore(folder, async () => {});
  const database = await openDatabase(folder, 1000);
  try {
    const { baselines: _, ...state } = JSON.parse(database.get(Buffer.from('mstate'))?.toString() ?? '') as Record<
      string,
      unknown
    >;
    await database.write([{ type: 'put', key: Buffer.from('mstate'), value: Buffer.from(JSON.stringify(state)) }]);
  } finally {
    await database.close();
  }
}

test('an upgrade derives them within a day and a quarter of cycles', async () => {
  const endS = await liveWeeks(3, hourly);
  await catchUp(endS);
  const before = await stored();
  expect(before.size).toBe(2 * 21);
  await forgetBaselines();
  expect((await stored()).size).toBe(0);
  await catchUp(endS + 30 * hourS);
  const after = await stored();
  expect([...after.keys()]).toEqual([...before.keys()]);
  await withRawDatabase(databaseFolder(folder), async (level) =>
    expect(level.getSync(Buffer.from('mschema'))?.toString()).toBe('10'),
  );
});

test('a repair leaves damaged ones out and derives them again', async () => {
  const endS = await liveWeeks(3, hourly);
  const before = await stored();
  const [victim = ''] = before.keys();
  await withRawDatabase(databaseFolder(folder), async (level) => {
    const key = Buffer.from(victim, 'hex');
    const damaged = Buffer.from(before.get(victim) ?? '', 'hex');
    damaged[7] = (damaged[7] ?? 0) ^ 1;
    await level.put(key, damaged);
  });
  expect(await repair(folder, 1)).toMatchObject({ kind: 'repaired', leftOut: new Map([['b', 1]]) });
  expect((await stored()).has(victim)).toBe(false);
  await catchUp(endS);
  expect((await stored()).has(victim)).toBe(true);
});

test('a rewind removes those of removed readings and derives them again', async () => {
  const endS = await liveWeeks(3, hourly);
  const untilS = endS - 5 * dayS;
  await withStore(folder, (store) => store.rewind(untilS));
  const left = await stored();
  expect(left.size).toBeGreaterThan(0);
  expect(left.size).toBeLessThan(2 * 21);
  for (const value of left.values()) {
    expect((Buffer.from(value, 'hex').readUInt32LE(0) + 1) * 8 * hourS).toBeLessThanOrEqual(untilS);
  }
  await catchUp(untilS);
  expect((await stored()).size).toBe(2 * 21);
  await expectAsRows(hourS, untilS);
});

test('a forgotten service takes its baselines along', async () => {
  const endS = await liveWeeks(2.6, hourly, { services: 2 });
  expect((await stored()).size).toBe(3 * 21);
  await withStore(folder, (store) => store.forget(name));
  expect((await stored()).size).toBe(2 * 21);
  expect(await baselinesAt(endS)).toBeUndefined();
});

test('a service that went leaves its baselines until it expires, but nothing is said by them after five weeks', async () => {
  const retention = parseRetention('1h:60d');
  const endS = await liveWeeks(2.6, retention, { services: 2 });
  const gone = '192.0.2.2_80';
  const later = (days: number, fromDays: number) =>
    withStore(folder, (store) =>
      live(store, { fromS: endS + fromDays * dayS + hourS, toS: endS + days * dayS, everyS: hourS }),
    );
  await later(20, 0);
  expect(await baselinesAt(endS + 20 * dayS, gone)).toBeDefined();
  await later(40, 20);
  expect(await baselinesAt(endS + 40 * dayS, gone)).toBeUndefined();
  expect((await stored()).size).toBe(3 * 21);
  await later(62, 40);
  expect((await stored()).size).toBe(2 * 21);
});

test('those of a single week are not stored', async () => {
  await liveWeeks(0.9, hourly);
  expect((await stored()).size).toBe(0);
});

test('a backup has them', async () => {
  await liveWeeks(2.6, hourly);
  const before = await stored();
  expect(before.size).toBe(2 * 21);
  const parts: Buffer[] = [];
  await backUp(folder, async (all) => {
    for await (const part of all) parts.push(part);
  });
  rmSync(folder, { recursive: true });
  await restore(folder, () => Readable.from(parts));
  expect(await stored()).toEqual(before);
});

test('imported rows have baselines, too', async () => {
  const startS = endOfImport - 40 * dayS;
  const rows = hourly.rras.map((rra) => (40 * dayS) / rra.pdpPerRow / hourS);
  const column = (count: number) => Array.from({ length: 7 }, () => new Float64Array(count).fill(5));
  await withStore(folder, (store) =>
    store.merge({
      name,
      about: { kind: 'service', scheduler: '', flags: '' },
      lastS: endOfImport,
      retention: hourly,
      rras: rows.map((count) => ({ startS, rows: { AVERAGE: column(count), MAX: column(count) } })),
    }),
  );
  await withStore(folder, async (store) => {
    await store.append(
      interpret({ ...(await store.latest()), retention: hourly }, at(endOfImport + hourS, 0n, 1)),
      false,
    );
    await live(store, { fromS: endOfImport + 2 * hourS, toS: endOfImport + 30 * hourS, everyS: hourS });
  });
  for (const hour of await baselinesOfWeek(endOfImport - dayS))
    expect(hour?.Conns).toEqual({ median: 5, spread: 0, weeks: 4 });
});

const endOfImport = beginS + 30 * weekS;

test('rows of more than an hour have none', async () => {
  await liveWeeks(3, standardRetention, { everyS: 3 * hourS });
  expect((await stored()).size).toBe(0);
});
