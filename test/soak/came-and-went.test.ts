// Archives that come and go: new services appear every day, live for some cycles and vanish, beside one that stays. Once their
// rows have expired, no record of them remains. The full form has 10,000 of them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import type { KnownState } from '../../src/model/cycle.js';
import { directorName, serviceOf } from '../../src/model/names/name.js';
import type { ServiceReading } from '../../src/model/snapshot.js';
import { archivesPerBlock } from '../../src/store/layout/recent.js';
import { databaseFolder } from '../../src/store/leveldb/database.js';
import { openStore, withStore } from '../../src/store/open.js';
import { stepS } from '../standard.js';
import { type Footprint, footprintOf, tellFootprint } from './footprint.js';
import { dayS, isFull } from './form.js';
import { nameOf, readingOf, realServer } from './life.js';

const startS = 1_763_683_200;
const churn = isFull ? { days: 100, aDay: 100 } : { days: 30, aDay: 15 };
/** Names are remembered for 799 days, longer than any row; meanwhile there is a reading every third day. */
const quietDays = 804;
const quietPaceDays = 3;

/** The first three archives: the director, service 0, which stays, and its real server. */
const staying = [directorName, nameOf(0), `${nameOf(0)}/${realServer}`];

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-soak-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A day's cycles, 5 minutes apart; that day's services exist from the second to the sixth. */
function* dayOf(day: number): Generator<{ timeS: number; services: ServiceReading[] }> {
  const isChurning = day < churn.days;
  for (let cycle = 0; cycle < (isChurning ? 9 : 1); cycle += 1) {
    const timeS = startS + day * dayS + cycle * stepS;
    const isThere = isChurning && cycle > 0 && cycle < 6;
    const own = isThere ? Array.from({ length: churn.aDay }, (_, i) => 1 + day * churn.aDay + i) : [];
    const grown = BigInt((timeS - startS) * 7);
    const counters = { conns: grown, inPkts: grown, outPkts: grown, inBytes: grown * 100n, outBytes: grown * 900n };
    const services = [0, ...own].map((i) => readingOf(i, { counters, gauges: [i % 7, 3], hasRealServers: true }));
    yield { timeS, services };
  }
}

/** Stores the cycles from one day to another, and reopens the database for each day. */
async function live(fromDay: number, toDay: number, paceDays: number): Promise<KnownState> {
  let store = await openStore(dataDir);
  let table = await store.latest();
  for (let day = fromDay; day < toDay; day += paceDays) {
    for (const { timeS, services } of dayOf(day)) {
      const cycle = interpret(table, { timeS, host: null, services });
      await store.append(cycle, false);
      table = cycle.table;
    }
    await store.close();
    store = await openStore(dataDir);
    table = await store.latest();
  }
  await store.close();
  return table;
}

/** The contents of the database, by the archive's name or number in the key. */
interface DatabaseNames {
  readonly names: ReadonlySet<string>;
  readonly ids: ReadonlySet<number>;
  readonly blocks: ReadonlySet<number>;
}

/** Reads all keys (see src/store/layout/keys.ts). */
async function leftInDatabase(): Promise<DatabaseNames> {
  const database = new Level<Buffer, Buffer>(databaseFolder(dataDir), {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  const names = new Set<string>();
  const ids = new Set<number>();
  const blocks = new Set<number>();
  for (const key of await database.keys().all()) {
    const kind = key.toString('latin1', 0, 1);
    if (kind === 'a') names.add(key.toString('utf8', 1));
    if (kind === 'e') names.add(key.toString('utf8', 1, key.indexOf(0)));
    if ('chy'.includes(kind)) ids.add(key.readUInt32BE(5));
    if (kind === 'r') blocks.add(key.readUInt32BE(5));
  }
  await database.close();
  return { names, ids, blocks };
}

describe(`after ${churn.days * churn.aDay} services came and went`, () => {
  let fullest: Footprint;
  let gone = 0;
  beforeAll(async () => {
    const table = await live(0, churn.days, 1);
    gone = table.gone.size;
    fullest = footprintOf(dataDir, churn.days);
    if (isFull) console.log(tellFootprint(fullest), `${gone} names gone`);
  });

  test('each has its archive, events and readings', async () => {
    const archives = await withStore(dataDir, (store) => store.list());
    expect(archives.length).toBe(staying.length + 2 * churn.days * churn.aDay);
    const { names, ids } = await leftInDatabase();
    expect(names.size).toBe(archives.length);
    expect(ids.size).toBeGreaterThan(2 * (churn.days - 1) * churn.aDay);
    expect(gone).toBe(2 * churn.days * churn.aDay);
  });

  test('no record of them remains once all has expired', async () => {
    const table = await live(churn.days, churn.days + quietDays, quietPaceDays);
    const { names, ids, blocks } = await leftInDatabase();
    expect([...names].filter((name) => !staying.includes(name) && !staying.includes(serviceOf(name)))).toEqual([]);
    expect([...ids].filter((id) => id >= staying.length)).toEqual([]);
    expect([...blocks].filter((block) => block > staying.length / archivesPerBlock)).toEqual([]);
    expect([...table.gone.keys()]).toEqual([]);
    const after = footprintOf(dataDir, churn.days + quietDays);
    if (isFull) console.log(tellFootprint(after));
    expect(after.diskBytes).toBeLessThan(fullest.diskBytes / 2);
    expect(after.handles).toBe(fullest.handles);
    expect((await withStore(dataDir, (store) => store.list())).map(({ name }) => name)).toEqual(staying);
  });
});
