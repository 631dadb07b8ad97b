// Layouts of the database: an older one is brought to this program's, wherever that is interrupted; a newer one is refused.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import type { Cf } from '../../../src/model/archive.js';
import { databaseFolder, type RawDatabase, withRawDatabase } from '../../../src/store/leveldb/database.js';
import { openStore, withStore } from '../../../src/store/open.js';
import type { Store } from '../../../src/store/store.js';
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

/** What the program that wrote the fixture printed for a file's query, out of the store. */
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
  test('has the same rows, archives and events in this one', async () => {
    expect(files).toHaveLength(9);
    await expectAsWritten();
    expect(await withRaw(async (level) => level.getSync(Buffer.from('mschema'))?.toString())).toBe('6');
  });

  test('goes on with the next cycle, its counters being known', async () => {
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

  test('is brought over wherever that was interrupted', async () => {
    const keys = await withRaw((level) => level.keys().all());
    expect(keys.length).toBeGreaterThan(100);
    for (const at of [0, 1, 7, Math.floor(keys.length / 2), keys.length - 1]) {
      rmSync(databaseFolder(folder), { recursive: true });
      cpSync(join(fixture, 'archives'), databaseFolder(folder), { recursive: true });
      await interruptAfter(at);
      await expectAsWritten();
    }
  });
});

/** Lets the store migrate a copy, and leaves of that what a migration has written that got as far as a key. */
async function interruptAfter(at: number): Promise<void> {
  const whole = await migrated();
  await withRaw(async (level) => {
    const old = await level.iterator().all();
    const cursor = old[at]?.[0] ?? Buffer.alloc(0);
    const isDone = (key: Buffer): boolean => Buffer.compare(key, cursor) <= 0;
    const isGone = (key: Buffer): boolean => key.toString() === 'mgone' && isDone(Buffer.from('mtable'));
    for (const [key, value] of whole) {
      if (key.toString() === 'mschema' || isDone(key) || isGone(key)) await level.put(key, value);
    }
    await level.put(Buffer.from('mschema'), Buffer.from('2'));
    await level.put(Buffer.from('mmigration'), cursor);
  });
}

async function migrated(): Promise<[Buffer, Buffer][]> {
  const copy = mkdtempSync(join(tmpdir(), 'lvs-stats-migrated-'));
  try {
    cpSync(join(fixture, 'archives'), databaseFolder(copy), { recursive: true });
    await (await openStore(copy)).close();
    return await withRawDatabase(databaseFolder(copy), (level) => level.iterator().all());
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

test('a database of a newer layout is refused, and left as it is', async () => {
  await withRaw((level) => level.put(Buffer.from('mschema'), Buffer.from('7')));
  const before = await withRaw((level) => level.iterator().all());
  await expect(openStore(folder)).rejects.toThrow(/newer lvs-stats \(layout 7, this one knows 6\): upgrade lvs-stats/);
  expect(await withRaw((level) => level.iterator().all())).toEqual(before);
});
