// A cycle of many services into archives, and the creation of the archives: against `rrdtool update` through its command pipe, against
// rrdcached flushed to disk, and against the raw limit, one synchronous LevelDB batch of exactly the keys and bytes that the cycle wrote.

import { join } from 'node:path';
import { Level } from 'level';
import { interpret } from '../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../src/model/cycle.js';
import { databaseFolder } from '../src/store/leveldb/database.js';
import { openStore, withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { busyTable, startS } from './busy-table.js';
import { type Comparison, type Figure, type Findings, msOf } from './comparison.js';
import { RrdCycle } from './rrd-cycle.js';
import { meanOf } from './statistics.js';
import { timedMs } from './timed.js';
import { endOfLog, type Write, writesSince } from './write-ahead-log.js';

const services = 1000;
const creations = 5;

/** A day of cycles, to include the periodic work: readings are sealed, and a day gets its row. */
const cycles = 288;
const warmUps = 24;

/** Cycles between two syncs of rrdcached's flushed files: a sync takes long. */
const cyclesPerSync = 16;

/** Milliseconds of ours and of a peer, side by side. */
interface Pair {
  readonly ours: number[];
  readonly theirs: number[];
}

interface Pairs {
  readonly creation: Pair;
  readonly raw: Pair;
  readonly update: Pair;
  readonly flush: Pair;
  readonly sync: Pair;
}

/** Measures cycles and creation. */
export async function measureCycle(context: BenchContext): Promise<Findings> {
  const pair = (): Pair => ({ ours: [], theirs: [] });
  const pairs: Pairs = { creation: pair(), raw: pair(), update: pair(), flush: pair(), sync: pair() };
  const peers = await RrdCycle.start(services, context);
  try {
    await measureCreation(context.folder, peers, pairs);
    await measureRounds(context.folder, peers, pairs);
  } finally {
    await peers.close();
  }
  return { comparisons: comparisons(pairs), notes };
}

/** All archives at once into an empty store, and the same number of rrdtool's. */
async function measureCreation(folder: string, peers: RrdCycle, { creation }: Pairs): Promise<void> {
  const cycle = interpret(emptyState, busyTable({ services, realServersEach: 0 }, startS + 2));
  for (let part = 0; part < creations; part += 1) {
    const append = (store: Store): Promise<number> => timedMs(() => store.append(cycle));
    creation.ours.push(await withStore(join(folder, `created-${part}`), append));
    const partMs = await peers.create({ part, of: creations });
    if (partMs !== null) creation.theirs.push(partMs * creations);
  }
}

/** Every cycle is also written to the raw database, and given to rrdtool and rrdcached in turn. */
async function measureRounds(folder: string, peers: RrdCycle, pairs: Pairs): Promise<void> {
  const raw = new Level<Buffer, Buffer>(join(folder, 'raw'), { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  await raw.open();
  const cycler = await Cycler.open(join(folder, 'data'));
  try {
    for (let cycle = -warmUps; cycle < cycles; cycle += 1) {
      const { timeS, tookMs, writes } = await cycler.next();
      const rawMs = await timedMs(() => raw.batch([...writes], { sync: true }));
      if (cycle < 0) continue;
      add(pairs.raw, tookMs, rawMs);
      if (cycle % 2 === 0) {
        add(pairs.update, tookMs, await peers.update(timeS));
        continue;
      }
      const flushMs = await peers.flush(timeS);
      add(pairs.flush, tookMs, flushMs);
      if (flushMs !== null && cycle % cyclesPerSync === 1) add(pairs.sync, tookMs, flushMs + (await peers.sync()));
    }
  } finally {
    await cycler.close();
    await raw.close();
  }
}

function add(pair: Pair, oursMs: number, theirsMs: number | null): void {
  if (theirsMs === null) return;
  pair.ours.push(oursMs);
  pair.theirs.push(theirsMs);
}

/** Our cycles, one after the other, and the writes of each. */
class Cycler {
  readonly #store: Store;
  readonly #database: string;
  #table: KnownState = emptyState;
  #timeS = startS + 2;

  private constructor(store: Store, dataDir: string) {
    this.#store = store;
    this.#database = databaseFolder(dataDir);
  }

  static async open(dataDir: string): Promise<Cycler> {
    return new Cycler(await openStore(dataDir), dataDir);
  }

  async next(): Promise<{ timeS: number; tookMs: number; writes: readonly Write[] }> {
    const timeS = this.#timeS;
    const cycle = interpret(this.#table, busyTable({ services, realServersEach: 0 }, timeS));
    this.#table = cycle.table;
    this.#timeS += stepS;
    const place = endOfLog(this.#database);
    const tookMs = await timedMs(() => this.#store.append(cycle));
    return { timeS, tookMs, writes: writesSince(this.#database, place) };
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

function comparisons({ creation, raw, update, flush, sync }: Pairs): Comparison[] {
  const figure = (values: readonly number[]): Figure | null => (values.length === 0 ? null : msOf(values));
  const mean = (values: readonly number[]): readonly number[] => (values.length === 0 ? [] : [meanOf(values)]);
  const row = (pair: Pair, peer: string) => ({
    work: 'a cycle of 1,000 services into archives, on the disk',
    // Without the peer, all cycles: those beside the raw batch, which is always available.
    ours: msOf(pair.theirs.length === 0 ? raw.ours : pair.ours),
    peer,
    theirs: figure(pair.theirs),
  });
  return [
    { ...row(update, '`rrdtool update`, not synced'), target: { text: '10× faster', timesBetter: 10 } },
    { ...row(flush, 'rrdcached, flushed'), target: { text: 'faster', timesBetter: 1 } },
    row(sync, 'rrdcached, flushed and synced'),
    {
      ...row(raw, 'the same bytes as a synchronous LevelDB batch'),
      stretch: { text: 'within 2×', timesBetter: 1 / 2 },
    },
    {
      work: 'the same, mean of a day’s cycles, with sealing and compaction',
      ours: msOf(mean(raw.ours)),
      peer: '`rrdtool update`',
      theirs: figure(mean(update.theirs)),
    },
    {
      work: 'creating 1,000 archives',
      ours: msOf(creation.ours),
      peer: '`rrdtool create`',
      theirs: figure(creation.theirs),
      target: { text: '100× faster', timesBetter: 100 },
    },
  ];
}

const notes = [
  `A cycle: ${cycles} of them, a day, each into our archives and on the disk when it returns, then as a raw batch of the very keys and bytes that ours wrote (read back from the write-ahead log), and in turn to rrdtool or to rrdcached.`,
  'rrdtool and rrdcached take turns on one set of 1,000 files, so that each file gets every update once. rrdcached is handed a batch, then FLUSHALL and a FLUSH of each file; "synced" adds fdatasync(2) of every file, four at a time.',
];
