// A group of two directors with real archives, against those of one director that carried everything.

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carriedIn, type SnapshotAt } from '../../src/demo/carried.js';
import { createDirector } from '../../src/demo/director.js';
import { createGroupSource, type GroupSource } from '../../src/fleet/group-source.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../../src/model/cycle.js';
import type { Series } from '../../src/model/series.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { shortFolder } from '../short-folder.js';
import { valuesOf } from './rows.js';

const startS = 1_795_219_200;
const cycles = 60;
const stepS = 300;
const [diedS, plannedS, cameBackS] = [startS + 12.4 * stepS, startS + 40.5 * stepS, startS + 25 * stepS];
const endless = Number.POSITIVE_INFINITY;

const folders: string[] = [];
const stores: Store[] = [];
let whole: Store;
let group: GroupSource;
let names: readonly string[];

/** A director that nobody asks in a span has no readings then. */
async function recorded(snapshotAt: SnapshotAt, isAlive: (timeS: number) => boolean = () => true): Promise<Store> {
  const folder = shortFolder('fleet');
  folders.push(folder);
  const store = await openStore(folder);
  stores.push(store);
  let known: KnownState = emptyState;
  for (let cycle = 0; cycle <= cycles; cycle += 1) {
    const timeS = startS + cycle * stepS;
    if (!isAlive(timeS)) continue;
    const { timeS: _, ...table } = snapshotAt(timeS);
    const made = interpret(known, { ...table, timeS, host: null });
    await store.append(made, false);
    known = made.table;
  }
  return store;
}

beforeAll(async () => {
  const director = createDirector({ seed: 5, services: 4, epochS: startS - 86_400, endS: startS + 30 * 86_400 });
  whole = await recorded(director.snapshotAt);
  // The first dies, comes back to stand by, and takes over again as planned.
  const first = carriedIn(
    [
      { fromS: startS - 86_400, toS: diedS },
      { fromS: plannedS, toS: endless },
    ],
    director.snapshotAt,
  );
  const second = carriedIn([{ fromS: diedS, toS: plannedS }], director.snapshotAt);
  const members = [
    { director: 'lb1', source: await recorded(first, (timeS) => timeS <= diedS || timeS >= cameBackS) },
    { director: 'lb2', source: await recorded(second) },
  ];
  group = createGroupSource(members);
  await group.observe(startS + cycles * stepS);
  names = (await group.list()).map(({ name }) => name);
});

afterAll(async () => {
  for (const store of stores) await store.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const span = { startS, endS: startS + cycles * stepS, stepS };
/** The rows in which the first one died, and those that its return makes: its silence is longer than a heartbeat. */
const diedRow = 12;

test('has the sums, services and real servers of the director that it is, without what belongs to one machine', async () => {
  const own = (await whole.list()).map(({ name }) => name);
  expect(names).toEqual(own.filter((name) => !name.startsWith('all/')));
});

describe('its rates', () => {
  test('equal those of the one director, but for the row in which a director died, of which a part is known', async () => {
    for (const name of names) {
      const [mine, true_] = await Promise.all(
        [group, whole].map((source) => source.fetch({ ...span, name, cf: 'AVERAGE' })),
      );
      for (const dataSource of ['Conns', 'InPkts', 'InBytes']) {
        const [sums, expected] = [valuesOf(mine as Series, dataSource), valuesOf(true_ as Series, dataSource)];
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
