// The growth of each part of the work with the number of services. Archives are of services only; the listings, and the process that reads
// them, have ten real servers per service.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseListings } from '../src/collect/ipvs/join.js';
import { interpret } from '../src/interpret/interpret.js';
import { ipvsDataSources } from '../src/model/archive.js';
import { emptyState, type KnownState } from '../src/model/cycle.js';
import { serviceName } from '../src/model/names/name.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { databaseFolder } from '../src/store/leveldb/database.js';
import { openStore, withStore } from '../src/store/open.js';
import { packHistory } from '../src/store/rows/pack-history.js';
import type { Store } from '../src/store/store.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { busyCounters, busyTable, startS } from './busy-table.js';
import type { Findings, GrowthLine } from './comparison.js';
import { picturesMs } from './growth-pictures.js';
import { collectCycles } from './large.js';
import { formatListings } from './listing.js';
import { Program, type ProgramRun } from './program.js';
import { folderBytes } from './size.js';
import { medianOf } from './statistics.js';
import { processorClockMs, processorRoundsMs, spentMs } from './timed.js';

const counts = [10, 100, 1000, 10_000];
const dayS = 86_400;
const yearS = 365 * dayS;
const measuredCycles = 24;

/** Cycles that are not measured: in the first hours of a day the previous day is packed. */
const sinceMidnight = 24;

/** Figures for one number of services, by measurement. */
type Measured = Readonly<Record<string, number>>;

const bytesOnDisk = 'bytes on the disk, a day of readings';

/** Measures growth. */
export async function measureGrowth({ folder }: BenchContext): Promise<Findings> {
  const program = await Program.build(join(folder, 'program'));
  const found: Measured[] = [];
  for (const services of counts) {
    const dataDir = join(folder, `data-${services}`);
    found.push({
      'creating the archives': await createMs(join(folder, `created-${services}`), services),
      ...(await storeFigures(dataDir, services)),
      'parse, 10 real servers each': await parseMs(services),
      ...(await processFigures(program, folder, services)),
    });
    rmSync(dataDir, { recursive: true });
  }
  const works = Object.keys(found[0] ?? {});
  const growth = works.map((work): GrowthLine => {
    const points = counts.map((services, i) => ({ services, value: found[i]?.[work] ?? Number.NaN }));
    return { work, unit: work === bytesOnDisk ? 'bytes' : 'ms', points };
  });
  return { growth, notes };
}

const notes = [
  'Growth is told in processor time of all threads, in which neither the disk nor other work shows: medians of rounds of at least 40 ms after two that warm up, of 24 cycles, of 3 processes (2 with pictures). Archives have a day behind them, one of them a year. Drawing all of a day’s pictures of 10,000 services takes minutes and was not measured; the row before it has all but the drawing, and the one before that what a picture takes.',
  '"Linear or better": a service costs at most 1.15 times as much at the largest number measured as where it costs least; the figure is that ratio. Fixed costs make it fall, n log n would make it 1.33 from 1,000 to 10,000.',
];

async function createMs(dataDir: string, services: number): Promise<number> {
  const cycle = interpret(emptyState, busyTable({ services, realServersEach: 0 }, startS + 2));
  const rounds: number[] = [];
  for (let round = -1; round < 5; round += 1) {
    const ms = await withStore(dataDir, (store) => spentMs(() => store.append(cycle)));
    if (round >= 0) rounds.push(ms);
    rmSync(dataDir, { recursive: true });
  }
  return medianOf(rounds);
}

/** Figures for cycles, a list, rows and pictures, on archives with a day of history. */
async function storeFigures(dataDir: string, services: number): Promise<Measured> {
  const store = await openStore(dataDir);
  try {
    const table = await loadDay(store, services);
    const { cycle, append } = await cyclesMs(store, { services, table });
    const name = serviceName(busyTable({ services: 1, realServersEach: 0 }, startS).services[0]?.id ?? noService());
    const endS = startS + (sinceMidnight + measuredCycles) * stepS;
    const rows = { name, cf: 'AVERAGE', endS: endS - 1 } as const;
    return {
      'a cycle: interpret and append': cycle,
      'of that, append': append,
      [bytesOnDisk]: folderBytes(databaseFolder(dataDir)),
      'a day of one archive': await processorRoundsMs(() => store.fetch({ ...rows, startS: endS - dayS, stepS })),
      'a year of one archive': await processorRoundsMs(() =>
        store.fetch({ ...rows, startS: endS - yearS, stepS: dayS }),
      ),
      'listing the archives': await processorRoundsMs(() => store.list()),
      ...(await picturesMs(store, { folder: join(dataDir, 'graphs'), services, name })),
    };
  } finally {
    await store.close();
  }
}

function noService(): never {
  throw new Error('a table of one service has none');
}

async function cyclesMs(
  store: Store,
  { services, table: first }: { services: number; table: KnownState },
): Promise<{ cycle: number; append: number }> {
  let table = first;
  const cycle: number[] = [];
  const append: number[] = [];
  for (let round = -sinceMidnight; round < measuredCycles; round += 1) {
    const snapshot = busyTable({ services, realServersEach: 0 }, startS + (sinceMidnight + round + 1) * stepS);
    const clock = processorClockMs();
    const next = interpret(table, snapshot);
    const interpreted = clock();
    await store.append(next);
    table = next.table;
    if (round < 0) continue;
    append.push(clock() - interpreted);
    cycle.push(clock());
  }
  return { cycle: medianOf(cycle), append: medianOf(append) };
}

/** Loads a day up to `startS` (a year for the first service), and returns the table at its end. */
async function loadDay(store: Store, services: number): Promise<KnownState> {
  const { table } = interpret(emptyState, busyTable({ services, realServersEach: 0 }, startS));
  const histories = function* (): Generator<ArchiveHistory> {
    let i = 0;
    for (const name of ['all', ...table.director.services.keys()]) {
      const readings = packHistory(readingsOf(i, i === 1 ? yearS : dayS), startS);
      yield { name, about: { kind: 'director' }, lastS: null, goneS: null, readings };
      i += 1;
    }
  };
  await store.backfill({ endS: startS, histories: histories(), outcome: () => ({ table, events: [] }) });
  return table;
}

function readingsOf(service: number, spanS: number): Parameters<typeof packHistory>[0] {
  const timesS = Float64Array.from({ length: spanS / stepS }, (_, i) => startS - spanS + (i + 1) * stepS);
  const sinceS = timesS.map((timeS) => timeS - stepS);
  const before = Array.from(sinceS, (timeS) => busyCounters(service, timeS));
  const now = Array.from(timesS, (timeS) => busyCounters(service, timeS));
  const values = ipvsDataSources.map((_, column) =>
    Float64Array.from(now, (counters, row) => (counters[column - 2] ?? 0) - (before[row]?.[column - 2] ?? 0)),
  );
  return { timesS, sinceS, values };
}

async function parseMs(services: number): Promise<number> {
  const raw = formatListings(busyTable({ services, realServersEach: 10 }, startS + 10 * dayS));
  return processorRoundsMs(() => parseListings(raw));
}

/** First without pictures, for cycles alone; then with them, which a cycle draws within its budget. */
async function processFigures(program: Program, folder: string, services: number): Promise<Measured> {
  const request = { program, folder, size: { services, realServersEach: 10 } };
  const [, ...plain] = await collectCycles({ ...request, cycles: 4 });
  const drawing = await collectCycles({ ...request, cycles: 2, firstCycle: 4, pictures: true });
  rmSync(join(folder, `collected-${services}`), { recursive: true });
  const median = (runs: readonly ProgramRun[]): number => medianOf(runs.map(({ processorMs }) => processorMs));
  return {
    '`collect` without pictures, a process, 10 real servers each': median(plain),
    '`collect` with pictures, which stops at 15 s by itself': median(drawing),
  };
}
