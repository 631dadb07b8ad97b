// Backups: a restore returns what was backed up, and an incomplete one restores nothing. Checks: sound archives pass, damage is
// reported.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { metaKey } from '../../../src/store/layout/keys.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { withStore } from '../../../src/store/open.js';
import { backUp, restore } from '../../../src/store/repair/backup.js';
import { formatBackup } from '../../../src/store/repair/backup-format.js';
import { checkArchives } from '../../../src/store/repair/check.js';
import { cycleAfter, firstS } from '../sample-cycles.js';

let folder: string;
let data: string;
let again: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-backup-'));
  [data, again] = [join(folder, 'data'), join(folder, 'again')];
  await append(data, 230);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function append(dataDir: string, cycles: number): Promise<void> {
  return withStore(dataDir, async (store) => {
    for (let n = 0; n < cycles; n += 1) await store.append(cycleAfter(await store.latest()), n === cycles - 1);
  });
}

async function backupOf(dataDir: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  await backUp(dataDir, async (all) => {
    for await (const part of all) parts.push(part);
  });
  return Buffer.concat(parts);
}

/** Flips a bit in a record of sealed readings and keeps the files sound. */
async function damageSealed(): Promise<void> {
  await withRawDatabase(databaseFolder(data), async (level) => {
    const key = (await level.keys().all()).find((one) => one[0] === 0x63);
    if (key === undefined) throw new Error('something is sealed');
    const value = await level.get(key);
    value[0] = (value[0] ?? 0) ^ 1;
    await level.put(key, value);
  });
}

/** Yields bytes in pieces that match no boundary. */
async function* pieces(bytes: Buffer, size = 1013): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function readAll(dataDir: string): Promise<readonly unknown[]> {
  return withStore(dataDir, async (store) => {
    const all: unknown[] = [await store.list(), await store.events({}), await store.latest(), await store.silences()];
    for (const { name, lastS } of await store.list()) {
      for (const stepS of [300, 1800, 7200, 86_400]) {
        all.push(await store.fetchBoth({ name, startS: firstS - 86_400, endS: lastS, stepS }));
      }
    }
    return all;
  });
}

describe('a backup', () => {
  test('holds every record, and collection resumes from its restore', async () => {
    await withStore(data, (store) => store.silence({ pattern: 'share-off/*', untilS: 9e9, why: 'canary', sinceS: 5 }));
    const before = await readAll(data);
    const bytes = await backupOf(data);
    expect(await backupOf(data)).toEqual(bytes);
    expect(readdirSync(data).filter((name) => name.endsWith('.part'))).toEqual([]);
    const { header } = await restore(again, () => pieces(bytes));
    expect(header).toMatchObject({
      archives: 5,
      lastS: firstS + 229 * 300,
      retention: '5m:100d,30m:100d,2h:200d,1d:797d',
    });
    expect(await readAll(again)).toEqual(before);
    await Promise.all([append(data, 3), append(again, 3)]);
    expect(await readAll(again)).toEqual(await readAll(data));
    expect((await checkArchives(again)).faults).toEqual([]);
  });

  test('holds the state at its start, whatever is stored meanwhile', async () => {
    const before = await readAll(data);
    const parts: Buffer[] = [];
    await withStore(data, async (store) => {
      await backUp(data, async (all) => {
        // Enough cycles to seal windows and replace tables before the backup reads its first record.
        for (let n = 0; n < 200; n += 1) await store.append(cycleAfter(await store.latest()), false);
        for await (const part of all) parts.push(part);
      });
    });
    await restore(again, () => pieces(Buffer.concat(parts), 100_000));
    expect(await readAll(again)).toEqual(before);
  });

  test('restores nothing if truncated or changed', async () => {
    const bytes = await backupOf(data);
    const cuts = [0, 10, 40, 200, 5000, bytes.length - 33, bytes.length - 1].map((at) => bytes.subarray(0, at));
    const flips = [3, 30, 150, 3000, bytes.length - 40, bytes.length - 5].map((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 4;
      return changed;
    });
    for (const wrong of [...cuts, ...flips, Buffer.concat([bytes, Buffer.from('x')]), Buffer.from('a\nb\n')]) {
      const code = expect.stringMatching(/^(bad-backup|newer-schema)$/);
      await expect(restore(again, () => pieces(wrong))).rejects.toMatchObject({ code });
      expect(existsSync(databaseFolder(again))).toBe(false);
    }
  });

  test('is rejected if a newer program wrote it or the folder has archives', async () => {
    const header = { layout: 1000, lastS: null, archives: 0, retention: '' };
    const newer: Buffer[] = [];
    for await (const part of formatBackup(header, (async function* () {})())) newer.push(part);
    await expect(restore(again, () => pieces(Buffer.concat(newer)))).rejects.toMatchObject({ code: 'newer-schema' });
    const bytes = await backupOf(data);
    const before = await readAll(data);
    await expect(restore(data, () => pieces(bytes))).rejects.toMatchObject({ code: 'has-archives' });
    expect(await readAll(data)).toEqual(before);
  });

  test('fails for a folder without archives', async () => {
    await withStore(again, async () => {});
    await expect(backupOf(again)).rejects.toMatchObject({ code: 'no-data' });
  });

  test('fails at a damaged record', async () => {
    await damageSealed();
    await expect(backupOf(data)).rejects.toMatchObject({ code: 'corrupt' });
  });

  test('leaves no file if its consumer fails', async () => {
    const refusal = new Error('the disk is full');
    await expect(backUp(data, () => Promise.reject(refusal))).rejects.toThrow(/the disk is full/);
    expect(readdirSync(data).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('a check', () => {
  const sizeOf = (name: string): number => statSync(join(databaseFolder(data), name)).size;
  const tables = (): string[] => readdirSync(databaseFolder(data)).filter((name) => name.endsWith('.ldb'));

  test('reads every sound archive and changes nothing', async () => {
    const checked = await checkArchives(data);
    expect(checked).toMatchObject({ archives: 5, faults: [], lastS: firstS + 229 * 300 });
    expect(checked.rows).toBe(5 * 2 * (28_800 + 4800 + 2400 + 797));
    await withStore(data, async () => {
      expect(await checkArchives(data)).toMatchObject({ archives: 5, faults: [] });
    });
  });

  test('reports a table that is missing or has a flipped bit', async () => {
    // Reopening the database moves records from the log to a table.
    await append(data, 1);
    const [table = ''] = tables();
    const path = join(databaseFolder(data), table);
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed[Math.floor(bytes.length / 3)] = (changed[Math.floor(bytes.length / 3)] ?? 0) ^ 1;
    writeFileSync(path, changed);
    expect((await checkArchives(data)).faults).toEqual([expect.stringContaining(table)]);
    rmSync(path);
    expect((await checkArchives(data)).faults).toEqual([expect.stringContaining(table)]);
  });

  test('reports a log with a flipped bit', async () => {
    const log = readdirSync(databaseFolder(data)).find((name) => name.endsWith('.log') && sizeOf(name) > 100) ?? '';
    const path = join(databaseFolder(data), log);
    const bytes = readFileSync(path);
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    // The last record of a log may be an unfinished write, so the check reports the missing cycles instead.
    expect((await checkArchives(data)).faults).toEqual([
      expect.stringMatching(/\.log|cycles that were stored are missing/),
    ]);
  });

  test.each([
    ['an event is missing', (key: Buffer) => key[0] === 0x65, /it should have 1 event, and has 0/],
    ['the state is missing', (key: Buffer) => key.equals(metaKey('state')), /the collector's progress/],
    [
      'the newest readings are missing',
      (key: Buffer) => key[0] === 0x72,
      /the newest readings are not those of the last cycle/,
    ],
    ['the table is missing', (key: Buffer) => key.equals(metaKey('table')), /the table of the last reading/],
  ])('reports that %s', async (_, isIt, message) => {
    await withRawDatabase(databaseFolder(data), async (level) => {
      const keys = await level.keys().all();
      const found = keys.filter(isIt);
      await level.batch(found.map((key) => ({ type: 'del', key })));
    });
    expect((await checkArchives(data)).faults).toContainEqual(expect.stringMatching(message));
  });

  test('reports a record that changed', async () => {
    await damageSealed();
    expect((await checkArchives(data)).faults).toEqual([
      expect.stringMatching(/1 × 8 hours of readings of an archive/),
    ]);
  });
});
