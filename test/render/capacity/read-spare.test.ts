// The peak of a service and the loads of its real servers at that time, as read from rows.

import { expect, test } from 'vitest';
import { standardRetention } from '../../../src/model/retention.js';
import type { ManyQuery, Series, SeriesQuery } from '../../../src/model/series.js';
import { readSpare, type SpareServer } from '../../../src/render/capacity/read-spare.js';

const lastS = 1_795_219_200 + 3 * 3600;
const retention = standardRetention;
const service = '192.0.2.1_80';
const [a, b] = [`${service}/10.0.0.1_80`, `${service}/10.0.0.2_80`];
const always = (name: string): SpareServer => ({ name, firstS: 0, goneS: null });

/** Rows whose values are a function of the archive and the end of a step; a longer row has the greatest of its steps. */
function sourceOf(valueAt: (name: string, endS: number) => number) {
  const seriesOf = ({ name, cf, startS, endS, stepS }: SeriesQuery): Series => {
    const [from, to] = [startS - (startS % stepS), endS + (stepS - (endS % stepS))];
    const greatest = (rowEndS: number): number => {
      let most = Number.NaN;
      for (let atS = rowEndS - stepS + 300; atS <= rowEndS; atS += 300) {
        const value = valueAt(name, atS);
        if (!(value <= most) && !Number.isNaN(value)) most = value;
      }
      return most;
    };
    const column = Float64Array.from({ length: (to - from) / stepS }, (_, row) => greatest(from + (row + 1) * stepS));
    return { name, cf, stepS, pdpS: 300, startS: from, endS: to, lastS, dataSources: ['Conns'], columns: [column] };
  };
  return {
    fetch: async (query: SeriesQuery) => seriesOf(query),
    fetchMany: async ({ names, ...query }: ManyQuery) => names.map((name) => seriesOf({ ...query, name })),
  };
}

/** One step, five days ago, has 90; all others 10. */
const peakS = lastS - 5 * 86_400;
const loads = (name: string, endS: number): number => {
  const whole = endS === peakS ? 90 : 10;
  return name === service ? whole : name === a ? (2 / 3) * whole : whole / 3;
};

test('the spare is that of the step with most new connections', async () => {
  const found = await readSpare(sourceOf(loads), { service, servers: [always(a), always(b)], retention, lastS });
  expect(found).toEqual({
    atS: peakS,
    spare: { kind: 'shared', busiest: a, worst: b, part: 3, servers: 2, total: 90 },
  });
});

test('the most that a real server ever held may be long ago, or today', async () => {
  for (const atS of [lastS - 300 * 86_400 - 300, lastS - 600]) {
    const source = sourceOf((name, endS) => (name === b && endS === atS ? 60 : loads(name, endS)));
    const found = await readSpare(source, { service, servers: [always(a), always(b)], retention, lastS });
    expect(found?.spare).toMatchObject({ part: 90 / 60 });
  }
});

test('a step in which a real server is unknown is no peak; the next highest is', async () => {
  const nextS = peakS + 86_400;
  const source = sourceOf((name, endS) =>
    name === b && endS === peakS ? Number.NaN : endS === nextS ? 6 * loads(name, endS) : loads(name, endS),
  );
  const found = await readSpare(source, { service, servers: [always(a), always(b)], retention, lastS });
  expect(found).toMatchObject({ atS: nextS, spare: { total: 60 } });
});

test('a real server that was not there yet, or was gone, took nothing', async () => {
  const found = (b: SpareServer) => readSpare(sourceOf(loads), { service, servers: [always(a), b], retention, lastS });
  expect((await found({ ...always(b), firstS: peakS + 900 }))?.spare).toMatchObject({ kind: 'alone' });
  expect((await found({ ...always(b), goneS: peakS - 900 }))?.spare).toMatchObject({ kind: 'alone' });
});

test('the others would also have carried those that have left since', async () => {
  // Of 90, 60 went to one that is gone now; the other two shared the rest.
  const [c, d] = [`${service}/10.0.0.3_80`, `${service}/10.0.0.4_80`];
  const source = sourceOf((name, endS) => (name === service ? loads(name, endS) : loads(service, endS) / 6));
  const found = await readSpare(source, { service, servers: [always(c), always(d)], retention, lastS });
  expect(found?.spare).toMatchObject({ part: 6, total: 90, servers: 2 });
});

test('nothing is known without rows or real servers', async () => {
  const unknown = sourceOf(() => Number.NaN);
  expect(await readSpare(unknown, { service, servers: [always(a)], retention, lastS })).toBeNull();
  expect(await readSpare(sourceOf(loads), { service, servers: [], retention, lastS })).toBeNull();
});
