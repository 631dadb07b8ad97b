// Whatever a plan sends, it sends every final row once, in bounded requests, and an ordered receiver gets no row before an older one.

import { expect, test } from 'vitest';
import { standardRetention } from '../../../src/model/retention.js';
import { newCursor } from '../../../src/push/cursor/cursor.js';
import { levelsOf } from '../../../src/push/plan/levels.js';
import { firstPosition, lagging, nextSlice, type Table } from '../../../src/push/plan/next-slice.js';
import { type Piece, type PushedArchive, piecesOf } from '../../../src/push/plan/pieces.js';

const dayS = 86_400;
const stepS = 300;
const newestS = 1_800_000_000 - (1_800_000_000 % stepS);

function archive(name: string, other: Partial<PushedArchive> = {}): PushedArchive {
  return { name, columns: 7, firstS: newestS - 300 * dayS + 17, lastS: newestS + 40, afterS: null, ...other };
}

function tableOf(archives: readonly PushedArchive[], longerSinceS = 0): Table {
  const levels = levelsOf(standardRetention, newestS, longerSinceS);
  const beganS = Math.min(...archives.map(({ firstS }) => firstS));
  return { archives, levels, stepS, newestS, oldestS: Math.floor(beganS / stepS) * stepS };
}

/** All pieces of a push, with the order in which they are sent. */
function wholePlan(table: Table, order: 'any' | 'ascending'): readonly Piece[] {
  const pieces: Piece[] = [];
  let cursor = newCursor(firstPosition(table, order));
  for (let slices = 0; slices < 20_000; slices += 1) {
    const slice = nextSlice(cursor, table, order);
    if (slice === null) return pieces;
    pieces.push(...piecesOf(slice, table.archives, table.levels));
    cursor = slice.way === 'forward' ? { ...cursor, toS: slice.endS } : { ...cursor, fromS: slice.startS };
  }
  throw new Error('the plan does not end');
}

const archives = [archive('all'), archive('new', { firstS: newestS - 3 * dayS, columns: 2 }), archive('a/b')];

/** How often each row is sent, by archive, length, function and end. */
function countsOf(pieces: readonly Piece[]): ReadonlyMap<string, number> {
  const sent = new Map<string, number>();
  for (const { archives: own, startS, endS, rowS, cf } of pieces) {
    for (const { name } of own) {
      for (let timeS = startS + rowS; timeS <= endS; timeS += rowS) {
        const key = `${name} ${rowS} ${cf ?? ''} ${timeS}`;
        sent.set(key, (sent.get(key) ?? 0) + 1);
      }
    }
  }
  return sent;
}

/** The rows of a length in a span that are not sent. */
function missing(
  sent: ReadonlyMap<string, number>,
  series: string,
  { rowS, sinceS, untilS }: { readonly rowS: number; readonly sinceS: number; readonly untilS: number },
): readonly number[] {
  const times: number[] = [];
  for (let timeS = Math.floor(sinceS / rowS) * rowS + rowS; timeS <= untilS; timeS += rowS)
    if (!sent.has(`${series} ${timeS}`)) times.push(timeS);
  return times;
}

const fineS = newestS - 100 * dayS + stepS;

test.each(['any', 'ascending'] as const)('a plan in the order "%s" has every row of every level once', (order) => {
  const sent = countsOf(wholePlan(tableOf(archives), order));
  expect([...sent.values()].every((times) => times === 1)).toBe(true);
  expect(missing(sent, 'all 300 ', { rowS: stepS, sinceS: fineS, untilS: newestS })).toEqual([]);
  for (const cf of ['AVERAGE', 'MAX']) {
    const hours = { rowS: 7200, sinceS: newestS - 200 * dayS + 3 * 7200, untilS: newestS };
    expect(missing(sent, `all 7200 ${cf}`, hours)).toEqual([]);
    const days = { rowS: dayS, sinceS: newestS - 250 * dayS, untilS: newestS };
    expect(missing(sent, `all 86400 ${cf}`, days)).toEqual([]);
  }
});

test.each([
  ['any', 0.4],
  ['any', 130.3],
  ['ascending', 0.4],
  ['ascending', 130.3],
] as const)(
  'longer rows that earlier versions did not send are not in a plan (order "%s", %d days ago)',
  (order, days) => {
    const longerSinceS = newestS - Math.round(days * 288) * stepS;
    const sent = countsOf(wholePlan(tableOf(archives, longerSinceS), order));
    expect([...sent.values()].every((times) => times === 1)).toBe(true);
    const beforeS = Math.min(fineS, longerSinceS);
    const all = { rowS: 7200, sinceS: newestS - 200 * dayS + 3 * 7200, untilS: newestS };
    const gaps = missing(sent, 'all 7200 MAX', all);
    expect(gaps.every((timeS) => timeS > beforeS && timeS <= longerSinceS)).toBe(true);
    if (longerSinceS > fineS + 2 * 7200) expect(gaps.length).toBeGreaterThan(0);
    else expect(gaps).toEqual([]);
  },
);

test('requests are bounded', () => {
  const many = Array.from({ length: 3000 }, (_, i) => archive(`a${i}`, { firstS: newestS - 2 * dayS }));
  for (const { archives: own, startS, endS, rowS } of wholePlan(tableOf(many), 'any')) {
    const series = own.reduce((sum, { columns }) => sum + columns, 0);
    expect(series).toBeLessThanOrEqual(5000);
    expect((series * (endS - startS)) / rowS).toBeLessThanOrEqual(20_000);
  }
});

test('an ordered receiver gets slices of less than an hour, in order', () => {
  const pieces = wholePlan(tableOf(archives), 'ascending').filter(({ rowS }) => rowS === stepS);
  expect(pieces.every(({ startS, endS }) => endS - startS <= 3300)).toBe(true);
  expect(pieces.every(({ startS }, i) => startS >= (pieces[i - 1]?.startS ?? 0))).toBe(true);
});

test('other receivers get new rows first, then history from the newest on', () => {
  const table = tableOf(archives);
  const delivered = { fromS: newestS - dayS, toS: newestS - stepS };
  expect(nextSlice(delivered, table, 'any')).toMatchObject({ way: 'forward', startS: delivered.toS, endS: newestS });
  const back = nextSlice({ ...delivered, toS: newestS }, table, 'window');
  expect(back).toMatchObject({ way: 'back', endS: delivered.fromS });
  expect(nextSlice({ fromS: table.oldestS, toS: newestS }, table, 'any')).toBeNull();
});

test('an archive that lags behind resumes where its rows were sent', () => {
  const late = archive('late', { lastS: newestS - 3000 + 10 });
  const table = tableOf([archive('all'), late]);
  const known = lagging(table.archives, { stepS, toS: newestS, sentS: newestS - dayS });
  expect(known).toEqual({ late: newestS - 3000 });
  const resumed = { ...late, lastS: newestS + 300, afterS: newestS - 3000 };
  const slice = { startS: newestS, endS: newestS + 300 };
  const pieces = piecesOf(slice, [archive('all', { lastS: newestS + 300 }), resumed], table.levels);
  const spans = pieces.map(({ archives: own, rowS, startS, endS }) => [
    own.map(({ name }) => name),
    rowS,
    startS,
    endS,
  ]);
  expect(spans).toEqual([
    // The row of two hours that was not over before, for both functions.
    [['late'], 7200, newestS - 7200, newestS],
    [['late'], 7200, newestS - 7200, newestS],
    [['all'], 300, newestS, newestS + 300],
    [['late'], 300, newestS - 3000, newestS + 300],
  ]);
});
