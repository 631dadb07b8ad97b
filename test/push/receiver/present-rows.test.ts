// Only rows that a receiver lacks are sent again.

import { expect, test } from 'vitest';
import { type EngineRequest, PassingError } from '../../../src/engine/connection/http.js';
import { labelsOf } from '../../../src/engine/series/row-series.js';
import { readPresent, withoutPresent } from '../../../src/push/receiver/present-rows.js';
import { firstS, rowsOf } from '../rows.js';

const baseUrl = new URL('http://127.0.0.1:9/');
const ask = (text: string, requests: EngineRequest[] = [], status = 200) => ({
  ...{ baseUrl, director: 'lb1' },
  send: async (request: EngineRequest) => {
    requests.push(request);
    return { status, text, retryAfterS: 0 };
  },
});
const matrix = (...series: readonly (readonly [ReturnType<typeof rowsOf>, readonly (readonly [number, string])[]])[]) =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: series.map(([one, values]) => ({ metric: Object.fromEntries(labelsOf(one, 'lb1')), values })),
    },
  });

test('the rows of an answer are known by their series', async () => {
  const series = [rowsOf('a', [1, 2, 3]), rowsOf('b.c', [4, 5, 6])];
  const [first] = series;
  if (first === undefined) throw new Error('no series');
  const requests: EngineRequest[] = [];
  const answer = matrix([
    first,
    [
      [firstS, '1'],
      [firstS + 300, 'NaN'],
    ],
  ]);
  const present = await readPresent(series, ask(answer, requests));
  expect(present).toEqual(new Map([['a Conns 300 ', new Map([[firstS, 1]])]]));
  const asked = new URLSearchParams(String(requests[0]?.body));
  expect(asked.get('query')?.replace(/asked!="[-0-9a-f]{36}"/, 'asked')).toBe(
    `{__name__=~"lvs_row_.+",director="lb1",row="5m",cf="",archive=~"a|b\\\\.c",asked}[602s]`,
  );
  expect(asked.get('time')).toBe(String(firstS + 601));
});

test('many names are asked about in several queries, each name once', async () => {
  const series = Array.from({ length: 1000 }, (_, i) => rowsOf(`192.0.2.${i}_80`, [1]));
  const requests: EngineRequest[] = [];
  await readPresent(series, ask(matrix(), requests));
  const queries = requests.map(({ body }) => new URLSearchParams(String(body)).get('query') ?? '');
  expect(queries.length).toBeGreaterThan(1);
  expect(Math.max(...queries.map(({ length }) => length))).toBeLessThan(16_384);
  const names = queries.flatMap((query) => /archive=~"([^"]*)"/.exec(query)?.[1]?.split('|') ?? []);
  expect(names).toEqual(series.map(({ archive }) => archive.replaceAll('.', '\\\\.')));
});

test.each([
  ['no JSON', 'welcome'],
  ['an error', '{"status":"error"}'],
  ['another form', '{"status":"success","data":{"resultType":"vector","result":[]}}'],
  ['series without values', '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{}}]}}'],
])('%s is tried again later', async (_, text) => {
  await expect(readPresent([rowsOf('a', [1])], ask(text))).rejects.toBeInstanceOf(PassingError);
});

test('an error of the engine is tried again later, and reported', async () => {
  const failing = readPresent([rowsOf('a', [1])], ask('too many points', [], 422));
  await expect(failing).rejects.toThrow('answers a query with 422: too many points');
});

const present = new Map([
  [
    'a Conns 300 ',
    new Map([
      [firstS, 1],
      [firstS + 600, 3.0000000000001],
    ]),
  ],
]);

test('rows are sent that the receiver lacks, and unknown ones', () => {
  const { series, differing } = withoutPresent([rowsOf('a', [1, 2, 3, Number.NaN]), rowsOf('b', [1])], present, {
    isAscending: false,
  });
  expect(series.map(({ archive, wanted }) => [archive, wanted && [...wanted]])).toEqual([
    ['a', [0, 1, 0, 1]],
    ['b', null],
  ]);
  expect(differing).toBe(0);
});

test('a row with another value is counted, and an unknown one before a known one is not sent where order counts', () => {
  const { series, differing } = withoutPresent([rowsOf('a', [9, Number.NaN, 3, Number.NaN])], present, {
    isAscending: true,
  });
  expect(series.map(({ wanted }) => wanted && [...wanted])).toEqual([[0, 0, 0, 1]]);
  expect(differing).toBe(1);
});
