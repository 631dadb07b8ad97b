// Records that arrive by archive and are returned by key, from memory and from an unlinked file.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TimedKind, timedKey } from '../../../src/store/layout/keys.js';
import type { Operation } from '../../../src/store/leveldb/database.js';
import { SortedRecords } from '../../../src/store/leveldb/sorted-records.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-sorted-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = fc.record({
  kind: fc.constantFrom<TimedKind>('c', 't', 'u'),
  time: fc.constantFrom(0, 7, 255, 256, 60_000, 0xffffffff),
  value: fc.uint8Array({ maxLength: 40 }),
});

describe('records in the order of their keys', () => {
  test.each([
    { title: 'all in memory', maxBytes: 2 ** 20 },
    { title: 'spilled now and then', maxBytes: 100 },
    { title: 'spilled one by one', maxBytes: 0 },
  ])('are complete: $title', ({ maxBytes }) => {
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 20 }), (archives) => {
        const records = new SortedRecords(join(folder, 'part'), maxBytes);
        const expected = new Map<string, Uint8Array>();
        for (const [id, own] of archives.entries()) {
          for (const { kind, time, value } of own) {
            const key = timedKey(kind, time, id).toString('hex');
            if (expected.has(key)) continue;
            expected.set(key, value);
            records.add(kind, time, { id, value });
          }
        }
        expect(readdirSync(folder)).toEqual([]);
        const found = [...records.batches()].flat().map(plain);
        records.close();
        expect(found).toEqual([...expected].map(([key, value]): [string, number[]] => [key, [...value]]).sort(byKey));
      }),
      { numRuns: 60 },
    );
  });

  test('arrive in batches, however many there are', () => {
    const records = new SortedRecords(join(folder, 'part'), 2 ** 22);
    const value = new Uint8Array(5000);
    for (let id = 0; id < 2000; id += 1) records.add('c', 3, { id, value });
    const sizes = [...records.batches()].map((batch) => batch.length);
    records.close();
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(300);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2000);
  });
});

function plain(operation: Operation): [string, number[]] {
  return [operation.key.toString('hex'), operation.type === 'put' ? [...operation.value] : []];
}

function byKey([a]: readonly [string, number[]], [b]: readonly [string, number[]]): number {
  return a < b ? -1 : 1;
}
