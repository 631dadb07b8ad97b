// Archives with a custom retention: rrdtool says what they hold, also after their readings expire. The retention survives
// reopening, repair and rewind, and cycles of another are rejected.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import { cfs, ipvsDataSources, withHeartbeat } from '../../src/model/archive.js';
import {
  formatRetention,
  parseRetention,
  type Retention,
  reachOf,
  standardRetention,
} from '../../src/model/retention.js';
import type { SeriesQuery } from '../../src/model/series.js';
import { metaKey } from '../../src/store/layout/keys.js';
import { databaseFolder } from '../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../src/store/leveldb/raw-database.js';
import { withStore } from '../../src/store/open.js';
import { repair } from '../../src/store/repair/repair.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from './rrdtool.js';
import { type StoryReading, tellStory, updateArguments } from './sequence.js';
import { live, storyName as name, readAll, rowsOf, snapshotsOf } from './story-service.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-retention-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Queries for all rows of all round-robin archives, and for the last day. */
function queriesOf(retention: Retention, endS: number): readonly SeriesQuery[] {
  return cfs.flatMap((cf) =>
    retention.rras.flatMap((rra): SeriesQuery[] => {
      const rowS = rra.pdpPerRow * retention.stepS;
      const query = { name, cf, endS, stepS: rowS };
      return [
        { ...query, startS: endS - (endS % rowS) - reachOf(retention, rra) },
        { ...query, startS: endS - 86_400 },
      ];
    }),
  );
}

function rrdtoolRows(story: readonly StoryReading[], retention: Retention, queries: readonly SeriesQuery[]) {
  const file = join(folder, 'story.rrd');
  const sources = withHeartbeat(ipvsDataSources, retention);
  const commands = [createCommand(file, (story[0]?.timeS ?? 0) - 1, sources, retention)];
  const updates = updateArguments(story);
  for (let i = 0; i < updates.length; i += 1000)
    commands.push(`update ${file} ${updates.slice(i, i + 1000).join(' ')}`);
  const outputs = runRrdtool([...commands, ...queries.map((query) => fetchCommand(file, query))]);
  return queries.map((_, i) => parseFetch(outputs[commands.length + i] ?? ''));
}

describe.skipIf(!hasRrdtool)('an archive with a custom retention has the rows of rrdtool (needs rrdtool)', () => {
  test.each([
    ['2m:2d,10m:4d,1h:8d', 'jitter', 7000],
    ['5m:3d,30m:6d,2h:12d,1d:40d', 'sparse', 6000],
    ['10m:5d', 'mixed', 1000],
    ['15m:4d,1d:30d', 'gaps', 1500],
    ['1h:4d,6h:30d', 'on and across boundaries', 1200],
    ['1m:2d,1d:2d', 'dense', 6000],
  ])('%s, with %s readings', async (text, pace, count) => {
    const retention = parseRetention(text);
    const story = tellStory(17, count, pace, retention.stepS);
    const queries = queriesOf(retention, story.at(-1)?.timeS ?? 0);
    const theirs = rrdtoolRows(story, retention, queries);
    const snapshots = [...snapshotsOf(story)];
    await withStore(folder, (store) => readAll(store, snapshots.slice(0, count / 2), retention));
    // The store remembers the retention, so it is not passed again.
    await withStore(folder, async (store) => {
      await readAll(store, snapshots.slice(count / 2));
      for (const [i, query] of queries.entries()) {
        expect(differences(rowsOf(await store.fetch(query)), theirs[i] ?? []), JSON.stringify(query)).toEqual([]);
      }
    });
  });
});

describe("the archives' retention", () => {
  const retention = parseRetention('1m:2d,10m:6d');
  const story = tellStory(3, 5000, 'steady', 60);
  const lastS = story.at(-1)?.timeS ?? 0;
  const [query] = queriesOf(retention, lastS);

  const allRows = () =>
    withStore(folder, async (store) => {
      const rows = [];
      for (const one of queriesOf(retention, lastS)) rows.push(rowsOf(await store.fetch(one)));
      return rows;
    });

  test('is listed with them and sets the heartbeat', async () => {
    await withStore(folder, async (store) => {
      await live(store, story.slice(0, 10), retention);
      const infos = await store.list();
      expect(infos.map((info) => formatRetention(info.retention))).toEqual(infos.map(() => '1m:2d,10m:6d'));
      expect(infos[0]?.dataSources.map(({ heartbeatS }) => heartbeatS)).toEqual(ipvsDataSources.map(() => 120));
      expect(formatRetention((await store.latest()).retention)).toBe('1m:2d,10m:6d');
      expect(query === undefined ? null : (await store.fetch(query)).pdpS).toBe(60);
    });
  });

  test('defaults to the standard', async () => {
    await withStore(folder, async (store) => {
      await live(store, story.slice(0, 2));
      expect((await store.latest()).retention).toBe(standardRetention);
    });
  });

  test('cannot change: a cycle made for another is rejected, and nothing is lost', async () => {
    await withStore(folder, async (store) => {
      await live(store, story.slice(0, 10), retention);
      const before = await store.latest();
      const [next] = [...snapshotsOf(story.slice(10, 11))];
      if (next === undefined) throw new Error('the story goes on');
      const cycle = interpret({ ...before, retention: standardRetention }, next);
      await expect(store.append(cycle)).rejects.toMatchObject({ code: 'other-retention' });
      expect(await store.latest()).toEqual(before);
    });
  });

  test('survives a repair of a missing state', async () => {
    await withStore(folder, (store) => live(store, story, retention));
    const before = await allRows();
    await withRawDatabase(databaseFolder(folder), async (level) => level.del(metaKey('state')));
    await repair(folder, lastS);
    expect(await allRows()).toEqual(before);
  });

  test('survives a repair of damaged archive records', async () => {
    await withStore(folder, (store) => live(store, story.slice(0, 200), retention));
    await withRawDatabase(databaseFolder(folder), async (level) => {
      const keys = (await level.keys().all()).filter((key) => key[0] === 0x61);
      await level.batch(keys.map((key) => ({ type: 'put', key, value: Buffer.from('damaged') })));
    });
    expect(await repair(folder, lastS)).toMatchObject({ kind: 'repaired' });
    await withStore(folder, async (store) => {
      expect(formatRetention((await store.latest()).retention)).toBe('1m:2d,10m:6d');
      expect((await store.latest()).timeS).toBe(story[199]?.timeS);
    });
  });

  test('survives a rewind', async () => {
    await withStore(folder, (store) => live(store, story.slice(0, 4000), retention));
    const untilS = story[3499]?.timeS ?? 0;
    await withStore(folder, async (store) => {
      const rewound = await store.rewind(untilS);
      expect(rewound?.toS).toBe(untilS);
      await live(store, story.slice(3500, 3600));
      const rows = rowsOf(await store.fetch({ name, cf: 'MAX', startS: untilS - 3600, endS: untilS - 60, stepS: 60 }));
      expect(rows.every(([, active]) => active !== undefined && !Number.isNaN(active))).toBe(true);
    });
  });
});
