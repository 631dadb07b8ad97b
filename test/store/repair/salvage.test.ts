// Tables without their damaged blocks: LevelDB reads all other blocks, as written.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { dataBlocks, isSoundTable } from '../../../src/store/leveldb/table-file.js';
import { salvage } from '../../../src/store/repair/salvage.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-salvage-'));
const sound = join(folder, 'sound');
const written = new Map(Array.from({ length: 3000 }, (_, i) => [`the key ${10_000 + i}`, `value ${i} `.repeat(5)]));
let table = '';
let bytes: Buffer = Buffer.alloc(0);

beforeAll(async () => {
  await withRawDatabase(sound, async (level) => {
    for (const [key, value] of written) await level.put(Buffer.from(key), Buffer.from(value));
  });
  await withRawDatabase(sound, async () => {});
  table = readdirSync(sound).find((name) => name.endsWith('.ldb')) ?? '';
  bytes = readFileSync(join(sound, table));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the database whose table has changed bytes at `offsets`. */
function damagedAt(offsets: readonly number[]): string {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(sound, copy, { recursive: true });
  const damaged = Buffer.from(bytes);
  for (const at of offsets) damaged[at] = (damaged[at] ?? 0) ^ 16;
  writeFileSync(join(copy, table), damaged);
  return copy;
}

/** The remaining keys; checks that a lookup of each returns the value that was written. */
async function keysOf(location: string): Promise<string[]> {
  return withRawDatabase(location, async (level) => {
    const entries = await level.iterator().all();
    for (const [key, value] of entries) {
      expect(value.toString()).toBe(written.get(key.toString()));
      expect(level.getSync(key)).toEqual(value);
    }
    return entries.map(([key]) => key.toString());
  });
}

describe('a salvaged database', () => {
  test('equals a sound one', async () => {
    const copy = damagedAt([]);
    expect(salvage(copy)).toEqual({ isListWhole: true, lostBlocks: 0, lostTables: 0 });
    expect(readFileSync(join(copy, table))).toEqual(bytes);
    expect(await keysOf(copy)).toEqual([...written.keys()]);
  });

  test.each([
    ['the first', [0]],
    ['one in the middle', [7]],
    ['the last', [-1]],
    ['two adjacent ones and another', [3, 4, 9]],
  ])('lacks only the records of the damaged blocks: %s', async (_title, which) => {
    const blocks = dataBlocks(bytes);
    const lost = which.flatMap((n) => blocks.at(n) ?? []);
    const copy = damagedAt(lost.map(({ offset }) => offset + 9));
    expect(salvage(copy)).toEqual({ isListWhole: true, lostBlocks: which.length, lostTables: 0 });
    const cut = readFileSync(join(copy, table));
    expect([cut.length, isSoundTable(cut)]).toEqual([bytes.length, true]);
    expect(dataBlocks(cut).map(({ offset }) => offset)).toEqual(
      blocks.filter((block) => !lost.includes(block)).map(({ offset }) => offset),
    );
    // A block's keys follow the last key of the block before it, up to its own last key.
    const endOf = (n: number): string => blocks[n]?.lastKey.toString('latin1').slice(0, -8) ?? '';
    const isLost = (key: string): boolean =>
      lost.some((block) => key > endOf(blocks.indexOf(block) - 1) && key <= endOf(blocks.indexOf(block)));
    const left = [...written.keys()].filter((key) => !isLost(key));
    expect(left.length).toBeLessThan(written.size);
    expect(await keysOf(copy)).toEqual(left);
  });

  test('lacks nothing if only parts that LevelDB can do without are damaged: the filter, the last bytes', async () => {
    const filterAt = Math.max(...dataBlocks(bytes).map(({ offset, size }) => offset + size + 5));
    for (const at of [filterAt + 3, bytes.length - 1]) {
      const copy = damagedAt([at]);
      expect(salvage(copy)).toEqual({ isListWhole: true, lostBlocks: 0, lostTables: 0 });
      expect(await keysOf(copy)).toEqual([...written.keys()]);
    }
  });

  test('is empty if every block of its only table is damaged', async () => {
    const blocks = dataBlocks(bytes);
    const copy = damagedAt(blocks.map(({ offset }) => offset));
    expect(salvage(copy)).toMatchObject({ lostBlocks: blocks.length });
    expect(await keysOf(copy)).toEqual([]);
  });

  test('lacks a table whose index is damaged', () => {
    const copy = damagedAt([bytes.length - 60]);
    expect(salvage(copy)).toEqual({ isListWhole: true, lostBlocks: 0, lostTables: 1 });
    expect(readdirSync(copy)).not.toContain(table);
  });

  test('lacks a listed table that does not exist', () => {
    const copy = damagedAt([]);
    rmSync(join(copy, table));
    expect(salvage(copy)).toEqual({ isListWhole: true, lostBlocks: 0, lostTables: 1 });
  });

  test('drops a damaged list of files and keeps the sound tables', () => {
    const copy = damagedAt([]);
    const list = readdirSync(copy).find((name) => name.startsWith('MANIFEST')) ?? '';
    writeFileSync(join(copy, list), 'damaged');
    expect(salvage(copy)).toEqual({ isListWhole: false, lostBlocks: 0, lostTables: 0 });
    expect(readdirSync(copy)).toContain(table);
  });
});
