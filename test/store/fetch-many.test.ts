// Rows of several archives at once are those of each one, to the last bit, whatever has become of the archives; so is their sum.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDirector } from '../../src/demo/director.js';
import { interpret } from '../../src/interpret/interpret.js';
import { cfs, ipvsDataSources } from '../../src/model/archive.js';
import { emptyState } from '../../src/model/cycle.js';
import { kindOf, registry } from '../../src/model/kinds/registry.js';
import { aboutOfName } from '../../src/model/names/parse-name.js';
import { standardRetention } from '../../src/model/retention.js';
import type { ManyQuery, Series } from '../../src/model/series.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { openStore } from '../../src/store/open.js';
import { packHistory } from '../../src/store/rows/pack-history.js';
import type { Store } from '../../src/store/store.js';
import { rras, stepS } from '../standard.js';
import '../seed.js';

const dayS = 86_400;
const endS = 1_763_683_200;
const epochS = endS - 40 * dayS;
const director = createDirector({ seed: 3, services: 3, epochS, endS: endS + 30 * dayS });

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-many-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await store.close();
  store = await openStore(folder);
}

/** Forty days, with a hole in each archive: of days in one, of an hour in the next. */
async function liveForty(): Promise<void> {
  const { table } = interpret(emptyState, director.snapshotAt(endS));
  let hole = 0;
  const histories = function* () {
    for (const { name, timesS, sinceS, columns } of director.history(epochS, endS)) {
      const fromS = endS - 20 * dayS - 7 * 3600;
      const toS = fromS + (hole++ % 2 === 0 ? 3 * dayS : 3600);
      const isKept = (_: number, i: number) => (timesS[i] ?? 0) < fromS || (timesS[i] ?? 0) > toS;
      const kept = { timesS: timesS.filter(isKept), sinceS: sinceS.filter(isKept) };
      const about = aboutOfName(name);
      const sources = registry.dataSources.get(kindOf(about).measureSet);
      const readings = packHistory({ ...kept, values: columns.map((column) => column.filter(isKept)) }, endS, sources);
      yield { name, about, lastS: null, goneS: null, readings };
    }
  };
  await store.backfill({ endS, histories: histories(), outcome: () => ({ table, events: [] }) });
}

/** Cycles of a time, of which one in seven is missing; a service has left, and another has come. */
async function goOn(fromS: number, untilS: number): Promise<void> {
  let table = await store.latest();
  for (let timeS = fromS + stepS; timeS <= untilS; timeS += stepS) {
    if ((timeS / stepS) % 7 === 0) continue;
    const cycle = interpret(table, changed(director.snapshotAt(timeS)));
    await store.append(cycle, false);
    table = cycle.table;
  }
}

function changed(snapshot: Snapshot): Snapshot {
  const [leaves, ...others] = snapshot.services;
  if (leaves === undefined) throw new Error('a director without a service');
  const comes = { ...leaves, id: { kind: 'mark', mark: 7, family: 'ipv4' } } as const;
  return { ...snapshot, services: [...others, comes] };
}

/** Rows from elsewhere, of some days before and of the hole. */
async function importInto(name: string): Promise<void> {
  await store.merge({
    name,
    about: aboutOfName(name),
    retention: standardRetention,
    lastS: endS,
    rras: rras.map(({ pdpPerRow }) => {
      const rowS = pdpPerRow * stepS;
      const fromS = Math.floor((epochS - 3 * dayS) / rowS) * rowS;
      const count = (endS - fromS) / rowS;
      const rows = (by: number) =>
        ipvsDataSources.map((_, column) => Float64Array.from({ length: count }, (_, row) => by * (row + column)));
      return { startS: fromS, rows: { AVERAGE: rows(1 / 3), MAX: rows(1 / 2) } };
    }),
  });
}

async function names(): Promise<readonly string[]> {
  return (await store.list()).map(({ name }) => name);
}

/** Queries of some of the archives, in any order, with any of their data sources. */
function queriesOf(all: readonly string[]): fc.Arbitrary<ManyQuery> {
  const sources = ipvsDataSources.map(({ name }) => name);
  const query = {
    names: fc.uniqueArray(fc.constantFrom(...all), { minLength: 1 }),
    cf: fc.constantFrom(...cfs),
    stepS: fc.constantFrom(...rras.map(({ pdpPerRow }) => pdpPerRow * stepS)),
    startS: fc.integer({ min: epochS - 5 * dayS, max: endS + 3 * dayS }),
  };
  return fc
    .record({ ...query, lengthS: fc.integer({ min: 0, max: 50 * dayS }), wanted: fc.subarray([...sources]) })
    .map(({ lengthS, wanted, ...rest }) => ({
      ...rest,
      endS: rest.startS + (rest.stepS === stepS ? lengthS % (4 * dayS) : lengthS),
      ...(wanted.length === 0 ? {} : { dataSources: wanted }),
    }));
}

/** The sum of a data source over archives: of those that are known in a row, NaN where none is. */
function sumOf(all: readonly Series[], column: number): Float64Array {
  const longest = Math.max(...all.map(({ columns }) => columns[column]?.length ?? 0));
  return Float64Array.from({ length: longest }, (_, row) => {
    const known = all
      .map(({ columns }) => columns[column]?.[row] ?? Number.NaN)
      .filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0);
  });
}

async function oneByOne({ names: all, ...query }: ManyQuery): Promise<readonly Series[]> {
  const found: Series[] = [];
  for (const name of all) found.push(await store.fetch({ ...query, name }));
  return found;
}

async function compareSome(runs: number): Promise<void> {
  const queries = fc.sample(queriesOf(await names()), { numRuns: runs });
  const before: (readonly Series[])[] = [];
  for (const query of queries) {
    const many = await store.fetchMany(query);
    const single = await oneByOne(query);
    expect(many, JSON.stringify(query)).toEqual(single);
    for (const column of many[0]?.columns.keys() ?? []) expect(sumOf(many, column)).toEqual(sumOf(single, column));
    before.push(many);
  }
  // Whatever an open store remembers, another one reads the same; and remembers it while the archives change.
  await reopen();
  for (const [i, query] of queries.entries()) {
    expect(await oneByOne(query), JSON.stringify(query)).toEqual(before[i]);
  }
}

test('holds while archives have gaps, come, go, are imported into, rewound and forgotten', async () => {
  await liveForty();
  await compareSome(30);
  await goOn(endS, endS + dayS + 5 * 3600);
  await compareSome(30);
  const [, imported = '', , forgotten = ''] = await names();
  await importInto(imported);
  await importInto('192.0.2.200_80');
  await compareSome(30);
  await store.rewind(endS + 3 * 3600);
  await compareSome(20);
  await goOn(endS + 3 * 3600, endS + dayS + 2 * 3600);
  await store.forget(forgotten);
  await compareSome(30);
});

test('refuses an archive that does not exist', async () => {
  await liveForty();
  const query = { cf: 'MAX', startS: endS - dayS, endS, stepS } as const;
  await expect(store.fetchMany({ ...query, names: ['all', '203.0.113.1_1'] })).rejects.toMatchObject({
    code: 'no-such-archive',
  });
});
