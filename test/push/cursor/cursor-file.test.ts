// The position of a push survives a restart, and a file that cannot be read is never taken for a beginning.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatCursor, newCursor } from '../../../src/push/cursor/cursor.js';
import { cursorPath, readCursor, readPushStates, writeCursor } from '../../../src/push/cursor/cursor-file.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-cursor-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const to = { receiver: 'http://127.0.0.1:8428/api/v1/write', director: 'lb1' };
const cursor = {
  ...newCursor({ fromS: 1_700_000_100, toS: 1_800_000_000 }),
  late: { 'a/b': 1_799_000_100 },
  startedBy: '1799999999',
  recent: [{ fromS: 1, toS: 2, atS: 3 }],
  doubt: { fromS: 3, toS: 4 },
  described: { dayS: 1_799_971_200, digest: '0123456789abcdef' },
  tooOld: { fromS: 5, toS: 6, atS: 7 },
  refused: { samples: 7, sinceS: 5, atS: 8, text: 'duplicate' },
  failure: { sinceS: 9, text: 'answers 500' },
  triedS: 10,
};

test('a position is read as it was written, and no other file stays', () => {
  expect(readCursor(folder, to)).toBeNull();
  writeCursor(folder, to, newCursor({ fromS: 1, toS: 1 }));
  writeCursor(folder, to, cursor);
  expect(readCursor(folder, to)).toEqual(cursor);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a position from before there were descriptions has none', () => {
  const { described: _, longerSinceS: __, ...older } = cursor;
  writeFileSync(cursorPath(folder, to), JSON.stringify({ version: 1, ...to, ...older }));
  expect(readCursor(folder, to)).toEqual({ ...cursor, described: null, longerSinceS: cursor.toS });
});

test('a position of version 1 says that only later rows have longer ones beside them', () => {
  const { longerSinceS: _, ...older } = cursor;
  writeFileSync(cursorPath(folder, to), JSON.stringify({ version: 1, ...to, ...older }));
  expect(readCursor(folder, to)).toEqual({ ...cursor, longerSinceS: cursor.toS });
});

test('how pushing goes is known of receivers that were tried within a day, and of files that cannot be read', () => {
  writeCursor(folder, to, cursor);
  const states = { failure: cursor.failure, refused: cursor.refused, tooOld: cursor.tooOld };
  expect(readPushStates(folder, cursor.triedS + 86_400)).toEqual({ [to.receiver]: states });
  expect(readPushStates(folder, cursor.triedS + 86_401)).toEqual({});
  writeFileSync(join(folder, 'push-0123abcd.json'), '{');
  const broken = Object.entries(readPushStates(folder, cursor.triedS + 90_000));
  expect(broken).toEqual([
    [
      join(folder, 'push-0123abcd.json'),
      {
        failure: { sinceS: expect.any(Number), text: expect.stringMatching(/move it away$/) },
        refused: null,
        tooOld: null,
      },
    ],
  ]);
});

test.each([{ receiver: 'http://127.0.0.1:9090/api/v1/write' }, { director: 'lb2' }])('%o has its own', (other) => {
  writeCursor(folder, to, cursor);
  expect(readCursor(folder, { ...to, ...other })).toBeNull();
});

test.each([
  ['', /JSON/],
  ['{"version":2', /JSON/],
  ['[]', /not a JSON object/],
  [formatCursor(cursor, to).replace('"version":2', '"version":3'), /version is 3, not 2/],
  [formatCursor(cursor, to).replace('"toS":1800000000', '"toS":"1800000000"'), /"toS"/],
  [formatCursor(cursor, to).replace('"atS":3', '"atS":null'), /"recent"/],
])('a file that holds "%s" is an error that says how to go on', (text, why) => {
  writeFileSync(cursorPath(folder, to), text);
  expect(() => readCursor(folder, to)).toThrow(why);
  expect(() => readCursor(folder, to)).toThrow(/restore it, or move it away/);
});
