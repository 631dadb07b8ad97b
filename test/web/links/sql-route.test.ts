// /api/sql: its forms, its errors, and a crowd of queries.

import { afterEach, expect, test } from 'vitest';
import { type RunSql, SqlError } from '../../../src/model/links/sql-result.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

let viewer: TestViewer;
afterEach(() => viewer.close());

const start = async (sql?: RunSql) => {
  viewer = await startViewer({ days: 0, ...(sql === undefined ? {} : { sql }) });
};

const ask = (sql: string, suffix = '', headers = {}) =>
  fetch(`${viewer.url}/api/sql${suffix}?q=${encodeURIComponent(sql)}`, { headers });

const two: RunSql = async () => ({
  columns: ['name', 'a,b'],
  rows: [
    ['=cmd|x', 1.5],
    ['b\u0007', null],
  ],
  isCut: false,
});

test('answers with columns and rows as JSON', async () => {
  let asked = '';
  await start(async (sql) => {
    asked = sql;
    return two(sql);
  });
  const text = 'SELECT name,\n\t"a" FROM data -- é';
  const response = await ask(text);
  expect([response.status, response.headers.get('lvs-stats-cut')]).toEqual([200, null]);
  expect(await response.json()).toEqual({ ...(await two('')) });
  expect(asked).toBe(text);
});

test('answers as CSV that is safe to open, by suffix and by Accept', async () => {
  await start(two);
  const expected = `name,"a,b"\n'=cmd|x,1.5\nb\ufffd,\n`;
  expect(await (await ask('x', '.csv')).text()).toBe(expected);
  expect(await (await ask('x', '', { Accept: 'text/csv' })).text()).toBe(expected);
});

test('says that a result is cut in JSON and in a header', async () => {
  await start(async () => ({ columns: ['a'], rows: [[1]], isCut: true }));
  const [json, csv] = [await ask('x'), await ask('x', '.csv')];
  expect(await json.json()).toMatchObject({ isCut: true });
  expect([json, csv].map(({ headers }) => headers.get('lvs-stats-cut'))).toEqual(['true', 'true']);
});

test.each([
  ['bad-sql', 400],
  ['sql-refused', 400],
  ['sql-too-slow', 422],
  ['sql-too-large', 422],
  ['sql-busy', 429],
] as const)('answers %s with %i and the message', async (code, status) => {
  await start(async () => {
    throw new SqlError(code, 'no such column: <b>x</b>');
  });
  const response = await ask('SELECT x');
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8']);
  expect(await response.json()).toEqual({ error: 'no such column: <b>x</b>' });
  expect(viewer.errors).toEqual([]);
});

test('an error of the program is reported, and not shown', async () => {
  const fault = new Error('secret');
  await start(async () => {
    throw fault;
  });
  const response = await ask('SELECT x');
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(viewer.errors).toEqual([fault]);
});

test.each([
  ['no query', '', /"q" is missing/],
  ['two queries', '?q=a&q=b', /occurs 2 times/],
  ['a format', '?q=a&format=csv', /sql\.csv/],
])('refuses %s', async (_what, search, message) => {
  await start(two);
  const response = await fetch(`${viewer.url}/api/sql${search}`);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toMatch(message);
});

test('without agents, there is no table, and the answer says how to get one', async () => {
  await start();
  const response = await ask('SELECT 1');
  expect(response.status).toBe(404);
  expect(((await response.json()) as { error: string }).error).toContain('serve --agents');
});

test('an answer is never one that the client has, since the table changes', async () => {
  await start(two);
  const tag = (await ask('x')).headers.get('etag') ?? '';
  expect((await ask('x', '', { 'If-None-Match': tag })).status).toBe(200);
});

test('of fifty queries at once one runs, few wait, the others are refused, and pages are answered meanwhile', async () => {
  let [running, most] = [0, 0];
  const ends: (() => void)[] = [];
  await start(async (sql) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
    return two(sql);
  });
  const asked = Array.from({ length: 50 }, async () => (await ask('x')).status);
  const refused = asked.map((one) => one.then((status) => (status === 429 ? status : new Promise<never>(() => {}))));
  await Promise.race(refused);
  expect((await fetch(`${viewer.url}/api/archives`)).status).toBe(200);
  let isOver = false;
  const all = Promise.all(asked).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  const statuses = await all;
  expect(most).toBe(1);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  // One runs, and four of this client wait, while requests arrive; more may come once some are done.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
});
