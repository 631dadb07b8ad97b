// The checksums of LevelDB's files: files it wrote pass, and no changed byte goes unnoticed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crc32c } from '../../../src/store/leveldb/crc32c.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { unpackSnappy } from '../../../src/store/leveldb/snappy.js';
import { dataBlocks, isSoundTable, verifyTable } from '../../../src/store/leveldb/table-file.js';
import { randomFrom } from '../../random.js';

// RFC 3720, B.4.
test.each([
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 rising bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['32 falling bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
  ['nothing', Buffer.alloc(0), 0],
])("the CRC-32C of %s is the standard's", (_title, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

describe('a Snappy block', () => {
  test.each([
    ['a literal', [5, 0x10, ...Buffer.from('hello')], 'hello'],
    ['a copy of earlier bytes', [8, 0x0c, ...Buffer.from('abcd'), 0x01, 4], 'abcdabcd'],
    ['a copy that overlaps itself', [7, 0x04, ...Buffer.from('ab'), 0x05, 2], 'abababa'],
    ['a distant copy', [6, 0x08, ...Buffer.from('xyz'), 0x0a, 3, 0], 'xyzxyz'],
  ])('decompresses: %s', (_title, packed, text) => {
    expect(unpackSnappy(Buffer.from(packed)).toString()).toBe(text);
  });

  test.each([
    ['it is shorter than its length', [6, 0x10, ...Buffer.from('hello')]],
    ['it exceeds its length', [4, 0x10, ...Buffer.from('hello')]],
    ['a literal is truncated', [5, 0x10, ...Buffer.from('hel')]],
    ['a copy reaches back too far', [8, 0x0c, ...Buffer.from('abcd'), 0x01, 5]],
    ['its length is huge', [0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['it is empty', []],
  ])('is rejected if %s', (_title, packed) => {
    expect(() => unpackSnappy(Buffer.from(packed))).toThrow(RangeError);
  });
});

describe('a table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-table-'));
  let path = '';
  let bytes: Buffer = Buffer.alloc(0);

  beforeAll(async () => {
    const random = randomFrom(3);
    const location = join(folder, 'db');
    await withRawDatabase(location, async (level) => {
      for (let i = 0; i < 3000; i += 1) {
        const value = Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256)));
        await level.put(Buffer.from(`a key that others begin like ${i}`), i % 3 === 0 ? Buffer.alloc(60, 7) : value);
      }
    });
    // Reopening the database turns the log into a table.
    await withRawDatabase(location, async () => {});
    const [name = ''] = readdirSync(location).filter((one) => one.endsWith('.ldb'));
    path = join(location, name);
    bytes = readFileSync(path);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('passes block by block if LevelDB wrote it', () => {
    expect(() => verifyTable(path)).not.toThrow();
    const blocks = dataBlocks(bytes);
    expect(blocks.length).toBeGreaterThan(20);
    expect(blocks.every(({ isSound }) => isSound)).toBe(true);
  });

  test("fails with any flipped bit, except in the footer's padding", () => {
    const random = randomFrom(4);
    const footerAt = bytes.length - 48;
    for (let round = 0; round < 2000; round += 1) {
      const at = round < 48 ? footerAt + round : Math.floor(random() * bytes.length);
      const isPadding = at >= footerAt && at < bytes.length - 8 && bytes[at] === 0;
      if (isPadding) continue;
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect([at, isSoundTable(flipped)]).toEqual([at, false]);
    }
  });

  test('fails by name if truncated', () => {
    const cut = join(folder, '000099.ldb');
    for (const length of [0, 1, 47, 48, 1000, bytes.length - 1]) {
      writeFileSync(cut, bytes.subarray(0, length));
      expect(() => verifyTable(cut)).toThrow(/^000099\.ldb: /);
    }
  });
});
