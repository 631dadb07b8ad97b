// The turns in which services are judged by their peaks.

import { expect, test } from 'vitest';
import type { ManyQuery, SeriesQuery } from '../../../src/model/series.js';
import { UserError } from '../../../src/model/user-error.js';
import { readPeaks } from '../../../src/render/capacity/read-peaks.js';
import { TestDirector } from '../../interpret/findings/cycles.js';

const ports = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ port: i + 1, servers: [[1, 1] as const, [2, 0] as const] }));

/** A source without rows, which notes the real servers that it is asked about. */
const empty = {
  fetch: async (query: SeriesQuery) => ({
    ...query,
    pdpS: 300,
    lastS: 0,
    dataSources: ['Conns'],
    columns: [new Float64Array()],
  }),
  fetchMany: async (_: ManyQuery) => [],
};

function turnsOf(services: number, cycles: number): Promise<readonly (readonly string[])[]> {
  const director = new TestDirector();
  director.read(ports(services));
  const { table, timeS } = director;
  return Promise.all(
    Array.from({ length: cycles }, async (_, cycle) => [
      ...(await readPeaks(empty, table, timeS + cycle * 300)).keys(),
    ]),
  );
}

test('each of a few services has its turn once a day, never two at once', async () => {
  const turns = await turnsOf(20, 288);
  expect(new Set(turns.flat()).size).toBe(20);
  expect(turns.flat()).toHaveLength(20);
  expect(Math.max(...turns.map((turn) => turn.length))).toBe(1);
});

test('of many services, two have their turn in a cycle, until all have had it', async () => {
  const turns = await turnsOf(700, 350);
  expect(new Set(turns.flat()).size).toBe(700);
  expect(new Set(turns.map((turn) => turn.length))).toEqual(new Set([2]));
});

test('a service whose archives do not exist yet is unknown', async () => {
  const director = new TestDirector();
  director.read(ports(1));
  const failing = { ...empty, fetch: () => Promise.reject(new UserError('no-such-archive', 'there is none')) };
  const all = await Promise.all(
    Array.from({ length: 288 }, (_, cycle) => readPeaks(failing, director.table, director.timeS + cycle * 300)),
  );
  expect(all.flatMap((peaks) => [...peaks])).toEqual([['192.0.2.1_1', null]]);
});
