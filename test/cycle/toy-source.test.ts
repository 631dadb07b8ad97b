// A source that no file of the program knows: its file, its judge and its line in the registry are all that it needs.

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CycleRequest, runCycle } from '../../src/cycle/cycle.js';
import { sourceOf } from '../../src/cycle/sources/source.js';
import { sources } from '../../src/cycle/sources/sources.js';
import { isFault, type Judge, otherSource } from '../../src/interpret/judge.js';
import type { KnownArchive, KnownOther, Reading } from '../../src/model/cycle.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import { UserError } from '../../src/model/user-error.js';
import { type Keeper, openKeeper } from '../../src/store/shared/keeper.js';
import { connectArchives } from '../../src/store/shared/remote-archives.js';
import { shortFolder } from '../short-folder.js';
import { patienceMs } from '../until.js';

/** A till counts its customers, at the place of the sessions of a frontend. */
interface TillsReading {
  readonly customers: ReadonlyMap<string, bigint>;
}

const about = { kind: 'haproxy-frontend', mode: 'tcp', status: 'OPEN' } as const;
const columns = dataSourcesFor(about.kind);
const customersAt = columns.findIndex(({ name }) => name === 'Sessions');

const tillsJudge: Judge<TillsReading, KnownOther> = {
  ...otherSource('tills'),
  judge: ({ known, previous: { gone }, read, timeS }) => {
    if (read === null) return { known, readings: [], archives: [], events: [], gone };
    if (isFault(read)) {
      const failure = { code: read.code, sinceS: timeS, lastS: timeS, cycles: 1 };
      return { known: { ...known, failure }, readings: [], archives: [], events: [], gone };
    }
    const all = [...read.customers].map(([name, count]) => ({ name, count, before: known.archives.get(name) }));
    const readings = all.map(({ name, count, before }): Reading => {
      const was = before?.counters[0] ?? null;
      const values = new Float64Array(columns.length).fill(Number.NaN);
      if (was !== null) values[customersAt] = Number(count - was);
      return { archive: name, sinceS: before?.lastS ?? timeS - 1, timeS, values };
    });
    const archives = all.flatMap(({ name, before }) =>
      before === undefined ? [{ name, about, lastS: null, goneS: null }] : [],
    );
    const now = all.map(({ name, count }): [string, KnownArchive] => {
      return [name, { about, counters: [count, null], lastS: timeS, absentS: null }];
    });
    const own = { shop: 'corner' };
    return { known: { archives: new Map(now), timeS, failure: null, own }, readings, archives, events: [], gone };
  },
};

interface Shop {
  read: TillsReading | UserError;
  readonly recorded: number[];
}

const tillsSource = (shop: Shop) =>
  sourceOf({ name: 'tills', judge: tillsJudge }, () => async () => ({
    read: shop.read,
    notes: [],
    moment: null,
    record: async (_: string, timeS: number) => void shop.recorded.push(timeS),
  }));

const startS = 1_700_000_100;
const [first, second] = ['haproxy_fe_till1', 'haproxy_fe_till2'];
let keeper: Keeper;
let data: string;

beforeEach(async () => {
  data = shortFolder('lvs-stats-source-');
  keeper = await openKeeper(data);
});

afterEach(async () => {
  await keeper.close();
  rmSync(data, { recursive: true });
});

const counted = (one: bigint, two: bigint): TillsReading => ({
  customers: new Map([
    [first, one],
    [second, two],
  ]),
});

function cycle(shop: Shop, timeS: number, changes: Partial<CycleRequest> = {}) {
  return runCycle({
    dataDir: data,
    lend: keeper.lend,
    owner: {
      asRoot: (use) => use(),
      asOwnerOf: (_, use) => use(),
      asOwner: (use) => use(),
      release: () => {},
    },
    sources: [...sources, tillsSource(shop)],
    ipvsadm: new UserError('no-ipvsadm', 'there is no ipvsadm'),
    procRoot: data,
    nowS: () => timeS,
    haproxy: null,
    recordDir: null,
    acceptTime: false,
    ...changes,
  });
}

test('the readings of a new source become rows, and its known state comes back from the disk and over the socket', async () => {
  const shop: Shop = { read: counted(100n, 2n ** 60n), recorded: [] };
  for (let i = 0; i < 3; i += 1) {
    await cycle(shop, startS + 300 * i, { recordDir: data });
    shop.read = counted(BigInt(100 + 600 * (i + 1)), 2n ** 60n);
  }
  expect(shop.recorded).toEqual([startS, startS + 300, startS + 600]);
  const series = await keeper.archives.fetch({
    ...{ name: first, cf: 'AVERAGE', startS, endS: startS + 600, stepS: 300 },
    dataSources: ['Sessions'],
  });
  expect([...(series.columns[0] ?? [])]).toEqual([2, 2, Number.NaN]);
  const lastS = startS + 600;
  const known: KnownOther = {
    timeS: lastS,
    failure: null,
    own: { shop: 'corner' },
    archives: new Map([
      [first, { about, counters: [1300n, null], lastS, absentS: null }],
      [second, { about, counters: [2n ** 60n, null], lastS, absentS: null }],
    ]),
  };
  const remote = await connectArchives(data, patienceMs);
  expect((await remote?.latest())?.others).toEqual(new Map([['tills', known]]));
  await remote?.close();
  await keeper.close();
  keeper = await openKeeper(data);
  expect((await keeper.archives.latest()).others).toEqual(new Map([['tills', known]]));
});

test('a new source that fails does not lose its known state, nor does one that is no longer registered', async () => {
  const shop: Shop = { read: counted(1n, 1n), recorded: [] };
  await cycle(shop, startS);
  shop.read = new UserError('shut', 'the shop is shut');
  await expect(cycle(shop, startS + 300)).rejects.toThrow('the shop is shut');
  const failed = (await keeper.archives.latest()).others?.get('tills');
  expect(failed).toMatchObject({ timeS: startS, failure: { code: 'shut', lastS: startS + 300 } });
  await expect(cycle(shop, startS + 600, { sources })).rejects.toThrow('there is no ipvsadm');
  expect((await keeper.archives.latest()).others?.get('tills')).toEqual(failed);
});

test('a forgotten archive of a new source begins anew, and so do all of them after a rewind', async () => {
  const shop: Shop = { read: counted(1n, 1n), recorded: [] };
  await cycle(shop, startS);
  await cycle(shop, startS + 300);
  await keeper.archives.forget(first);
  const forgotten = await keeper.archives.latest();
  expect([...(forgotten.others?.get('tills')?.archives.keys() ?? [])]).toEqual([second]);
  expect(forgotten.gone.get(first)).toBe(startS + 300);
  await keeper.archives.rewind(startS + 100);
  const rewound = (await keeper.archives.latest()).others?.get('tills');
  expect(rewound?.archives.get(second)).toMatchObject({ counters: [], lastS: startS });
});
