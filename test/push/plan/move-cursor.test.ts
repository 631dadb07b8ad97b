// How the cursor moves past rows that were sent, refused, or are too old.

import { expect, test } from 'vitest';
import { newCursor } from '../../../src/push/cursor/cursor.js';
import { afterSlice, afterWritten, skippingTooOld, withRecent } from '../../../src/push/plan/move-cursor.js';
import type { NextSlice, Table } from '../../../src/push/plan/next-slice.js';
import { nothingWritten } from '../../../src/push/receiver/write-rows.js';

const cursor = newCursor({ fromS: 60_000, toS: 90_000 });
const archive = { columns: 1, firstS: 0, afterS: null };
const table: Table = {
  archives: [
    { ...archive, name: 'all', lastS: 93_100 },
    { ...archive, name: 'gone', lastS: 91_000 },
  ],
  levels: [],
  stepS: 300,
  newestS: 93_000,
  oldestS: 3000,
};
const forward: NextSlice = { way: 'forward', startS: 90_000, endS: 93_000 };
const back: NextSlice = { way: 'back', startS: 40_000, endS: 60_000 };

test('a slice extends its end of the span, and archives without new readings lag behind', () => {
  expect(afterSlice(cursor, forward, table)).toMatchObject({ fromS: 60_000, toS: 93_000, late: { gone: 90_900 } });
  expect(afterSlice(cursor, back, table)).toMatchObject({ fromS: 40_000, toS: 90_000, late: {} });
});

test('refusals within a day are one, which keeps its beginning', () => {
  const refusing = { ...nothingWritten, refused: 2, text: 'duplicate' };
  const ground = { slice: forward, oldestS: 3000 };
  const first = afterWritten(cursor, refusing, { ...ground, atS: 1000 });
  expect(first.refused).toEqual({ samples: 2, sinceS: 1000, atS: 1000, text: 'duplicate' });
  const second = afterWritten(first, refusing, { ...ground, atS: 87_399 });
  expect(second.refused).toMatchObject({ samples: 4, sinceS: 1000, atS: 87_399 });
  expect(afterWritten(second, nothingWritten, { ...ground, atS: 90_000 })).toBe(second);
  const later = afterWritten(second, refusing, { ...ground, atS: 87_399 + 86_400 });
  expect(later.refused).toMatchObject({ samples: 6, sinceS: 173_799 });
});

test('a row too old ends a back-fill, and is noted among new rows', () => {
  const ground = { oldestS: 3000, atS: 1 };
  const tooOld = { ...nothingWritten, tooOldS: 45_000, lostS: 45_000 };
  expect(afterWritten(cursor, tooOld, { ...ground, slice: back })).toMatchObject({
    ...{ fromS: 3000, toS: 90_000, tooOld: { fromS: 3000, toS: 45_000, atS: ground.atS } },
  });
  expect(afterWritten(cursor, { ...tooOld, lostS: 91_000 }, { ...ground, slice: forward })).toMatchObject({
    ...{ fromS: 60_000, tooOld: { fromS: 90_000, toS: 91_000, atS: ground.atS } },
  });
});

test('a receiver that takes rows in order gets none from before its floor', () => {
  const inOrder = { order: 'ascending', floorS: 92_000, startedBy: null, isMute: false } as const;
  const skipped = skippingTooOld(cursor, table, { receiving: inOrder, atS: 95_000 });
  expect(skipped).toMatchObject({ fromS: 3000, toS: 91_800, tooOld: { fromS: 3000, toS: 91_800, atS: 95_000 } });
  expect(skippingTooOld(cursor, table, { receiving: { order: 'window', startedBy: null }, atS: 95_000 })).toBe(cursor);
});

test('adjoining spans of the same seconds are one', () => {
  const one = { fromS: 100, toS: 200, atS: 1000 };
  expect(withRecent([one], { fromS: 200, toS: 300, atS: 1004 })).toEqual([{ fromS: 100, toS: 300, atS: 1004 }]);
  expect(withRecent([one], { fromS: 200, toS: 300, atS: 1005 })).toHaveLength(2);
  expect(withRecent([one], { fromS: 201, toS: 300, atS: 1004 })).toHaveLength(2);
});
