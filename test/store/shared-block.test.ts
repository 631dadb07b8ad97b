// Archives with different data sources in one block of recent readings: each has rrdtool's rows when sealed, consolidated, rewound
// and repaired.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import { type About, cfs, type DataSource } from '../../src/model/archive.js';
import type { Cycle, Reading } from '../../src/model/cycle.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import type { Series, SeriesQuery } from '../../src/model/series.js';
import { withStore } from '../../src/store/open.js';
import { repair } from '../../src/store/repair/repair.js';
import type { Store } from '../../src/store/store.js';
import { rras, stepS } from '../standard.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from './rrdtool.js';
import { type StoryReading, tellStory } from './sequence.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-shared-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An archive besides the director's, derived from the same story: how it maps a reading. */
interface Kind {
  readonly name: string;
  readonly about: About;
  readonly dataSources: readonly DataSource[];
  readonly valuesOf: (reading: StoryReading) => readonly number[];
}

const counted = ({ growth }: StoryReading): readonly number[] =>
  growth === null ? [0, 1, 2, 3, 4].map(() => Number.NaN) : growth.map(Number);

const kinds: readonly Kind[] = [
  { name: 'all/total', about: { kind: 'totals' }, dataSources: dataSourcesFor('totals'), valuesOf: counted },
  { name: 'all/cpu_0', about: { kind: 'processor' }, dataSources: dataSourcesFor('processor'), valuesOf: counted },
  {
    name: 'all/table',
    about: { kind: 'connection-table' },
    dataSources: dataSourcesFor('connection-table'),
    valuesOf: ({ gauges }) => gauges,
  },
];

/** A cycle of a director without services, with readings of all kinds. */
function cycleOf(before: Cycle['table'], reading: StoryReading): Cycle {
  const cycle = interpret(before, { timeS: reading.timeS, host: null, services: [] });
  const sinceS = before.timeS ?? reading.timeS - 1;
  const readings = kinds.map(({ name, valuesOf }): Reading => {
    return { archive: name, sinceS, timeS: reading.timeS, values: Float64Array.from(valuesOf(reading)) };
  });
  const isFirst = before.timeS === null;
  const archives = isFirst ? kinds.map(({ name, about }) => ({ name, about, lastS: null, goneS: null })) : [];
  return { ...cycle, readings: [...cycle.readings, ...readings], archives: [...cycle.archives, ...archives] };
}

async function live(store: Store, story: readonly StoryReading[]): Promise<void> {
  let table = await store.latest();
  for (const reading of story) {
    const cycle = cycleOf(table, reading);
    await store.append(cycle, false);
    table = cycle.table;
  }
  await store.sync();
}

/** rrdtool takes the values as growth: ABSOLUTE instead of DERIVE, whose counters would have to drop. */
function rrdtoolRows(
  story: readonly StoryReading[],
  kind: Kind,
  queries: readonly SeriesQuery[],
): readonly (readonly (readonly number[])[])[] {
  const file = join(folder, `${kind.name.replace('/', '+')}.rrd`);
  const startS = (story[0]?.timeS ?? 0) - 1;
  const create = createCommand(file, startS, kind.dataSources).replaceAll(':DERIVE:', ':ABSOLUTE:');
  const updates = story.map((reading, i) => {
    // Only the gauges of the first reading are known.
    const values = kind
      .valuesOf(reading)
      .map((value, column) => (i === 0 && kind.dataSources[column]?.kind === 'DERIVE' ? Number.NaN : value));
    return [reading.timeS, ...values.map((value) => (Number.isNaN(value) ? 'U' : value))].join(':');
  });
  const commands = [create];
  for (let i = 0; i < updates.length; i += 1000)
    commands.push(`update ${file} ${updates.slice(i, i + 1000).join(' ')}`);
  const outputs = runRrdtool([...commands, ...queries.map((query) => fetchCommand(file, query))]);
  return queries.map((_, i) => parseFetch(outputs[commands.length + i] ?? ''));
}

function queriesOf(story: readonly StoryReading[], name: string): readonly SeriesQuery[] {
  const startS = (story[0]?.timeS ?? 0) - 1;
  const endS = story.at(-1)?.timeS ?? 0;
  return cfs.flatMap((cf) =>
    rras.map(({ pdpPerRow, rows }): SeriesQuery => {
      const rowS = pdpPerRow * stepS;
      return { name, cf, endS, stepS: rowS, startS: Math.max(startS, endS - (endS % rowS) - rows * rowS) };
    }),
  );
}

function rowsOf({ startS, endS, stepS: rowS, columns }: Series): number[][] {
  return Array.from({ length: (endS - startS) / rowS }, (_, i) => [
    startS + (i + 1) * rowS,
    ...columns.map((column) => column[i] ?? Number.NaN),
  ]);
}

async function expectRows(store: Store, story: readonly StoryReading[]): Promise<void> {
  for (const kind of kinds) {
    const queries = queriesOf(story, kind.name);
    const theirs = rrdtoolRows(story, kind, queries);
    for (const [i, query] of queries.entries()) {
      const series = await store.fetch(query);
      expect(series.dataSources).toEqual(kind.dataSources.map(({ name }) => name));
      expect(differences(rowsOf(series), theirs[i] ?? []), JSON.stringify(query)).toEqual([]);
    }
  }
}

/** Removes the growth of a story's first reading, which interpret could not know. */
function withoutFirst(story: readonly StoryReading[]): readonly StoryReading[] {
  return story.map((reading, i) => (i === 0 ? { ...reading, growth: null } : reading));
}

describe.skipIf(!hasRrdtool)(
  'archives with different data sources in one block have the rows of rrdtool (needs rrdtool)',
  () => {
    test.each(['jitter', 'dense', 'gaps', 'mixed'])('with %s readings, some sealed and some recent', async (pace) => {
      const story = withoutFirst(tellStory(17, 600, pace));
      await withStore(folder, async (store) => {
        await live(store, story);
        await expectRows(store, story);
      });
    });

    test('after their readings expire', async () => {
      const story = withoutFirst(tellStory(19, 4000, 'gaps'));
      await withStore(folder, async (store) => {
        await live(store, story);
        await expectRows(store, story);
      });
    });

    test('after a rewind of the newest readings in a slot with others', async () => {
      const story = withoutFirst(tellStory(23, 900, 'dense'));
      await withStore(folder, async (store) => {
        await live(store, story);
        for (const left of [story.slice(0, 871), story.slice(0, 300)]) {
          const untilS = left.at(-1)?.timeS ?? 0;
          await store.rewind(untilS);
          await expectRows(store, left);
        }
      });
    });

    test('after a repair', async () => {
      const story = withoutFirst(tellStory(29, 600, 'jitter'));
      await withStore(folder, (store) => live(store, story));
      await repair(folder, story.at(-1)?.timeS ?? 0);
      await withStore(folder, (store) => expectRows(store, story));
    });
  },
);
