// The cost of a cycle to a load balancer of 1,000 services with 10 real servers each, four weeks of baselines and all findings: `collect`
// without pictures as a process, beside node_exporter's scrape of the same table, and the parts of a cycle in a process that stays.

import { join } from 'node:path';
import { parseListings, tableOf } from '../src/collect/ipvs/join.js';
import { withFindings } from '../src/interpret/findings/find.js';
import { usualWeek } from '../src/interpret/findings/usual.js';
import { interpret } from '../src/interpret/interpret.js';
import { changedSnapshot } from '../src/model/table/column-snapshot.js';
import { withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { startS } from './busy-table.js';
import { type Comparison, type Findings, msOf } from './comparison.js';
import { fakeIpvsadm, formatListings } from './listing.js';
import { NodeExporter } from './node-exporter.js';
import { Program } from './program.js';
import { meanOf } from './statistics.js';
import { processorClockMs } from './timed.js';
import { makeWeeks, usualTable } from './usual-table.js';

const size = { services: 1000, realServersEach: 10 };

/** From midnight on: the first ones compile. */
const [warmUps, nightCycles] = [12, 96];

/** Measured from nine o'clock on, when only baselines are maintained: windows are sealed and a day's rows kept in the hours before. */
const [cycles, processes] = [36, 12];

/** Measures the cycle. */
export async function measureBalancer({ folder }: BenchContext): Promise<Findings> {
  const data = join(folder, 'data');
  await makeWeeks(data, size);
  const { night, day } = await withStore(data, async (store) => {
    await residentCycles(store, { first: 0, count: warmUps });
    const night = await residentCycles(store, { first: warmUps, count: nightCycles });
    return { night, day: await residentCycles(store, { first: warmUps + nightCycles, count: cycles }) };
  });
  const collected = await collectProcesses(folder, { data, first: warmUps + nightCycles + cycles });
  return {
    comparisons: [collected.comparison, ...residentRows(day), nightRow(night)],
    notes: [...notes, ...collected.notes],
  };
}

/** The second of a cycle, after the history. */
function timeOf(cycle: number): number {
  return startS + 2 + (cycle + 1) * stepS;
}

/** The data folder, and the number of the first cycle. */
interface Collecting {
  readonly data: string;
  readonly first: number;
}

/** Runs `collect` and node_exporter in turn. A first process loads the files, and is not counted. */
async function collectProcesses(
  folder: string,
  { data, first }: Collecting,
): Promise<{ readonly comparison: Comparison; readonly notes: readonly string[] }> {
  const program = await Program.build(join(folder, 'program'));
  const exporter = await NodeExporter.start(folder);
  const [ours, theirs]: [number[], number[]] = [[], []];
  try {
    for (let cycle = first; cycle <= first + processes; cycle += 1) {
      const table = usualTable(size, timeOf(cycle));
      const ipvsadm = fakeIpvsadm(folder, formatListings(table));
      const args = ['collect', '--no-pictures', '--data', data, '--ipvsadm', ipvsadm];
      const { processorMs } = await program.run(args, timeOf(cycle));
      const scrapeMs = (await exporter?.scrapeMs(table)) ?? null;
      if (cycle === first) continue;
      ours.push(processorMs);
      if (scrapeMs !== null) theirs.push(scrapeMs);
    }
  } finally {
    exporter?.stop();
  }
  const comparison: Comparison = {
    work: '`collect --no-pictures` of 1,000 services of 10 real servers, with baselines and findings: processor time, with that of the stand-ins for ipvsadm',
    ours: msOf(ours),
    peer: 'a scrape of node_exporter’s ipvs collector',
    theirs: exporter === null ? null : msOf(theirs),
    target: { text: '300 ms', atMost: 300 },
  };
  return { comparison, notes: exporter === null ? ['node_exporter: not measured, it is not installed.'] : [] };
}

const partNames = ['latest', 'parse', 'interpret', 'baselines', 'findings', 'append'] as const;
type Parts = Readonly<Record<(typeof partNames)[number], number>>;

/** Cycles of an open store, from the bytes of the listings on. */
async function residentCycles(
  store: Store,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<readonly Parts[]> {
  const all: Parts[] = [];
  for (let cycle = first; cycle < first + count; cycle += 1) {
    const timeS = timeOf(cycle);
    const { statsText, tableText } = formatListings(usualTable(size, timeS));
    const raw = { statsText: Buffer.from(statsText), tableText: Buffer.from(tableText) };
    const clock = processorClockMs();
    const at: number[] = [0];
    const lap = <T>(result: T): T => {
      at.push(clock());
      return result;
    };
    const previous = lap(await store.latest());
    const table = lap(tableOf(parseListings(raw)));
    const judged = lap(interpret(previous, changedSnapshot(table, { timeS, host: null })));
    const usual = lap(usualWeek(await store.baselines(timeS)));
    const cycled = lap(withFindings(previous, judged, { usual }));
    lap(await store.append(cycled));
    const spent = partNames.map((name, i) => [name, (at[i + 1] ?? 0) - (at[i] ?? 0)]);
    all.push(Object.fromEntries(spent) as Parts);
  }
  return all;
}

function residentRows(parts: readonly Parts[]): readonly Comparison[] {
  const none = { peer: null, theirs: null };
  const part = (work: string, name: keyof Parts): Comparison => ({
    work: `of that, ${work}`,
    ours: msOf(parts.map((own) => own[name])),
    ...none,
  });
  return [
    {
      work: 'a cycle of the same in a process that stays, from the bytes of the listings: processor time',
      ours: msOf(sumsOf(parts)),
      ...none,
      target: { text: '40 ms', atMost: 40 },
    },
    part('parsing', 'parse'),
    part('judging', 'interpret'),
    part('reading baselines', 'baselines'),
    part('concluding findings', 'findings'),
    part('appending, with its share of the baselines', 'append'),
  ];
}

function nightRow(parts: readonly Parts[]): Comparison {
  return {
    work: 'the same, mean of eight hours from one o’clock, in which a window is sealed and a day’s rows are kept',
    ours: msOf([meanOf(sumsOf(parts))]),
    peer: null,
    theirs: null,
  };
}

function sumsOf(parts: readonly Parts[]): readonly number[] {
  return parts.map((own) => partNames.reduce((sum, name) => sum + own[name], 0));
}

const notes = [
  `Load balancer: 1,000 services of 10 real servers, four weeks of the services, their baselines and a day of the real servers behind them; traffic is as usual, so that no finding is open. ${warmUps + nightCycles} cycles in one process from midnight on, ${cycles} from nine, when nothing but baselines is maintained, then ${processes} processes of \`collect\`. node_exporter has only its ipvs collector on, reads the same tables from files, and makes three series of a real server; its time is that of its process, without the one that scrapes it.`,
];
