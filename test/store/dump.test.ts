// Exports in the form of `rrdtool dump`: rrdtool restores the same rows from them and resumes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cfs } from '../../src/model/archive.js';
import { formatDump } from '../../src/rrd/format-dump.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { rras, stepS } from '../standard.js';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from './rrdtool.js';
import { type StoryReading, tellStory } from './sequence.js';
import { live, storyName as name } from './story-service.js';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-dump-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Dumps an archive of the store and has rrdtool restore it as a file. */
async function restored(file: string): Promise<string> {
  const xml = join(folder, `${file}.xml`);
  writeFileSync(xml, [...formatDump(await store.dump(name))].join(''));
  runRrdtool([`restore ${xml} ${join(folder, file)}`]);
  return join(folder, file);
}

/** Compares all rows of two files, in every round-robin archive. */
function expectSameRows(ours: string, theirs: string, { startS, endS }: { startS: number; endS: number }): void {
  const queries = cfs.flatMap((cf) =>
    rras.map(({ pdpPerRow, rows }) => {
      const rowS = pdpPerRow * stepS;
      return { name, cf, endS, stepS: rowS, startS: Math.max(startS, endS - (endS % rowS) - rows * rowS) };
    }),
  );
  const fetched = (file: string) => runRrdtool(queries.map((query) => fetchCommand(file, query))).map(parseFetch);
  const [own, other] = [fetched(ours), fetched(theirs)];
  for (const [i, query] of queries.entries()) {
    expect(differences(own[i] ?? [], other[i] ?? []), JSON.stringify(query)).toEqual([]);
  }
}

describe.skipIf(!hasRrdtool)('an exported archive (needs rrdtool)', () => {
  test.each(['dense', 'mixed', 'gaps'])(
    "has rrdtool's rows for the same readings, and resumes like rrdtool: %s",
    async (pace) => {
      const story = tellStory(23, 240, pace);
      const half = 137;
      await live(store, story.slice(0, half));
      const [startS, halfS, endS] = [story[0]?.timeS ?? 0, story[half - 1]?.timeS ?? 0, story.at(-1)?.timeS ?? 0];
      const file = join(folder, 'story.rrd');
      runRrdtool([createCommand(file, startS - 1), ...updates(file, story.slice(0, half), [0n, 0n, 0n, 0n, 0n])]);
      const ours = await restored('ours.rrd');
      expectSameRows(ours, file, { startS, endS: halfS });
      const counters = (await store.latest()).director.services.get(name)?.counters ?? [];
      const rest = story.slice(half);
      runRrdtool([...updates(ours, rest, counters), ...updates(file, rest, counters)]);
      expectSameRows(ours, file, { startS, endS });
    },
  );
});

/** Updates of a story whose counters continue from `from` and drop after each restart. */
function updates(file: string, story: readonly StoryReading[], from: readonly bigint[]): string[] {
  let counters = from;
  const updates = story.map(({ timeS, gauges, growth }) => {
    counters = counters.map((value, i) =>
      growth === null ? (i === 4 ? value + 1n : value / 2n) : value + (growth[i] ?? 0n),
    );
    return [timeS, ...gauges, ...counters].join(':');
  });
  return [`update ${file} ${updates.join(' ')}`];
}
