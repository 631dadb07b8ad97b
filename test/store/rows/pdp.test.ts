// The arithmetic against rrdtool itself: every row of every round-robin archive, over random stories.
// LVS_STATS_SEQUENCES widens the search, LVS_STATS_SEED moves it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Cf, cfs, ipvsDataSources } from '../../../src/model/archive.js';
import { standardRetention } from '../../../src/model/retention.js';
import { chooseRra } from '../../../src/model/rows/choose-rra.js';
import { consolidate } from '../../../src/model/rows/consolidate.js';
import type { SeriesQuery } from '../../../src/model/series.js';
import { addReading, type Part, toColumns } from '../../../src/store/layout/readings.js';
import { derivePdps } from '../../../src/store/rows/pdp.js';
import { slotOf } from '../../../src/store/rows/slot.js';
import { seed } from '../../seed.js';
import { rras, stepS } from '../../standard.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from '../rrdtool.js';
import { paceNames, type StoryReading, tellStory, updateArguments } from '../sequence.js';

const sequences = Number(process.env['LVS_STATS_SEQUENCES'] ?? 500);
const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-rrd-'));
const file = join(folder, 'story.rrd');

/** Stories for one rrdtool, which takes longer to start than for most of them. */
const perRrdtool = 50;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The parts of a story that `append` stores. */
function partsOf(story: readonly StoryReading[]): readonly Part[] {
  const bySlot = new Map<number, readonly Part[]>();
  let sinceS = (story[0]?.timeS ?? 0) - 1;
  for (const [i, { timeS, gauges, growth }] of story.entries()) {
    const counters = i === 0 || growth === null ? Array.from({ length: 5 }, () => Number.NaN) : growth.map(Number);
    const reading = { archive: 'x', sinceS, timeS, values: Float64Array.from([...gauges, ...counters]) };
    const slot = slotOf({ stepS }, timeS);
    bySlot.set(slot, addReading(bySlot.get(slot) ?? [], reading, { dataSources: ipvsDataSources, stepS }));
    sinceS = timeS;
  }
  return [...bySlot.values()].flat();
}

/** The rows of a query: times, then a value per data source. */
function ourRows(story: readonly StoryReading[], cf: Cf, query: SeriesQuery): readonly (readonly number[])[] {
  const runs = [toColumns(partsOf(story), ipvsDataSources.length)];
  const { startS, endS, rowS, rra, expiredS, lastRowS } = chooseRra(query, {
    retention: standardRetention,
    lastS: story.at(-1)?.timeS ?? 0,
    todayS: 0,
  });
  const place = { stepS, firstSlot: startS / stepS + 1, count: (endS - startS) / stepS };
  const pdps = derivePdps(runs, ipvsDataSources, place);
  const columns = pdps.columns.map((column) => consolidate(column, rra.pdpPerRow, cf));
  return Array.from({ length: (endS - startS) / rowS }, (_, i) => {
    const timeS = startS + (i + 1) * rowS;
    const isKept = timeS > expiredS && timeS <= lastRowS;
    return [timeS, ...columns.map((column) => (isKept ? (column[i] ?? Number.NaN) : Number.NaN))];
  });
}

/** Compares all rows of stories with those of one rrdtool, where each story begins the file anew. */
function compare(stories: readonly (readonly StoryReading[])[]): void {
  const asked = stories.map((story) => {
    const [startS, endS] = [(story[0]?.timeS ?? 0) - 1, story.at(-1)?.timeS ?? 0];
    const queries = cfs.flatMap((cf) =>
      rras.map(({ pdpPerRow }): SeriesQuery => ({ name: 'x', cf, startS, endS, stepS: pdpPerRow * stepS })),
    );
    const updates = [createCommand(file, startS), `update ${file} ${updateArguments(story).join(' ')}`];
    return { story, queries, commands: [...updates, ...queries.map((query) => fetchCommand(file, query))] };
  });
  const outputs = runRrdtool(asked.flatMap(({ commands }) => commands));
  let first = 0;
  for (const { story, queries, commands } of asked) {
    const [, , ...texts] = outputs.slice(first, first + commands.length);
    first += commands.length;
    for (const [i, query] of queries.entries()) {
      expect(differences(ourRows(story, query.cf, query), parseFetch(texts[i] ?? ''))).toEqual([]);
    }
  }
}

describe.skipIf(!hasRrdtool)('rows derived from readings equal those of rrdtool (needs rrdtool)', () => {
  for (const [number, pace] of paceNames.entries()) {
    test(`for ${sequences / paceNames.length} stories with ${pace} readings`, () => {
      const stories = Array.from({ length: Math.ceil(sequences / paceNames.length) }, (_, i) =>
        tellStory(seed * 1_000_003 + number * 1009 + i, 20 + ((i * 37) % 200), pace),
      );
      for (let first = 0; first < stories.length; first += perRrdtool) {
        compare(stories.slice(first, first + perRrdtool));
      }
    });
  }
});
