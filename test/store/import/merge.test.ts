// Imported rows: they fill gaps of collected archives, export unchanged and expire with the rest.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cf, cfs, ipvsDataSources } from '../../../src/model/archive.js';
import type { Dump } from '../../../src/model/dump.js';
import { aboutOfName } from '../../../src/model/names/parse-name.js';
import { formatRetention, parseRetention, standardRetention } from '../../../src/model/retention.js';
import { formatDump } from '../../../src/rrd/format-dump.js';
import { DumpParser } from '../../../src/rrd/parse-dump.js';
import { fittingRows } from '../../../src/store/import/foreign-rows.js';
import type { MergeOutcome } from '../../../src/store/import/merge.js';
import { openStore } from '../../../src/store/open.js';
import { repair } from '../../../src/store/repair/repair.js';
import type { Store } from '../../../src/store/store.js';
import { rras, stepS } from '../../standard.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from '../rrdtool.js';
import { tellStory, updateArguments } from '../sequence.js';
import { live, storyName as name, rowsOf } from '../story-service.js';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-merge-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function parse(text: string): Dump {
  const parser = new DumpParser('test');
  parser.push(text);
  return parser.finish();
}

function merge(dump: Dump, retention = standardRetention): Promise<MergeOutcome> {
  const numbers = ipvsDataSources.map(({ name: one }) => dump.sources.findIndex((source) => source.name === one));
  const map = numbers.map((at) => (at < 0 ? null : at));
  return store.merge({
    name,
    about: aboutOfName(name),
    retention,
    lastS: dump.lastS,
    rras: fittingRows(dump, map, retention).rras,
  });
}

/** A dump with the same value in every row of every round-robin archive. */
function evenDump(lastS: number, value: number): Dump {
  const sources = ipvsDataSources.map(({ name: one, kind, heartbeatS }) => {
    return { name: one, kind, heartbeatS, min: 0, max: 0, lastDs: 'U', value: 0, unknownS: 0 };
  });
  const columns = (rows: number) => ipvsDataSources.map(() => new Float64Array(rows).fill(value));
  const all = cfs.flatMap((cf) =>
    rras.map(({ pdpPerRow, rows }) => ({ cf, pdpPerRow, xff: 0.5, preps: [], columns: columns(rows) })),
  );
  return { stepS, lastS, sources, rras: all };
}

async function rowsAt(cf: Cf, rowS: number, span: { startS: number; endS: number }): Promise<number[][]> {
  return rowsOf(await store.fetch({ name, cf, ...span, stepS: rowS }));
}

test.skipIf(!hasRrdtool)('import and export preserve the rows of an rrdtool file (needs rrdtool)', async () => {
  const story = tellStory(31, 500, 'mixed');
  const [startS, endS] = [story[0]?.timeS ?? 0, story.at(-1)?.timeS ?? 0];
  const [file, xml, again] = ['story.rrd', 'story.xml', 'again.rrd'].map((one) => join(folder, one));
  const [dumped = ''] = runRrdtool([
    createCommand(`${file}`, startS - 1),
    `update ${file} ${updateArguments(story).join(' ')}`,
    `dump ${file}`,
  ]).slice(2);
  expect(await merge(parse(dumped))).toMatchObject({ isNew: true, known: 0, outside: 0 });
  writeFileSync(`${xml}`, [...formatDump(await store.dump(name))].join(''));
  const queries = cfs.flatMap((cf) =>
    rras.map(({ pdpPerRow, rows }) => {
      const rowS = pdpPerRow * stepS;
      return { name, cf, endS, stepS: rowS, startS: Math.max(startS - 86_400, endS - (endS % rowS) - rows * rowS) };
    }),
  );
  const fetches = (of: string) => queries.map((query) => fetchCommand(of, query));
  const outputs = runRrdtool([`restore ${xml} ${again}`, ...fetches(`${file}`), ...fetches(`${again}`)]).slice(1);
  for (const [i, query] of queries.entries()) {
    const theirs = parseFetch(outputs[i] ?? '');
    expect(differences(rowsOf(await store.fetch(query)), theirs), JSON.stringify(query)).toEqual([]);
    expect(differences(parseFetch(outputs[queries.length + i] ?? ''), theirs), JSON.stringify(query)).toEqual([]);
  }
});

describe('an import into a collected archive', () => {
  const story = tellStory(3, 400, 'jitter');
  const [startS, endS] = [story[0]?.timeS ?? 0, story.at(-1)?.timeS ?? 0];

  test('fills unknown rows and changes no known one', async () => {
    await live(store, story);
    const span = { startS: startS - 86_400, endS: endS - 300 };
    const before = await Promise.all(rras.map(({ pdpPerRow }) => rowsAt('MAX', pdpPerRow * stepS, span)));
    const merged = await merge(evenDump(endS + 7 * 86_400, 4.5));
    expect(merged.isNew).toBe(false);
    expect(merged.known).toBeGreaterThan(1000);
    expect(merged.outside).toBeGreaterThan(1000);
    for (const [i, { pdpPerRow }] of rras.entries()) {
      const after = await rowsAt('MAX', pdpPerRow * stepS, span);
      for (const [row, values] of (before[i] ?? []).entries()) {
        const isOpen = (values[0] ?? 0) > endS - (endS % (pdpPerRow * stepS));
        const expected = values.map((value) => (Number.isNaN(value) && !isOpen ? 4.5 : value));
        expect(after[row]).toEqual(expected);
      }
    }
    const info = (await store.list()).find((one) => one.name === name);
    expect(info?.lastS).toBe(endS);
    expect(info?.goneS).toBeNull();
  });

  test('takes no row that an earlier import has filled', async () => {
    await merge(evenDump(endS, 1));
    expect(await merge(evenDump(endS, 2))).toMatchObject({ isNew: false, taken: 0 });
    await live(store, story);
    const [first] = await rowsAt('AVERAGE', stepS, { startS: startS - 86_400, endS: startS - 86_000 });
    expect(first?.slice(1)).toEqual(ipvsDataSources.map(() => 1));
    const info = (await store.list()).find((one) => one.name === name);
    expect([info?.lastS, info?.goneS]).toEqual([endS, null]);
  });

  test('expires on schedule, and a repair finds it sound', async () => {
    await merge(evenDump(startS - 86_400, 3));
    await live(store, story);
    await live(store, [{ ...(story.at(-1) ?? { gauges: [0, 0], growth: null }), timeS: endS + 101 * 86_400 }]);
    const span = { startS: startS - 2 * 86_400, endS: startS - 86_400 - 7200 };
    const rows = await store.fetch({ name, cf: 'AVERAGE', ...span, stepS });
    expect(rows.stepS).toBe(7200);
    expect(rows.columns[0]?.[0]).toBe(3);
    await store.close();
    expect(await repair(folder, 1)).toMatchObject({ kind: 'sound' });
    store = await openStore(folder);
  });

  test('loses its later rows in a rewind', async () => {
    await live(store, story.slice(0, 200));
    await merge(evenDump(endS, 3));
    await store.rewind(story[100]?.timeS ?? 0);
    await live(store, []);
    const lastS = (await store.latest()).timeS ?? 0;
    const rows = await store.fetch({ name, cf: 'AVERAGE', startS: lastS - 86_400 * 3, endS: lastS, stepS });
    expect(rows.columns[0]?.[0]).toBe(3);
  });
});

describe('an import into another retention', () => {
  const retention = parseRetention('10m:10d,1h:200d');

  test('takes rows whose steps divide those of the archive', async () => {
    const lastS = 1_700_000_000;
    expect(await merge(evenDump(lastS, 7), retention)).toMatchObject({ isNew: true });
    for (const rowS of [600, 3600]) {
      const rows = await rowsAt('MAX', rowS, { startS: lastS - 9 * 86_400, endS: lastS - 7200 });
      expect(rows.length).toBeGreaterThan(200);
      expect(rows.every(([, ...values]) => values.every((value) => value === 7))).toBe(true);
    }
  });

  test('fixes the retention: cycles of another are rejected', async () => {
    await merge(evenDump(startOfStory(), 7), retention);
    await expect(live(store, tellStory(3, 2, 'jitter'), standardRetention)).rejects.toMatchObject({
      code: 'other-retention',
    });
    await expect(merge(evenDump(startOfStory(), 7))).rejects.toMatchObject({ code: 'other-retention' });
    await live(store, tellStory(3, 2, 'jitter'));
    expect((await store.list()).map((info) => formatRetention(info.retention))).toEqual(
      ['all', name, `${name}/10.0.0.1_80`].map(() => '10m:10d,1h:200d'),
    );
  });
});

function startOfStory(): number {
  return (tellStory(3, 1, 'jitter')[0]?.timeS ?? 0) - 600;
}

test('an import skips infinite values', async () => {
  expect(await merge(evenDump(1_700_000_000, Number.POSITIVE_INFINITY))).toMatchObject({ taken: 0, isNew: false });
});

test('a file of collectd yields rows of every step, whatever its own steps', async () => {
  const text = gunzipSync(readFileSync(new URL('../../fixtures/rrd/connections-total.xml.gz', import.meta.url)));
  const dump = parse(text.toString('latin1'));
  const { rras: made, unfit, early } = fittingRows(dump, [0], standardRetention);
  const known = made.map(({ rows }) => rows.AVERAGE[0]?.filter((value) => !Number.isNaN(value)).length);
  // The missing half hour stays a gap, although longer rows cover it.
  expect(known).toEqual([565, 93, 23, 1]);
  expect([...new Set(unfit.map(({ cf }) => cf))]).toEqual(['MIN']);
  expect(early).toBe(0);
});
