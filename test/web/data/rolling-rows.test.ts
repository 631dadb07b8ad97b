// Boards and stacks of rows that are kept equal those of rows that are read afresh, to the last bit, whatever becomes of the archives.
// LVS_STATS_CYCLES=1000 makes longer stories, LVS_STATS_SEED=7 others.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyState } from '../../../src/model/cycle.js';
import { directorName } from '../../../src/model/names/name.js';
import { parseRetention } from '../../../src/model/retention.js';
import type { Series } from '../../../src/model/series.js';
import { stackTypes } from '../../../src/render/define/graph-request.js';
import type { OpenArchives } from '../../../src/store/archives.js';
import { openStore } from '../../../src/store/open.js';
import { lastingArchives } from '../../../src/store/shared/lasting-store.js';
import { createBoards, type FigureSource, unkept } from '../../../src/web/data/board.js';
import { type Catalogue, catalogueOf } from '../../../src/web/data/catalogue.js';
import { createKeptLedgers } from '../../../src/web/data/kept-ledgers.js';
import { createRollingRows } from '../../../src/web/data/rolling-rows.js';
import { createStacks } from '../../../src/web/data/stacks.js';
import { rowsOfStretch } from '../../../src/web/data/stretches.js';
import '../../equal-columns.js';
import { ArchiveStory, loadPast } from './archive-story.js';

const dayS = 86_400;
const cycles = Number(process.env['LVS_STATS_CYCLES'] ?? 20);
const looks = { timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: new Map(), note: null } as const;

let folder: string;
let archives: OpenArchives;
let past: () => Promise<void>;
/** Were readings replaced since the last look? */
let isReplaced = false;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-rolling-'));
  isReplaced = false;
  const store = await openStore(folder);
  archives = lastingArchives(folder, store, (news) => {
    isReplaced ||= news.isReplaced;
  });
  past = () => loadPast(store);
});

afterEach(async () => {
  await archives.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that the pages of a catalogue show of all services. */
async function shownOf(source: FigureSource, catalogue: Catalogue): Promise<unknown> {
  const board = await createBoards(source).read(catalogue);
  const figures = [...catalogue.byName.keys()].map((name) => [name, board.of(name)]);
  const archive = catalogue.byName.get(directorName);
  if (archive === undefined) return { figures };
  const stacks = createStacks({ source: archives, looks: () => looks, ...source });
  const ground = { lastS: catalogue.lastS, timeZone: 'UTC', widthPx: 700 };
  const shown: unknown[] = [];
  for (const period of ['day', 'week'] as const) {
    const rows = await rowsOfStretch(archives, { archive, stretch: { kind: 'period', period } }, ground);
    for (const type of stackTypes) shown.push(await stacks.read(rows, catalogue, type));
  }
  return { figures, shown };
}

/** To the last bit; Node's own equality is many times faster, but says nothing about differences. */
function expectSame(kept: unknown, fresh: unknown): void {
  if (!isDeepStrictEqual(kept, fresh)) expect(kept).toStrictEqual(fresh);
}

/** Rows that were lent, and a copy of them. */
interface Lent {
  readonly rows: readonly Series[];
  readonly copy: readonly Series[];
}

function lentOf(rows: readonly Series[]): Lent {
  return { rows, copy: rows.map((one) => ({ ...one, columns: one.columns.map((column) => column.slice()) })) };
}

const room = 2 ** 26;
/** Room for the rows of some archives. */
const littleRoom = 2 ** 17;

describe('kept rows and ledgers', () => {
  test.each([
    ['5m:100d,30m:100d,2h:200d,1d:797d', { hasPast: true, maxBytes: room }],
    ['5m:100d,30m:100d,2h:200d,1d:797d', { hasPast: true, maxBytes: littleRoom }],
    ['5m:2d,30m:9d,1d:60d', { hasPast: false, maxBytes: room }],
    ['1m:2d,1h:40d', { hasPast: false, maxBytes: room }],
    ['30m:20d,2h:40d', { hasPast: false, maxBytes: room }],
  ])('of archives of %s show what a fresh start shows: %o', async (text, { hasPast, maxBytes }) => {
    if (hasPast) await past();
    const table = hasPast ? await archives.latest() : { ...emptyState, retention: parseRetention(text) };
    const story = new ArchiveStory(archives, text.length, table);
    const rolling = createRollingRows({ fetchMany: (query) => archives.fetchMany(query) }, maxBytes);
    const ledgers = createKeptLedgers({ events: (query) => archives.events(query) }, maxBytes / 2 ** 16);
    const kept = { rows: rolling.read, ledger: ledgers.read };
    let shownS = 0;
    const lent: Lent[] = [];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await story.goOn();
      const catalogue = catalogueOf(await archives.list(), looks.hosts);
      // As the viewer does.
      if (isReplaced || catalogue.lastS < shownS) for (const { forget } of [rolling, ledgers]) forget();
      isReplaced = false;
      shownS = catalogue.lastS;
      expectSame(await shownOf(kept, catalogue), await shownOf(unkept(archives), catalogue));
      const { lastS } = catalogue;
      const query = { archives: [...catalogue.byName.values()], lastS, startS: lastS - dayS, endS: lastS, stepS: 300 };
      const rows = await rolling.read(query);
      expectSame(rows, await unkept(archives).rows(query));
      lent.push(lentOf(rows));
    }
    for (const { rows, copy } of lent) expectSame(rows, copy);
  });
});

test('a cycle reads only what is new of rows that are kept', async () => {
  await past();
  const story = new ArchiveStory(archives, 0, await archives.latest());
  let read = 0;
  const fetchMany: OpenArchives['fetchMany'] = async (query) => {
    const all = await archives.fetchMany(query);
    for (const { columns } of all) read += columns[0]?.length ?? 0;
    return all;
  };
  const rolling = createRollingRows({ fetchMany }, room);
  const ledgers = createKeptLedgers({ events: (query) => archives.events(query) }, 1000);
  const kept = { rows: rolling.read, ledger: ledgers.read };
  const rowsRead: number[] = [];
  for (let cycle = 0; cycle < 3; cycle += 1) {
    await story.collect();
    read = 0;
    const catalogue = catalogueOf(await archives.list(), looks.hosts);
    await shownOf(kept, catalogue);
    rowsRead.push(read / catalogue.services.length);
  }
  const [first = 0, ...others] = rowsRead;
  expect(first).toBeGreaterThan(288 + 288 + 336);
  // One of the last 24 hours.
  for (const one of others) expect(one).toBeLessThan(3);
});
