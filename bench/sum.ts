// The sum of one quantity over 200 services, as the page of all services needs it, against engines that were made for that: VictoriaMetrics and
// Prometheus, asked over HTTP for JSON. Processor time on both sides, since an engine uses many threads.

import { withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { type Comparison, type Figure, type Findings, msOf } from './comparison.js';
import { type Engine, type EngineRows, startPrometheus, startVictoriaMetrics } from './engine.js';
import { processorClockMs, spentMs } from './timed.js';
import { makeYear } from './year.js';

const services = 200;
const dayS = 86_400;
const rowS = 7200;
const quantity = 'InBytes';
const rounds = 7;
/** Queries in a round. */
const times = 10;

/** Measures the sums. */
export async function measureSum({ folder }: BenchContext): Promise<Findings> {
  const year = await makeYear(folder, { services, hasRrdtool: false });
  const endS = year.endS - (year.endS % rowS);
  const spans = [
    { metric: 'lvs_two_hours', startS: endS - 100 * dayS, endS, rowS, work: '100 days at 2 hours' },
    { metric: 'lvs_five_minutes', startS: endS - dayS, endS, rowS: stepS, work: 'a day at 5 minutes' },
  ];
  const firstMs = await measuredFirst(year.dataDir, spans);
  return withStore(year.dataDir, async (store) => {
    const names = await serviceNames(store);
    const rows = await Promise.all(spans.map((span) => readRows(store, names, span)));
    const engines = [
      { name: 'VictoriaMetrics', engine: await startVictoriaMetrics(folder, rows) },
      { name: 'Prometheus', engine: await startPrometheus(folder, rows) },
    ];
    try {
      const comparisons: Comparison[] = [];
      for (const [i, own] of rows.entries()) {
        const span = spans[i];
        if (span === undefined) continue;
        const ours = await measured(() => sumOnce(store, names, span));
        const work = `sum of ${services} services over ${span.work}`;
        for (const { name, engine } of engines) {
          const peer = { peer: `${name}, HTTP and JSON included`, theirs: await measuredPeer(engine, own) };
          const target = { text: 'as fast', timesBetter: 1 };
          comparisons.push(
            { work: `${work}, in process, processor time`, ours: msOf(ours), ...peer, target },
            { work: `${work}, the first time after opening`, ours: msOf(firstMs[i] ?? []), ...peer },
          );
        }
      }
      return { comparisons, notes };
    } finally {
      for (const { engine } of engines) engine?.stop();
    }
  });
}

interface SumSpan {
  readonly metric: string;
  readonly startS: number;
  readonly endS: number;
  readonly rowS: number;
}

async function measuredPeer(engine: Engine | null, rows: EngineRows): Promise<Figure | null> {
  if (engine === null) return null;
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await engine.sumMs(rows, times));
  return msOf(values);
}

/** The time of the first query of each span, with a database that was just opened. */
async function measuredFirst(dataDir: string, spans: readonly SumSpan[]): Promise<readonly (readonly number[])[]> {
  const all = spans.map((): number[] => []);
  for (let round = -3; round < rounds; round += 1) {
    await withStore(dataDir, async (store) => {
      const names = await serviceNames(store);
      for (const [i, span] of spans.entries()) {
        const ms = await spentMs(() => sumOnce(store, names, span));
        if (round >= 0) all[i]?.push(ms);
      }
    });
  }
  return all;
}

async function serviceNames(store: Store): Promise<readonly string[]> {
  return (await store.list()).filter(({ about }) => about.kind === 'service').map(({ name }) => name);
}

async function measured(work: () => Promise<unknown>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const clock = processorClockMs();
    for (let i = 0; i < times; i += 1) await work();
    if (round >= 0) values.push(clock() / times);
  }
  return values;
}

async function readColumns(
  store: Store,
  names: readonly string[],
  { startS, endS, rowS }: SumSpan,
): Promise<readonly Float64Array[]> {
  const query = { names, cf: 'AVERAGE', startS, endS: endS - 1, stepS: rowS, dataSources: [quantity] } as const;
  return (await store.fetchMany(query)).map((series) => {
    if (series.stepS !== rowS || series.endS !== endS) throw new Error(`${series.name}: other rows than asked for`);
    return series.columns[0] ?? new Float64Array();
  });
}

async function sumOnce(store: Store, names: readonly string[], span: SumSpan): Promise<Float64Array> {
  const sum = new Float64Array((span.endS - span.startS) / span.rowS);
  for (const column of await readColumns(store, names, span)) {
    for (let row = 0; row < sum.length; row += 1) sum[row] = (sum[row] ?? 0) + (column[row] || 0);
  }
  return sum;
}

async function readRows(store: Store, names: readonly string[], span: SumSpan): Promise<EngineRows> {
  const all = await readColumns(store, names, span);
  const columns = new Map(all.map((column, i) => [names[i] ?? '', column.map((value) => value || 0)]));
  return { metric: span.metric, stepS: span.rowS, firstEndS: span.startS + span.rowS, columns };
}

const notes = [
  `Sums: ${services} services of the simulated director with a year behind them. The engines have the same rows as samples of a metric for each length, 0 where a row is unknown; their time is that of their process and of this one, which parses the answer. VictoriaMetrics was asked not to answer from its cache of results. An open database keeps rows and readings unpacked, so the first query takes longer.`,
];
