// The list of files, and the logs: damage to them never makes LevelDB continue with fewer records unnoticed.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLiveFiles } from '../../../src/store/leveldb/live-files.js';
import { readLogRecords, verifyLog } from '../../../src/store/leveldb/log-file.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { randomFrom } from '../../random.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-list-'));
const location = join(folder, 'db');

/** The only file whose name matches. */
function fileOf(pattern: RegExp, inFolder = location): string {
  const [name = ''] = readdirSync(inFolder).filter((one) => pattern.test(one));
  return join(inFolder, name);
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

beforeAll(async () => {
  // Each opening turns the log into a table; the last log stays, and is longer than two blocks.
  for (let i = 0; i < 3; i += 1) {
    await withRawDatabase(location, async (level) => {
      for (let n = 0; n < 200; n += 1) await level.put(Buffer.from(`${i} ${n}`), Buffer.alloc(400, n));
    });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the list of files', () => {
  test('names the tables on disk', () => {
    const tables = readdirSync(location).filter((name) => name.endsWith('.ldb'));
    expect(tables.length).toBeGreaterThan(1);
    expect([...readLiveFiles(location).tables].sort()).toEqual(tables.sort());
  });

  test('with a flipped bit is rejected or names the same tables', () => {
    const path = fileOf(/^MANIFEST/);
    const bytes = readFileSync(path);
    const { tables } = readLiveFiles(location);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        writeFileSync(path, flipped(bytes, at, bit));
        const found = attempt(() => readLiveFiles(location).tables);
        if (found === null) refused += 1;
        else expect([at, bit, found]).toEqual([at, bit, tables]);
      }
    }
    writeFileSync(path, bytes);
    expect(refused).toBe(bytes.length * 8);
  });

  test('is rejected if truncated', () => {
    const path = fileOf(/^MANIFEST/);
    const bytes = readFileSync(path);
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(path, bytes.subarray(0, length));
      expect([length, attempt(() => readLiveFiles(location).tables)]).toEqual([length, null]);
    }
    writeFileSync(path, bytes);
  });

  test('may end in a change that a crash truncated, if the files of the previous state exist', () => {
    const crashed = join(folder, 'crashed');
    cpSync(location, crashed, { recursive: true });
    const path = fileOf(/^MANIFEST/, crashed);
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([1, 2, 3, 4, 50, 0, 1, 2])]));
    expect(readLiveFiles(crashed).tables).toEqual(readLiveFiles(location).tables);
  });

  test('may name a log that a power failure lost, if no later one exists', () => {
    const crashed = join(folder, 'without-log');
    cpSync(location, crashed, { recursive: true });
    const log = fileOf(/\.log$/, crashed);
    rmSync(log);
    expect(readLiveFiles(crashed).tables).toEqual(readLiveFiles(location).tables);
    writeFileSync(join(crashed, '000999.log'), '');
    expect(() => readLiveFiles(crashed)).toThrow(`${basename(log)} is missing`);
  });

  test.each(['', 'MANIFEST-000001', 'MANIFEST-00000', 'LOCK\n'])('is rejected if CURRENT is %j', (text) => {
    const other = mkdtempSync(join(folder, 'other-'));
    writeFileSync(join(other, 'CURRENT'), text);
    expect(() => readLiveFiles(other)).toThrow('CURRENT names no list of files');
  });
});

describe('a log', () => {
  test('returns its records as written', () => {
    const records = [...readLogRecords(readFileSync(fileOf(/\.log$/)))];
    expect(records).toHaveLength(200);
    expect(records[7]?.includes(Buffer.alloc(400, 7))).toBe(true);
  });

  test('with a flipped bit before its last block is rejected', () => {
    const bytes = readFileSync(fileOf(/\.log$/));
    const random = randomFrom(5);
    expect(bytes.length).toBeGreaterThan(2 * 32_768);
    for (let round = 0; round < 500; round += 1) {
      const at = Math.floor(random() * 2 * 32_768);
      const damaged = flipped(bytes, at, Math.floor(random() * 8));
      expect(() => verifyLog(damaged, '/db/000007.log'), String(at)).toThrow('000007.log has a hole');
    }
  });

  test('may lack pages that a power failure lost, entirely or in part', () => {
    const bytes = readFileSync(fileOf(/\.log$/));
    for (let page = 0; page < 16; page += 1) {
      for (const from of [0, 5, 1000, 4000]) {
        const patchy = Buffer.from(bytes).fill(0, page * 4096 + from, (page + 1) * 4096);
        expect(() => verifyLog(patchy, 'log'), `${page} ${from}`).not.toThrow();
      }
    }
  });

  test('may be truncated by a crash', () => {
    const bytes = readFileSync(fileOf(/\.log$/));
    for (let length = 0; length < bytes.length; length += 97) {
      expect(() => verifyLog(bytes.subarray(0, length), 'log')).not.toThrow();
    }
  });
});

/** Null if it throws, which must be an error of damage. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return null;
  }
}
