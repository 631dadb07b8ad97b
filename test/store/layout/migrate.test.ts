// Migrations of the database's layout: an older one completes despite interruptions, a newer one is rejected.

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import type { Cf } from '../../../src/model/archive.js';
import { readRecords, readState } from '../../../src/store/layout/directory.js';
import { migrate } from '../../../src/store/layout/migrate.js';
import { databaseFolder, openDatabase } from '../../../src/store/leveldb/database.js';
import { type RawDatabase, withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { openStore, withStore } from '../../../src/store/open.js';
import { repair } from '../../../src/store/repair/repair.js';
import type { Store } from '../../../src/store/store.js';
import { maintain } from '../../../src/store/upkeep/maintain.js';
import { fixturePath } from '../../collect/capture.js';

const fixture = fixturePath('store/schema-1');
const spans: Readonly<Record<string, readonly [number, number]>> = {
  300: [1_708_990_000, 1_709_036_400],
  7200: [1_699_999_200, 1_700_200_000],
  86400: [1_700_006_100, 1_709_100_000],
};
const files = readdirSync(fixture).filter((name) => name.endsWith('.csv'));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-migrate-'));
  cpSync(join(fixture, 'archives'), databaseFolder(folder), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function withRaw<T>(use: (level: RawDatabase) => Promise<T>): Promise<T> {
  return withRawDatabase(databaseFolder(folder), use);
}

/** The store's rows for a fixture's query, in the format of the program that wrote the fixture. */
async function rowsOf(store: Store, file: string): Promise<string> {
  const [, name = '', cf, step = ''] = /^(.*)\.(AVERAGE|MAX)\.(\d+)\.csv$/.exec(file) ?? [];
  const [startS = 0, endS = 0] = spans[step] ?? [];
  const series = await store.fetch({ name: name.replace('+', '/'), cf: cf as Cf, startS, endS, stepS: Number(step) });
  const rows = Array.from({ length: (series.endS - series.startS) / series.stepS }, (_, i) => {
    const values = series.columns.map((column) => (Number.isNaN(column[i]) ? '' : column[i]));
    return [series.startS + (i + 1) * series.stepS, ...values].join(',');
  });
  return `${['time', ...series.dataSources].join(',')}\n${rows.join('\n')}\n`;
}

async function expectAsWritten(): Promise<void> {
  await withStore(folder, async (store) => {
    for (const file of files) expect(await rowsOf(store, file)).toBe(readFileSync(join(fixture, file), 'utf8'));
    const listed = (await store.list()).map(({ name, firstS, lastS, goneS }) => [name, firstS, lastS, goneS]);
    const known = JSON.parse(readFileSync(join(fixture, 'list.json'), 'utf8')) as Record<string, unknown>[];
    expect(listed).toEqual(known.map(({ name, first, last, gone }) => [name, first, last, gone]));
    const events = (await store.events({})).map(({ timeS, archive, kind }) => ({ time: timeS, archive, kind }));
    expect(events).toEqual(JSON.parse(readFileSync(join(fixture, 'events.json'), 'utf8')));
  });
}

describe('a database of the first layout', () => {
  test('keeps its rows, archives and events', async () => {
    expect(files).toHaveLength(9);
    await expectAsWritten();
    expect(await withRaw(async (level) => level.getSync(Buffer.from('mschema'))?.toString())).toBe('10');
  });

  test('resumes with the next cycle from its known counters', async () => {
    await withStore(folder, async (store) => {
      const table = await store.latest();
      const services = [...table.director.services.entries()].map(([name, { counters, scheduler, flags }]) => {
        const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = counters;
        const address = name.replace('_80', '');
        return {
          id: { kind: 'address', protocol: 'tcp', address, port: 80 } as const,
          counters: { conns: conns + 300n, inPkts, outPkts, inBytes, outBytes },
          scheduler,
          flags,
          realServers: [],
        };
      });
      const timeS = (table.timeS ?? 0) + 300;
      await store.append(interpret(table, { timeS, host: null, services }));
      const { columns } = await store.fetch({
        name: '192.0.2.1_80',
        cf: 'AVERAGE',
        startS: timeS - 300,
        endS: timeS - 1,
        stepS: 300,
      });
      expect(columns[2]?.at(-1)).toBeCloseTo(1, 9);
      expect([...table.gone.keys()]).toEqual(['192.0.2.3_80', '192.0.2.3_80/10.0.0.3_8080']);
    });
  });

  test('completes its migration after a kill at any write', async () => {
    await expectWholeAfterKills(fixture, expectAsWritten);
  });
});

describe('a database of layout 6', () => {
  const fixture6 = fixturePath('store/schema-6');
  const written = JSON.parse(readFileSync(join(fixture6, 'rows.json'), 'utf8')) as Record<string, WrittenRows>;

  beforeEach(() => {
    rmSync(databaseFolder(folder), { recursive: true });
    cpSync(join(fixture6, 'archives'), databaseFolder(folder), { recursive: true });
  });

  /** Four resolutions of collected and imported archives, to the last bit. */
  async function expectSameRows(store: Store): Promise<void> {
    for (const [key, rows] of Object.entries(written)) {
      const [name = '', cf, step] = key.split(' ');
      const { startS, endS } = rows;
      const query = { name, startS, endS: endS - 1, stepS: Number(step) };
      const { [cf as Cf]: series } = await store.fetchBoth(query);
      const one = await store.fetch({ ...query, cf: cf as Cf });
      expect([key, digestOf(series.columns)]).toEqual([key, rows.sha256]);
      expect([key, digestOf(one.columns)]).toEqual([key, rows.sha256]);
    }
  }

  test('keeps its rows, before and after maintenance stores the days whose readings remain', async () => {
    expect(Object.keys(written)).toHaveLength(32);
    await withStore(folder, expectSameRows);
    expect(await sheets('t')).toBeLessThan(await sheets('t', () => keepAllRows()));
    await withStore(folder, expectSameRows);
  });

  test('completes its migration after a kill at any write', async () => {
    await expectWholeAfterKills(fixture6, () => withStore(folder, expectSameRows));
  });

  test('with a damaged day of rows migrates only after a repair', async () => {
    const key = await withRaw(async (level) => {
      const [damaged] = await level.keys({ gte: Buffer.from('h'), lt: Buffer.from('i'), limit: 1 }).all();
      const stored = level.getSync(damaged ?? Buffer.alloc(0)) ?? Buffer.alloc(0);
      stored[0] = (stored[0] ?? 0) ^ 1;
      await level.put(damaged ?? Buffer.alloc(0), stored);
      return damaged;
    });
    expect(key).toBeDefined();
    await expect(openStore(folder)).rejects.toThrow(
      /damaged \(the record "h.*fails its checksum\): "lvs-stats repair" repairs it/,
    );
    expect(await repair(folder, 1_762_056_400)).toMatchObject({ kind: 'repaired', leftOut: new Map([['h', 1]]) });
    await withStore(folder, async (store) => expect((await store.list()).length).toBe(4));
  });

  test.each(['mschema', 'mmigration', 'mschema and mmigration'])(
    'that loses %s at any point of a migration is repaired without a wrong row',
    async (lost) => {
      for (const writes of [0, 3, 20, 40, 60]) {
        rmSync(databaseFolder(folder), { recursive: true });
        cpSync(join(fixture6, 'archives'), databaseFolder(folder), { recursive: true });
        await withRaw(async (level) => {
          await migrateAndDie(level, writes);
          for (const key of lost.split(' and ')) await level.del(Buffer.from(key));
        });
        await repair(folder, 1_762_056_400 + writes);
        await withStore(folder, expectSameRows);
      }
    },
  );

  /** Bytes of a kind's sheets. */
  async function sheets(kind: string, prepare: () => Promise<void> = async () => {}): Promise<number> {
    await prepare();
    return withRaw(async (level) => {
      const range = { gte: Buffer.from(kind), lt: Buffer.from([kind.charCodeAt(0) + 1]) };
      return (await level.values(range).all()).reduce((sum, { length }) => sum + length, 0);
    });
  }

  /** Runs the maintenance of the next days' cycles. */
  async function keepAllRows(): Promise<void> {
    const database = await openDatabase(folder, 1000);
    try {
      const records = await readRecords(database);
      for (let i = 0; i < 40; i += 1) await maintain({ database, records }, readState(database.get));
    } finally {
      await database.close();
    }
  }
});

interface WrittenRows {
  readonly startS: number;
  readonly endS: number;
  /** Of the columns' doubles in order, with one pattern for every NaN. */
  readonly sha256: string;
}

function digestOf(columns: readonly Float64Array[]): string {
  const hash = createHash('sha256');
  for (const column of columns) {
    hash.update(Buffer.from(column.map((value) => (Number.isNaN(value) ? Number.NaN : value)).buffer));
  }
  return hash.digest('hex');
}

/** Migrates in small batches and kills the migration at each write in turn; the next one completes it. */
async function expectWholeAfterKills(original: string, expectWhole: () => Promise<void>): Promise<void> {
  for (let writes = 0; ; writes += 9) {
    rmSync(databaseFolder(folder), { recursive: true });
    cpSync(join(original, 'archives'), databaseFolder(folder), { recursive: true });
    const isOver = await withRaw((level) => migrateAndDie(level, writes));
    await expectWhole();
    if (!isOver) continue;
    expect(writes).toBeGreaterThan(30);
    return;
  }
}

/** Returns whether the migration ended before the failing write. */
async function migrateAndDie(level: RawDatabase, writes: number): Promise<boolean> {
  let left = writes;
  const dying = new Proxy(level, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'batch' && name !== 'put' && name !== 'del') return value.bind(target);
      return (...args: unknown[]) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return Reflect.apply(value, target, args);
      };
    },
  });
  try {
    await migrate(dying, { batchSize: 4 });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === 'killed') return false;
    throw error;
  }
}

test('a database of a newer layout is rejected and left unchanged', async () => {
  await withRaw((level) => level.put(Buffer.from('mschema'), Buffer.from('11')));
  const before = await withRaw((level) => level.iterator().all());
  await expect(openStore(folder)).rejects.toThrow(
    /newer lvs-stats \(layout 11, this one knows 10\): upgrade lvs-stats/,
  );
  expect(await withRaw((level) => level.iterator().all())).toEqual(before);
});
