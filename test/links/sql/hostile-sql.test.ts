// Queries that would write, that would never end, or that would fill the memory.

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../../until.js';
import { failureOf, fewRows, patientLimits, query } from './sql-kit.js';

const refused: readonly (readonly [string, string])[] = [
  ['a second statement', 'SELECT 1; DELETE FROM data'],
  ['a second statement behind a comment', 'SELECT 1 /* ; */ ; -- ;\n DELETE FROM data'],
  ['a second statement that switches writing on', 'SELECT 1; PRAGMA query_only = OFF'],
  ['a second statement that is none', 'SELECT 1; gar bage'],
  ['EXPLAIN of a PRAGMA, which takes effect', 'EXPLAIN PRAGMA query_only=OFF'],
  ['PRAGMA', 'PRAGMA query_only = OFF'],
  ['PRAGMA behind comments', '-- SELECT\n/* SELECT */ \t\r\n\f PRAGMA query_only = OFF'],
  ['ATTACH', `ATTACH '/tmp/lvs-stats-attached.db' AS x`],
  ['VACUUM INTO', `VACUUM INTO '/tmp/lvs-stats-vacuum.db'`],
  ['DELETE', 'DELETE FROM data'],
  ['WITH … DELETE', 'WITH x AS (SELECT 1) DELETE FROM data'],
  ['WITH … DELETE of nothing, with RETURNING', 'WITH x AS (SELECT 1) DELETE FROM data WHERE 0 RETURNING *'],
  ['WITH … INSERT, with RETURNING', 'WITH x AS (SELECT 1) INSERT INTO data (name) VALUES (2) RETURNING name'],
  ['WITH … UPDATE, with RETURNING', 'WITH x AS (SELECT 1) UPDATE data SET load = 0 RETURNING load'],
  ['WITH … REPLACE, with RETURNING', `WITH x AS (SELECT 1) REPLACE INTO data (name) SELECT 'a' RETURNING name`],
  ['an empty text', ''],
  ['a comment alone', '/* SELECT 1'],
  ['a semicolon first', '; SELECT 1'],
];

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['no such table', 'SELECT * FROM nope', /^no such table: nope$/],
  ['a file', `SELECT readfile('/etc/passwd')`, /no such function: readfile/],
  ['an extension', `SELECT load_extension('x')`, /no such function: load_extension/],
  ['a PRAGMA function with a value', 'SELECT * FROM pragma_query_only(0)', /too many arguments/],
  ['an unfinished statement', 'SELECT', /incomplete input/],
  ['deep nesting', `SELECT ${'('.repeat(3000)}1${')'.repeat(3000)}`, /./],
  ['a long chain of signs', `SELECT ${'- '.repeat(3000)}1`, /./],
  ['a NUL', `SELECT '\0'`, /NUL/],
  ['a megabyte of text', `SELECT '${'x'.repeat(2 ** 20)}'`, /^the query has 1048585 bytes; the maximum is 8192$/],
  ['8 kB in fewer characters', `SELECT '${'é'.repeat(5000)}'`, /maximum is 8192/],
  ['control sequences in a message', 'SELECT * FROM "\u001b[31m\u202e"', /^no such table: \\u001b\[31m\\u202e$/],
];

const many = (column: string) => Array<string>(2000).fill(column).join(',');

/** A text of 1,000 characters that differs with the value, so that few rows fill the memory. */
const wide = (value: string) => `printf('%1000s', ${value})`;

/** Pairs enough for that: an aggregate that lacks memory reads all rows before it fails. */
const pairs = 'data a, (SELECT * FROM data LIMIT 50) b';

const bombs: readonly (readonly [string, string])[] = [
  ['a large blob of zeros', 'SELECT zeroblob(1e9)'],
  ['a large blob', 'SELECT randomblob(1e9)'],
  ['a large blob inside', 'SELECT length(randomblob(1e9))'],
  ['a long text', `SELECT printf('%.*c', 1e9, 'x')`],
  ['a text that multiplies', `SELECT replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000)))`],
  ['the names of many pairs', `SELECT group_concat(${wide('a.name || b.name')}) FROM ${pairs}`],
  ['an array of many pairs', `SELECT json_group_array(${wide('a.name || b.name')}) FROM ${pairs}`],
  ['all pairs in order', 'SELECT a.name FROM data a, data b ORDER BY a.load, b.load'],
  [
    'many numbers in order, which would go to a temporary file',
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c ORDER BY -x',
  ],
  [
    'many different texts, which would go to a temporary table',
    `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(DISTINCT ${wide('x')}) FROM c`,
  ],
  ['many columns of a large blob', `SELECT ${many('s')} FROM (SELECT randomblob(10000000) s)`],
  ['many columns of a blob of zeros', `SELECT ${many('s')} FROM (SELECT zeroblob(100000000) s)`],
];

const endless: readonly (readonly [string, string])[] = [
  ['counting', 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'],
  ['a join of everything with everything', 'SELECT count(*) FROM data a, data b, data c, data d WHERE a.load < d.load'],
  ['a pattern', `SELECT count(*) FROM data a, data b, data c, data d WHERE a.name || b.name LIKE '%a%a%a%a%b'`],
];

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

test.each(refused)('refuses %s', async (_what, sql) => {
  expect((await failureOf(sql, patientLimits, fewRows)).code).toBe('sql-refused');
});

test.each(wrong)('reports %s', async (_what, sql, message) => {
  expect(await failureOf(sql, patientLimits, fewRows)).toEqual({
    code: 'bad-sql',
    message: expect.stringMatching(message),
  });
});

test.each([
  ['VALUES', 'VALUES (1)', [[1]]],
  ['WITH', 'WITH x(a) AS (SELECT 2) SELECT a FROM x', [[2]]],
  ['comments, blanks and a byte order mark before the verb', '\ufeff -- PRAGMA;\n/* ; */\tselect 3', [[3]]],
  ['semicolons in texts and comments', `SELECT ';--', 1 -- ; x\n /* ; y */`, [[';--', 1]]],
  ['semicolons at the end', 'SELECT 4;; -- x\n;/* y', [[4]]],
  ['names of the schema', 'SELECT name FROM sqlite_master', [['data']]],
  ['PRAGMA functions, which only read', 'SELECT query_only FROM pragma_query_only', [[1]]],
] as const)('permits %s', async (_what, sql, rows) => {
  expect((await query(sql, fewRows)).rows).toEqual(rows);
});

test('a query of 8,192 bytes is permitted, and one more is not', async () => {
  const text = (bytes: number) => `SELECT 1 --${'x'.repeat(bytes - 11)}`;
  expect((await query(text(8192), fewRows)).rows).toEqual([[1]]);
  expect((await failureOf(text(8193), patientLimits, fewRows)).code).toBe('bad-sql');
});

describe('memory', () => {
  test.each(bombs)('ends %s with an error', async (_what, sql) => {
    const { code, message } = await failureOf(sql);
    expect([code, message]).toEqual(['sql-too-large', expect.stringMatching(/memory|bytes|too big/)]);
  });

  test('is given back', async () => {
    const sql = `SELECT ${wide('a.name')} FROM data a, data b ORDER BY 1`;
    const afterSome = async (count: number): Promise<number> => {
      for (let n = 0; n < count; n += 1) await failureOf(sql);
      return process.memoryUsage().rss;
    };
    const before = await afterSome(3);
    const after = await afterSome(8);
    // Each takes 64 MiB.
    expect((after - before) / 2 ** 20).toBeLessThan(100);
  });
});

test.each(endless)('stops %s', async (_what, sql) => {
  const before = threads();
  expect(await failureOf(sql, { ...patientLimits, timeMs: 50 })).toEqual({
    code: 'sql-too-slow',
    message: 'the query was stopped after 0.05 s: select, sort or join less',
  });
  await until('the thread has ended', () => threads() <= before);
});
