import { describe, expect, test } from 'vitest';
import { dataSources, printedRows, rowAt } from './answers.js';
import { succeedHere } from './here.js';
import { run, scratch, start, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();

/** Midnight, where rows of every resolution begin. */
const startS = 1_699_920_000;
const cycles = 600;
const endS = startS + (cycles - 1) * 300;
const name = '192.0.2.2_80';

describe('fetch', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  for (let n = 0; n < cycles; n += 1) recordPair(record, startS + n * 300, evenPair(3, n));
  await succeedHere('replay', record, '--data', data);

  test('--format json prints the last day in rows of five minutes, with null for unknown', async () => {
    const rows = await printedRows(data, name);
    expect(rows).toMatchObject({ name, cf: 'AVERAGE', step: 300 });
    expect(rows.end - 300).toBe(endS);
    expect(rows.rows).toHaveLength(289);
    const last = { ActiveConn: 599 % 7, InActConn: 1, Conns: 2 / 300, InPkts: 10 / 300, OutPkts: 8 / 300 };
    expect(rowAt(rows, endS)).toEqual({ ...last, InBytes: 2000 / 300, OutBytes: 18000 / 300 });
    const open = Object.fromEntries(dataSources.map((source) => [source, null]));
    expect(rowAt(rows, endS + 300)).toEqual(open);
  });

  test('has no rate before the second reading', async () => {
    const rows = await printedRows(data, name, '--start', String(startS - 900), '--end', String(startS + 300));
    expect(rowAt(rows, startS)).toMatchObject({ Conns: null, OutBytes: null });
    expect(rowAt(rows, startS + 300)).toMatchObject({ Conns: 2 / 300, ActiveConn: 1 });
  });

  test('accepts names as people write them', async () => {
    const written = await printedRows(data, 'tcp/192.0.2.2:80/10.0.0.2:8080');
    expect(written.name).toBe('192.0.2.2_80/10.0.0.2_8080');
    expect(written.rows).toEqual((await printedRows(data, '192.0.2.2_80/10.0.0.2_8080')).rows);
  });

  test('prints sums for the director', async () => {
    expect(rowAt(await printedRows(data, 'all'), endS)).toMatchObject({
      Conns: (1 + 2 + 3) / 300,
      InActConn: 0 + 1 + 2,
    });
  });

  test.for([1800, 7200, 86_400])('--step %i --cf MAX prints the maxima of longer rows', async (step) => {
    const options = ['--step', String(step), '--start', String(startS), '--end', String(endS)];
    const rows = await printedRows(data, name, '--cf', 'MAX', ...options);
    expect(rows).toMatchObject({ cf: 'MAX', step });
    const averages = await printedRows(data, name, ...options);
    const day = rows.rows.filter(([time]) => (time ?? 0) > startS && (time ?? 0) <= startS + 86_400);
    expect(day).toHaveLength(86_400 / step);
    for (const [time = 0, active, , conns] of day) {
      expect(active).toBeGreaterThanOrEqual(5);
      expect(conns).toBeCloseTo(2 / 300, 12);
      expect(rowAt(averages, time ?? 0)['ActiveConn']).toBeLessThan(active ?? 0);
    }
  });

  test('--format csv prints a row per line under the names, with nothing for unknown', async () => {
    const span = ['--start', String(endS - 300), '--end', String(endS)];
    const lines = (await succeed('fetch', name, '--data', data, '--format', 'csv', ...span)).trimEnd().split('\n');
    expect(lines).toEqual([
      ['time', ...dataSources].join(','),
      [endS, 599 % 7, 1, 2 / 300, 10 / 300, 8 / 300, 2000 / 300, 18000 / 300].join(','),
      `${endS + 300},,,,,,,`,
    ]);
  });

  test('prints a table, with a dash for unknown', async () => {
    const span = ['--start', String(endS - 300), '--end', String(endS)];
    const lines = (await succeed('fetch', name, '--data', data, ...span)).trimEnd().split('\n');
    expect(lines[0]?.trim().split(/ +/)).toEqual(['time', ...dataSources]);
    expect(lines[1]).toMatch(new RegExp(`^${endS} 2023-11-16 01:55:00 +4\\.000 +1\\.000 +0\\.007 `));
    expect(lines[2]).toMatch(/( +-){7}$/);
  });

  test('fails for a missing archive, and mentions the list', async () => {
    const ended = await run(['fetch', '198.51.100.1:80', '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toBe('lvs-stats: there is no archive "198.51.100.1_80": "lvs-stats list" shows the names\n');
  });

  test('reports wrong usage for an invalid name, and for a start after the end', async () => {
    for (const args of [['nonsense'], [name, '--start', '1700000000', '--end', '1600000000']]) {
      expect(await run(['fetch', ...args, '--data', data])).toMatchObject({ status: 2, stdout: '' });
    }
  });

  test('ends silently when the reader of its output does', async () => {
    const { child, ended } = start(['fetch', 'all', '--data', data, '--start', '1600000000', '--format', 'csv']);
    child.stdout?.destroy();
    expect((await ended).stderr).toBe('');
  });
});
