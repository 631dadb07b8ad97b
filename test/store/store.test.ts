// The store as its callers see it: cycles in, rows out; against rrdtool where it is installed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret, interpretFailure } from '../../src/interpret/interpret.js';
import { cfs, ipvsDataSources } from '../../src/model/archive.js';
import { emptyState } from '../../src/model/cycle.js';
import { parseRetention, standardRetention } from '../../src/model/retention.js';
import type { SeriesQuery } from '../../src/model/series.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { stepS } from '../standard.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from './rrdtool.js';
import { type StoryReading, tellStory, updateArguments } from './sequence.js';
import { live, storyName as name, rowsOf, snapshotsOf } from './story-service.js';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-store-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function compareWithRrdtool(story: readonly StoryReading[], retention = standardRetention): Promise<void> {
  await live(store, story, retention);
  const file = join(folder, 'story.rrd');
  const startS = (story[0]?.timeS ?? 0) - 1;
  const endS = story.at(-1)?.timeS ?? 0;
  const queries = cfs.flatMap((cf) =>
    retention.rras.flatMap(({ pdpPerRow, rows }): SeriesQuery[] => {
      const rowS = pdpPerRow * stepS;
      const reachS = Math.max(startS, endS - (endS % rowS) - rows * rowS);
      const query = { name, cf, endS, stepS: rowS };
      return [
        { ...query, startS: reachS },
        { ...query, startS },
        { ...query, startS: endS - 86400 },
      ];
    }),
  );
  const updates = updateArguments(story);
  const commands = [createCommand(file, startS, ipvsDataSources, retention)];
  for (let i = 0; i < updates.length; i += 1000)
    commands.push(`update ${file} ${updates.slice(i, i + 1000).join(' ')}`);
  const outputs = runRrdtool([...commands, ...queries.map((query) => fetchCommand(file, query))]);
  for (const [i, query] of queries.entries()) {
    const theirs = parseFetch(outputs[commands.length + i] ?? '');
    expect(differences(rowsOf(await store.fetch(query)), theirs), JSON.stringify(query)).toEqual([]);
  }
}

describe.skipIf(!hasRrdtool)(
  'an archive that was fed through the store has the rows of rrdtool (needs rrdtool)',
  () => {
    for (const pace of ['jitter', 'dense', 'gaps', 'mixed', 'on and across boundaries']) {
      test(`with ${pace} readings, some sealed and some recent`, () => compareWithRrdtool(tellStory(7, 600, pace)));
    }

    // Of about 53 days, with rows that are kept a quarter as long: the readings of the first 28 have expired, and the first 2-hour rows.
    // The standard rows go through the same in the full form of test/soak/three-years.test.ts.
    test('over 7,200 readings, when the oldest have expired and only coarser rows are kept of them', () =>
      compareWithRrdtool(tellStory(11, 7200, 'sparse'), parseRetention('5m:25d,30m:25d,2h:50d,1d:200d')));

    test('over years with long silences', () => compareWithRrdtool(tellStory(13, 900, 'long gaps')));
  },
);

describe('an archive of a service that is gone', () => {
  const dayS = 86_400;

  /** Two days of a service. */
  async function liveForTwoDays(): Promise<number> {
    const [first] = tellStory(3, 1, 'jitter');
    const startS = (first?.timeS ?? 0) - ((first?.timeS ?? 0) % dayS);
    const story = Array.from({ length: 576 }, (_, i): StoryReading => {
      return { timeS: startS + 300 * i + 210, gauges: [5, 7], growth: [300n, 3000n, 3000n, 300_000n, 600_000n] };
    });
    await live(store, story);
    return (await store.latest()).timeS ?? 0;
  }

  /** Only the director's cycles, hourly, until a time. */
  async function goOnWithout(untilS: number): Promise<void> {
    let table = await store.latest();
    for (let timeS = (table.timeS ?? 0) + 3600; timeS < untilS; timeS += 3600) {
      const cycle = interpret(table, { timeS, host: null, services: [] });
      await store.append(cycle, false);
      table = cycle.table;
    }
  }

  test('for 90, 150 and 260 days is answered from the finest rows that are left', async () => {
    const lastS = await liveForTwoDays();
    for (const [days, rowS] of [
      [90, 300],
      [150, 7200],
      [260, 86_400],
    ] as const) {
      await goOnWithout(lastS + days * dayS);
      const series = await store.fetch({ name, cf: 'AVERAGE', startS: lastS - dayS, endS: lastS, stepS });
      expect(series.stepS, `after ${days} days`).toBe(rowS);
      const conns = [...(series.columns[2] ?? [])].filter((value) => !Number.isNaN(value));
      expect(conns.length, `after ${days} days`).toBeGreaterThan((0.8 * dayS) / rowS - 1);
      for (const value of conns) expect(value).toBeCloseTo(1, 9);
    }
  });
});

describe('below the floor of free disk', () => {
  test('archives that exist go on, and new ones are made when there is room again', async () => {
    const story = tellStory(3, 40, 'jitter');
    await live(store, story.slice(0, 10));
    const [next, later] = snapshotsOf(story.slice(10, 12));
    if (next === undefined || later === undefined) throw new Error('no snapshot');
    const added = {
      ...next.services[0],
      id: { kind: 'mark', mark: 9, family: 'ipv4' },
    } as (typeof next.services)[number];
    const leftOut = await store.appendToExisting(
      interpret(await store.latest(), { ...next, services: [...next.services, added] }),
    );
    expect(leftOut).toBe(2);
    const names = async () => (await store.list()).map((archive) => archive.name);
    expect(await names()).toEqual(['all', name, `${name}/10.0.0.1_80`]);
    expect((await store.list()).every(({ lastS }) => lastS === next.timeS)).toBe(true);
    expect((await store.events({ archive: 'fwm_9' })).length).toBe(0);
    await store.append(interpret(await store.latest(), { ...later, services: [...later.services, added] }));
    expect(await names()).toEqual(['all', name, `${name}/10.0.0.1_80`, 'fwm_9', 'fwm_9/10.0.0.1_80']);
    expect((await store.events({ archive: 'fwm_9' })).map(({ kind }) => kind)).toEqual(['appeared']);
  });
});

describe('the ledger', () => {
  test('keeps the newest 1,000 events of a service, however many come at once', async () => {
    const servers = (weight: number) =>
      Array.from({ length: 1500 }, (_, i) => ({
        id: { address: `10.0.${i >> 8}.${i & 255}`, port: 80 },
        counters: { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n },
        forwarding: 'Masq' as const,
        weight,
        activeConn: 0,
        inActConn: 0,
      }));
    let table = emptyState;
    for (const weight of [1, 2, 3, 4]) {
      const counters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };
      const id = { kind: 'mark', mark: 1, family: 'ipv4' } as const;
      const service = { id, counters, scheduler: 'rr', flags: '', realServers: servers(weight) };
      const cycle = interpret(table, { timeS: 1_763_700_000 + 300 * weight, host: null, services: [service] });
      await store.append(cycle);
      table = cycle.table;
    }
    const events = [...(await store.events({ archive: 'fwm_1' }))];
    expect(events.shift()?.kind).toBe('older-dropped');
    expect(events.length).toBe(1000);
    expect(new Set(events.map(({ to }) => to))).toEqual(new Set(['4']));
  });
});

describe('a cycle', () => {
  const story = tellStory(3, 40, 'jitter');

  test('is refused when it was made from another table than the newest', async () => {
    await live(store, story.slice(0, 2));
    const [late] = snapshotsOf(story.slice(2, 3));
    if (late === undefined) throw new Error('no snapshot');
    await expect(store.append(interpret(emptyState, late))).rejects.toMatchObject({ code: 'overtaken' });
    expect((await store.latest()).timeS).toBe(story[1]?.timeS);
  });

  test('is all there after the store was closed and opened again, and so is the table', async () => {
    await live(store, story);
    const before = rowsOf(await store.fetch(dayOf(story)));
    const table = await store.latest();
    await store.close();
    store = await openStore(folder);
    expect(rowsOf(await store.fetch(dayOf(story)))).toEqual(before);
    expect(await store.latest()).toEqual(table);
  });

  test('makes an archive for the director, the service and its real server', async () => {
    await live(store, story);
    const archives = await store.list();
    expect(archives.map((archive) => archive.name)).toEqual(['all', name, `${name}/10.0.0.1_80`]);
    expect(archives.map(({ firstS, lastS }) => [firstS, lastS])).toEqual(
      archives.map(() => [story[0]?.timeS, story.at(-1)?.timeS]),
    );
  });

  test('that failed leaves an event, and one when it works again', async () => {
    await store.append(interpretFailure(emptyState, { timeS: 1_699_999_000, code: 'timed-out', message: 'too slow' }));
    await store.append(
      interpretFailure(await store.latest(), { timeS: 1_699_999_300, code: 'timed-out', message: 'slow' }),
    );
    expect(await store.list()).toEqual([]);
    await live(store, story);
    const events = await store.events({ archive: 'all' });
    expect(events.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['cycle-failed', 'too slow'],
      ['cycle-resumed', '2 cycles failed, the last with "timed-out"'],
      ['cycle-missed', undefined],
    ]);
  });

  test('of an unknown archive cannot be fetched', async () => {
    await live(store, story);
    await expect(store.fetch({ ...dayOf(story), name: '192.0.2.9_80' })).rejects.toMatchObject({
      code: 'no-such-archive',
    });
  });
});

function dayOf(story: readonly StoryReading[]): SeriesQuery {
  const endS = story.at(-1)?.timeS ?? 0;
  return { name, cf: 'AVERAGE', startS: endS - 86400, endS, stepS };
}
