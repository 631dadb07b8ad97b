// How each part of the work grows with the number of services. Archives are of services alone; the listings, and the
// process that reads them, have ten real servers a service.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseListings } from '../src/collect/join.js';
import { ipvsDataSources, stepS } from '../src/model/archive.js';
import { emptyTable, type Table } from '../src/model/cycle.js';
import { interpret } from '../src/model/interpret.js';
import { serviceName } from '../src/model/name.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { openStore, withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import type { BenchContext } from './bench.js';
import { busyCounters, busyTable, startS } from './busy-table.js';
import type { Findings, GrowthLine } from './comparison.js';
import { collectCycles } from './large.js';
import { formatListings } from './listing.js';
import { Program } from './program.js';
import { medianOf } from './statistics.js';
import { roundsMs, timedMs } from './timed.js';

const counts = [10, 100, 1000, 10_000];
const dayS = 86_400;

/** Cycles that are not measured: in the first hours of a day the day before is packed. */
const sinceMidnight = 24;

/** Milliseconds for one number of services, by what is measured. */
type Measured = Readonly<Record<string, number>>;

/** Measures growth. */
export async function measureGrowth({ folder }: BenchContext): Promise<Findings> {
  const program = Program.build(join(folder, 'program'));
  const found: Measured[] = [];
  for (const services of counts) {
    const dataDir = join(folder, `data-${services}`);
    const rounds = services > 1000 ? 5 : 20;
    found.push({
      'creating the archives': await createMs(join(folder, `created-${services}`), services),
      ...(await storeMs(dataDir, services, rounds)),
      'parse, 10 real servers each': await parseMs(services, rounds),
      '`collect` without pictures, a process, 10 real servers each': await processMs(program, folder, services),
    });
    rmSync(dataDir, { recursive: true });
  }
  const works = Object.keys(found[0] ?? {});
  const growth = works.map((work): GrowthLine => {
    const points = counts.map((services, i) => ({ services, value: found[i]?.[work] ?? Number.NaN }));
    return { work, unit: 'ms', points };
  });
  return { growth };
}

async function createMs(dataDir: string, services: number): Promise<number> {
  const cycle = interpret(emptyTable, busyTable({ services, realServersEach: 0 }, startS + 2));
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push(await withStore(dataDir, (store) => timedMs(() => store.append(cycle))));
    rmSync(dataDir, { recursive: true });
  }
  return medianOf(rounds);
}

/** Cycles, a list and a day's rows, of archives that have a day behind them. */
async function storeMs(dataDir: string, services: number, rounds: number): Promise<Measured> {
  const store = await openStore(dataDir);
  try {
    const table = await loadDay(store, services);
    const { cycle, append } = await cyclesMs(store, { services, rounds, table });
    const name = serviceName(busyTable({ services: 1, realServersEach: 0 }, startS).services[0]?.id ?? noService());
    const endS = startS + (sinceMidnight + rounds) * stepS;
    const query = { name, cf: 'AVERAGE', startS: endS - dayS, endS: endS - 1, stepS } as const;
    return {
      'a cycle: interpret and append': cycle,
      'of that, append': append,
      'a day of one archive': medianOf(await roundsMs(50, () => store.fetch(query))),
      'listing the archives': medianOf(await roundsMs(rounds, () => store.list())),
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
  { services, rounds, table: first }: { services: number; rounds: number; table: Table },
): Promise<{ cycle: number; append: number }> {
  let table = first;
  const cycle: number[] = [];
  const append: number[] = [];
  for (let round = -sinceMidnight; round < rounds; round += 1) {
    const snapshot = busyTable({ services, realServersEach: 0 }, startS + (sinceMidnight + round + 1) * stepS);
    if (round < 0) {
      const early = interpret(table, snapshot);
      await store.append(early, false);
      table = early.table;
      continue;
    }
    const startMs = performance.now();
    const next = interpret(table, snapshot);
    append.push(await timedMs(() => store.append(next)));
    cycle.push(performance.now() - startMs);
    table = next.table;
  }
  return { cycle: medianOf(cycle), append: medianOf(append) };
}

/** Loads a day up to `startS`, and returns the table at its end. */
async function loadDay(store: Store, services: number): Promise<Table> {
  const { table } = interpret(emptyTable, busyTable({ services, realServersEach: 0 }, startS));
  const timesS = Float64Array.from({ length: dayS / stepS }, (_, i) => startS - dayS + (i + 1) * stepS);
  const sinceS = timesS.map((timeS) => timeS - stepS);
  const histories = function* (): Generator<ArchiveHistory> {
    let i = 0;
    for (const name of ['all', ...table.services.keys()]) {
      const before = Array.from(sinceS, (timeS) => busyCounters(i, timeS));
      const now = Array.from(timesS, (timeS) => busyCounters(i, timeS));
      const values = ipvsDataSources.map((_, column) =>
        Float64Array.from(now, (counters, row) => (counters[column - 2] ?? 0) - (before[row]?.[column - 2] ?? 0)),
      );
      yield { name, about: { kind: 'director' }, lastS: null, goneS: null, readings: { timesS, sinceS, values } };
      i += 1;
    }
  };
  await store.backfill({ histories: histories(), table, events: [] });
  return table;
}

async function parseMs(services: number, rounds: number): Promise<number> {
  const raw = formatListings(busyTable({ services, realServersEach: 10 }, startS + 10 * dayS));
  return medianOf(await roundsMs(rounds, () => parseListings(raw)));
}

async function processMs(program: Program, folder: string, services: number): Promise<number> {
  const size = { services, realServersEach: 10 };
  const [, ...steady] = await collectCycles({ program, folder, size, cycles: 4 });
  rmSync(join(folder, `collected-${services}`), { recursive: true });
  return medianOf(steady.map(({ wallMs }) => wallMs));
}
