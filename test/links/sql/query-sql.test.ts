// Queries of the live table: the usual ones against rows computed here, values that JSON lacks, and the limits of a result.

import { expect, test } from 'vitest';
import type { LiveRow } from '../../../src/model/links/live-row.js';
import { patientLimits, query, table } from './sql-kit.js';

/** The order of SQLite: unknown first, the reverse for DESC. */
function compare(a: number | null, b: number | null): number {
  return (a ?? Number.NEGATIVE_INFINITY) - (b ?? Number.NEGATIVE_INFINITY);
}

function sumOf(rows: readonly LiveRow[], field: 'nginxAccessRate' | 'nginxErrRate'): number | null {
  const known = rows.flatMap((row) => row[field] ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

test('SELECT * has all columns under both spellings, in the order that was asked for', async () => {
  const { columns, rows, isCut } = await query('SELECT * FROM data ORDER BY disconnect DESC');
  expect(columns).toEqual([
    ...['name', 'disconnect', 'dataCenter', 'DC', 'role', 'load', 'nginxErrRate', 'nginxErrorRate', 'connectivity'],
    ...['nginxAccessRate', 'nginx4xx', 'nginx5xx', 'nginx504', 'links', 'lossy', 'slow', 'stale', 'lastSeen'],
  ]);
  expect(isCut).toBe(false);
  expect(rows.map(([, disconnect]) => disconnect)).toEqual(
    table.map(({ disconnect }) => disconnect).sort((a, b) => b - a),
  );
  const expected = new Map(
    table.map((row) => {
      const { name, disconnect, dataCenter, role, load, nginxErrRate, ...rest } = row;
      const first = [name, disconnect, dataCenter, dataCenter, role, load, nginxErrRate, nginxErrRate];
      return [name, [...first, ...Object.values(rest)]];
    }),
  );
  expect(rows.length).toBe(table.length);
  for (const row of rows) expect(row).toEqual(expected.get(String(row[0])));
});

test('sums by data centre are those of the known values, the unknown data centre among them', async () => {
  const { columns, rows } = await query(
    'SELECT SUM(nginxAccessRate), SUM(nginxErrorRate), dataCenter FROM data GROUP by dataCenter ORDER BY SUM(nginxAccessRate)',
  );
  const centres = [...new Set(table.map(({ dataCenter }) => dataCenter))];
  const expected = centres
    .map((centre) => {
      const own = table.filter(({ dataCenter }) => dataCenter === centre);
      return [sumOf(own, 'nginxAccessRate'), sumOf(own, 'nginxErrRate'), centre] as const;
    })
    .sort((a, b) => compare(a[0], b[0]));
  expect(columns).toEqual(['SUM(nginxAccessRate)', 'SUM(nginxErrorRate)', 'dataCenter']);
  expect(centres).toContain(null);
  expect(rows).toEqual(expected);
});

test('a text may stand in double quotes', async () => {
  const { rows } = await query('SELECT load, nginxErrorRate FROM data WHERE role = "be" ORDER by nginxErrorRate DESC');
  const own = table.filter(({ role }) => role === 'be');
  const pairs = (all: readonly (readonly (string | number | null)[])[]) => all.map((row) => JSON.stringify(row)).sort();
  expect(own.length).toBeGreaterThan(1000);
  expect(rows.map(([, rate]) => rate)).toEqual(
    own.map(({ nginxErrRate }) => nginxErrRate).sort((a, b) => compare(b, a)),
  );
  expect(pairs(rows)).toEqual(pairs(own.map(({ load, nginxErrRate }) => [load, nginxErrRate])));
});

test('504 alone', async () => {
  const { rows } = await query('SELECT name, nginx504 FROM data WHERE nginx504 > 40 ORDER BY nginx504 DESC, name');
  const expected = table
    .filter(({ nginx504 }) => (nginx504 ?? 0) > 40)
    .map(({ name, nginx504 }) => [name, nginx504] as const)
    .sort((a, b) => compare(b[1], a[1]) || (a[0] < b[0] ? -1 : 1));
  expect(expected.length).toBeGreaterThan(100);
  expect(rows).toEqual(expected);
});

test('unknown, NaN and infinite values of a row are NULL', async () => {
  const [one] = table;
  if (one === undefined) throw new Error('no row');
  const odd = { ...one, load: Number.NaN, connectivity: Number.POSITIVE_INFINITY, nginx504: null, role: null };
  const { rows } = await query('SELECT load, connectivity, nginx504, role, count(load) FROM data', [odd]);
  expect(rows).toEqual([[null, null, null, null, 0]]);
});

test('values that JSON lacks are texts, and texts come whole', async () => {
  const { rows } = await query(
    `SELECT 9007199254740993, -9223372036854775807, 9e999, -9e999, x'00ff', 'a' || char(0) || 'b', 'é😀', 1.5, NULL`,
  );
  const big = ['9007199254740993', '-9223372036854775807', 'Inf', '-Inf'];
  expect(rows).toEqual([[...big, "x'00ff'", 'a\0b', 'é😀', 1.5, null]]);
});

test('names and roles of agents come back as they are, whatever they contain', async () => {
  const [one] = table;
  if (one === undefined) throw new Error('no row');
  const name = `'); DROP TABLE data; --\u202e"é\0z`;
  expect((await query('SELECT name, count(*) FROM data', [{ ...one, name }])).rows).toEqual([[name, 1]]);
});

test('an empty table has columns and no rows', async () => {
  expect(await query('SELECT name FROM data', [])).toEqual({ columns: ['name'], rows: [], isCut: false });
});

test('a result is cut at its most rows, and says so', async () => {
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c';
  const { rows, isCut } = await query(endless);
  expect([rows.length, isCut]).toEqual([patientLimits.rows, true]);
  expect(rows.at(-1)).toEqual([patientLimits.rows]);
  const exactly = await query('SELECT name FROM data LIMIT 10', table, { ...patientLimits, rows: 10 });
  expect([exactly.rows.length, exactly.isCut]).toEqual([10, false]);
});

test('a result is cut at its most bytes, and says so', async () => {
  const { rows, isCut } = await query(`SELECT printf('%.*c', 100000, 'x') FROM data`);
  expect([rows.length, isCut]).toEqual([Math.floor(patientLimits.bytes / 100_000), true]);
});
