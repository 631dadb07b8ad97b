// How the traffic of archives is carried, as observed from rows.

import { expect, test } from 'vitest';
import { carriedHow, observeCarried } from '../../src/fleet/observe.js';
import { ipvsDataSources } from '../../src/model/archive.js';
import { aboutOfName } from '../../src/model/names/parse-name.js';
import { standardRetention } from '../../src/model/retention.js';
import type { ManyQuery, Series } from '../../src/model/series.js';

const dayS = 86_400;
const newestS = 1_795_219_200;
const [web, all] = ['192.0.2.1_80', 'all'];

/** The rate of a director at a time; null is unknown. */
type RateAt = (timeS: number) => number | null;

function rowsOf(rateAt: RateAt, name: string, { startS, endS, stepS, cf }: ManyQuery): Series {
  const count = Math.floor((endS - startS) / stepS);
  const values = Float64Array.from({ length: count }, (_, i) => rateAt(startS + (i + 1) * stepS) ?? Number.NaN);
  const times = { startS, endS: startS + count * stepS, stepS, pdpS: 300, lastS: endS };
  return { name, cf, ...times, dataSources: ['InPkts'], columns: [values] };
}

async function observed(directors: readonly RateAt[], newest: readonly number[], before = new Map()) {
  const archives = [all, web].map((name) => ({
    name,
    about: aboutOfName(name),
    dataSources: ipvsDataSources,
    retention: standardRetention,
    firstS: newestS - 30 * dayS,
    lastS: newestS,
    goneS: null,
    events: 0,
  }));
  const read = async (query: ManyQuery) =>
    new Map(
      query.names.map((name) => [
        name,
        new Map(directors.map((rateAt, i) => [`lb${i + 1}`, rowsOf(rateAt, name, query)])),
      ]),
    );
  return observeCarried({ archives, newest, before, read });
}

const upTo =
  (lastS: number, rate: number): RateAt =>
  (timeS) =>
    timeS <= lastS ? rate : null;

test.each([0.2, 20, 200, 2000])(
  'directors share what they carry at once, %d hours after one of them fell silent',
  async (hours) => {
    const silentS = newestS - hours * 3600;
    const how = await observed([upTo(silentS, 500), upTo(newestS, 500)], [silentS, newestS]);
    expect(carriedHow(how, web)).toEqual({ isShared: true, least: 5 });
  },
);

test('a pair does not share what one of them carries while the other one gets some packets', async () => {
  const how = await observed([upTo(newestS, 1000), upTo(newestS, 0.2)], [newestS, newestS]);
  expect(carriedHow(how, web)).toEqual({ isShared: false, least: 10 });
  expect(carriedHow(how, `${web}/10.0.0.5_80`)).toEqual({ isShared: false, least: 1 });
});

test('without a row that shows it, the earlier answer stays', async () => {
  const before = new Map([[web, { isShared: true, least: 7 }]]);
  const how = await observed([upTo(0, 1), upTo(newestS, 0)], [newestS, newestS], before);
  expect(carriedHow(how, web)).toEqual({ isShared: true, least: 0 });
  expect(carriedHow(how, all)).toEqual({ isShared: false, least: 0 });
});
