// A group of two directors with real archives, against those of one director that carried everything.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroupSource, type GroupSource } from '../../src/fleet/group-source.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { shortFolder } from '../short-folder.js';
import { pairCycles, recordPair } from './pair.js';
import { valuesOf } from './rows.js';

const startS = 1_795_219_200;
const stepS = 300;
const root = shortFolder('fleet');
const stores: Store[] = [];
let whole: Store;
let group: GroupSource;
let names: readonly string[];

async function opened(name: string): Promise<Store> {
  const store = await openStore(join(root, name));
  stores.push(store);
  return store;
}

beforeAll(async () => {
  await recordPair({ whole: join(root, 'whole'), first: join(root, 'lb1'), second: join(root, 'lb2') }, startS);
  whole = await opened('whole');
  group = createGroupSource([
    { director: 'lb1', source: await opened('lb1') },
    { director: 'lb2', source: await opened('lb2') },
  ]);
  await group.observe();
  names = (await group.list()).map(({ name }) => name);
});

afterAll(async () => {
  for (const store of stores) await store.close();
  rmSync(root, { recursive: true, force: true });
});

const span = { startS, endS: startS + pairCycles * stepS, stepS };
/** The row in which the first one died. */
const diedRow = 12;

test('has the sums, services and real servers of the director that it is, without what belongs to one machine', async () => {
  const own = (await whole.list()).map(({ name }) => name);
  expect(names).toEqual(own.filter((name) => !name.startsWith('all/')));
});

describe('its rates', () => {
  test('equal those of the one director, but for the row in which a director died, of which a part is known', async () => {
    for (const name of names) {
      const mine = await group.fetch({ ...span, name, cf: 'AVERAGE' });
      const alone = await whole.fetch({ ...span, name, cf: 'AVERAGE' });
      for (const dataSource of ['Conns', 'InPkts', 'InBytes']) {
        const [sums, expected] = [valuesOf(mine, dataSource), valuesOf(alone, dataSource)];
        expect(sums.length).toBe(expected.length);
        for (const [row, value] of expected.entries()) {
          if (row !== diedRow)
            expect(sums[row] ?? null, `${name} ${dataSource} ${row}`).toEqual(
              value === null ? null : expect.closeTo(value, 6),
            );
          else if (value !== null) expect(sums[row] ?? 0).toBeLessThanOrEqual(value + 1e-6);
        }
      }
    }
  });

  test('are the same, asked for alone, together, or with their maxima', async () => {
    const query = { ...span, cf: 'AVERAGE' } as const;
    const together = await group.fetchMany({ ...query, names });
    for (const [i, name] of names.entries()) {
      expect(together[i]).toEqual(await group.fetch({ ...query, name }));
      expect((await group.fetchBoth({ ...span, name })).AVERAGE).toEqual(together[i]);
    }
  });
});

test.each([1800, 7200])(
  'rows of %i s are those of the one director but for what a dead director took with it',
  async (rowS) => {
    for (const name of names) {
      for (const cf of ['AVERAGE', 'MAX'] as const) {
        const mine = await group.fetch({ ...span, stepS: rowS, name, cf });
        const alone = await whole.fetch({ ...span, stepS: rowS, name, cf });
        expect([mine.stepS, mine.startS, mine.endS]).toEqual([rowS, alone.startS, alone.endS]);
        const [sums, expected] = [valuesOf(mine, 'InBytes'), valuesOf(alone, 'InBytes')];
        const died = Math.floor((startS + diedRow * stepS - mine.startS) / rowS);
        for (const [row, value] of expected.entries()) {
          const [sum = null] = [sums[row]];
          if (row !== died)
            expect(sum, `${name} ${cf} ${row}`).toEqual(value === null ? null : expect.closeTo(value, 6));
          // Of the steps of this row, a part of one is missing.
          else if (value !== null && cf === 'AVERAGE') {
            expect(sum ?? 0).toBeLessThanOrEqual(value + 1e-6);
            expect(sum ?? 0).toBeGreaterThan(0.5 * value);
          }
        }
      }
    }
  },
);

test('rows without the packets that tell who carries are the same', async () => {
  const query = { ...span, cf: 'AVERAGE', stepS: 7200, name: 'all' } as const;
  const [every, some] = [await group.fetch(query), await group.fetch({ ...query, dataSources: ['InBytes', 'Conns'] })];
  expect(some.dataSources).toEqual(['Conns', 'InBytes']);
  expect(valuesOf(some, 'InBytes')).toEqual(valuesOf(every, 'InBytes'));
});

test('its failovers are events of the director, at the rows in which they happened', async () => {
  const failovers = (await group.events({ archive: 'all' })).filter(({ kind }) => kind === 'failover');
  expect(failovers.map(({ timeS, from, to }) => [(timeS - startS) / stepS, from, to])).toEqual([
    [13, 'lb1', 'lb2'],
    [41, 'lb2', 'lb1'],
  ]);
});

test('events say on which directors they were seen', async () => {
  const events = await group.events({});
  expect(events.filter(({ kind, archive }) => kind === 'cycle-missed' && archive === 'all')).toEqual([
    expect.objectContaining({ detail: expect.stringContaining('on lb1') }),
  ]);
  expect(events.map(({ timeS }) => timeS)).toEqual(events.map(({ timeS }) => timeS).toSorted((a, b) => a - b));
  expect(await group.events({ newest: 2 })).toEqual(events.slice(-2));
});

test('an archive that no director has is refused', async () => {
  const query = { ...span, name: '203.0.113.9_1', cf: 'AVERAGE' } as const;
  await expect(group.fetch(query)).rejects.toMatchObject({ code: 'no-such-archive' });
});
