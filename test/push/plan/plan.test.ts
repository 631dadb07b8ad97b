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

function tableOf(archives: readonly PushedArchive[]): Table {
  const levels = levelsOf(standardRetention, newestS);
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

test.each(['any', 'ascending'] as const)('a plan in the order "%s" has every row of every level once', (order) => {
  const table = tableOf(archives);
  const pieces = wholePlan(table, order);
  const sent = new Map<string, number>();
  for (const { archives: own, startS, endS, rowS, cf } of pieces) {
    for (const { name } of own) {
      for (let timeS = startS + rowS; timeS <= endS; timeS += rowS) {
        const key = `${name} ${rowS} ${cf ?? ''} ${timeS}`;
        sent.set(key, (sent.get(key) ?? 0) + 1);
      }
    }
  }
  expect([...sent.values()].every((times) => times === 1)).toBe(true);
  const fineS = newestS - 100 * dayS + stepS;
  for (let timeS = fineS + stepS; timeS <= newestS; timeS += stepS) expect(sent.has(`all 300  ${timeS}`)).toBe(true);
  const coarse = [...sent.keys()].filter((key) => key.startsWith('all 7200 MAX '));
  const times = coarse.map((key) => Number(key.split(' ')[3])).sort((a, b) => a - b);
  expect(times[0]).toBeLessThanOrEqual(newestS - 200 * dayS + 4 * 7200);
  expect(times.at(-1)).toBeGreaterThanOrEqual(fineS);
  for (let timeS = Math.ceil((newestS - 250 * dayS) / dayS) * dayS; timeS <= fineS; timeS += dayS)
    expect(sent.has(`all 86400 AVERAGE ${timeS}`)).toBe(true);
});

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
  expect(pieces.map(({ archives: own, startS, endS }) => [own.map(({ name }) => name), startS, endS])).toEqual([
    [['all'], newestS, newestS + 300],
    [['late'], newestS - 3000, newestS + 300],
  ]);
});
