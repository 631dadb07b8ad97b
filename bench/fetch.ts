// Rows from an archive with a year of history, against `rrdtool fetch` and `rrdtool xport` of the same rows of the same readings: a day at
// 5 minutes, and the rows of a page that shows a year and zooms down to 5 minutes.

import { setImmediate } from 'node:timers/promises';
import { interpret } from '../src/interpret/interpret.js';
import { ipvsDataSources } from '../src/model/archive.js';
import { withStore } from '../src/store/open.js';
import type { Store } from '../src/store/store.js';
import { stepS } from '../test/standard.js';
import { differences, fetchCommand, parseFetch } from '../test/store/rrdtool.js';
import type { BenchContext } from './bench.js';
import { type Comparison, type Findings, msOf } from './comparison.js';
import { type Rrdtool, withRrdtool } from './rrdtool.js';
import { timedMs } from './timed.js';
import { makeYear, type Twin, type Year } from './year.js';

const services = 4;

/** Cycles after the year: readings that are not sealed yet. */
const cyclesSince = 50;
const dayS = 86_400;

/** Rows of one length from one time to another. */
interface Stretch {
  readonly startS: number;
  readonly endS: number;
  readonly rowS: number;
}

/** Measures both. */
export async function measureFetch({ folder, hasRrdtool }: BenchContext): Promise<Findings> {
  const year = await makeYear(folder, { services, hasRrdtool });
  return withStore(year.dataDir, async (store) => {
    const endS = await goOn(store, year);
    return withRrdtoolIf(hasRrdtool, async (rrdtool) => {
      const at = { store, rrdtool, twins: year.twins, names: await serviceNames(store) };
      if (rrdtool !== null) for (const twin of year.twins) await checkTwin(store, rrdtool, { twin, endS });
      return { comparisons: [await compareDay(at, endS), await compareYear(at, endS)], notes };
    });
  });
}

async function serviceNames(store: Store): Promise<readonly string[]> {
  return (await store.list()).filter(({ about }) => about.kind === 'service').map(({ name }) => name);
}

/** Adds some cycles for us and for rrdtool; returns the time of the last one, which is the end of a row. */
async function goOn(store: Store, { endS, tableAt, twins }: Year): Promise<number> {
  const updates = new Map(twins.map(({ name }) => [name, [] as string[]]));
  let table = await store.latest();
  let timeS = endS;
  for (let i = 0; i < cyclesSince; i += 1) {
    timeS += stepS;
    const cycle = interpret(table, tableAt(timeS));
    await store.append(cycle, false);
    table = cycle.table;
    for (const { name, feed } of twins) {
      const reading = cycle.readings.find(({ archive }) => archive === name);
      const unknown = ipvsDataSources.map(() => Number.NaN);
      updates.get(name)?.push(feed.update(timeS, reading?.values ?? unknown));
    }
  }
  for (const { name, feed } of twins)
    await withRrdtool((rrdtool) => rrdtool.run(feed.commands(updates.get(name) ?? [])));
  return timeS;
}

/** Throws unless rrdtool has the same rows as we do: otherwise the work would differ. */
async function checkTwin(
  store: Store,
  rrdtool: Rrdtool,
  { twin: { name, file }, endS }: { twin: Twin; endS: number },
): Promise<void> {
  const query = { name, cf: 'AVERAGE', startS: endS - 2 * dayS, endS: endS - 1, stepS } as const;
  const { text } = await rrdtool.run([fetchCommand(file, query)]);
  const { startS, columns } = await store.fetch(query);
  const rows = Array.from(columns[0] ?? [], (_, i) => [
    startS + (i + 1) * stepS,
    ...columns.map((column) => column[i] ?? Number.NaN),
  ]);
  const [first, ...others] = differences(rows, parseFetch(text));
  if (first !== undefined) throw new Error(`${name} is not as in ${file}: ${first}, and ${others.length} values more`);
}

interface Place {
  readonly store: Store;
  readonly rrdtool: Rrdtool | null;
  readonly twins: readonly Twin[];
  readonly names: readonly string[];
}

async function compareDay(place: Place, endS: number): Promise<Comparison> {
  const stretch = { startS: endS - dayS, endS, rowS: stepS };
  const command = ({ file }: Twin): string[] => [
    `fetch ${file} AVERAGE -r ${stepS} --start ${stretch.startS} --end ${endS}`,
  ];
  return {
    work: 'a day of 7 series at 5 minutes, in process',
    peer: '`rrdtool fetch`, through its pipe',
    ...(await measured(place, { stretches: [stretch], command, rounds: 300 })),
    target: { text: 'as fast', timesBetter: 1 },
    stretch: { text: '3× faster', timesBetter: 3 },
  };
}

async function compareYear(place: Place, endS: number): Promise<Comparison> {
  const since = (days: number, rowS: number): number => (Math.floor(endS / rowS) - (days * dayS) / rowS) * rowS;
  const stretches = [
    { startS: since(365, dayS), endS: since(200, dayS), rowS: dayS },
    { startS: since(200, 7200), endS: since(100, 7200), rowS: 7200 },
    { startS: since(100, stepS), endS, rowS: stepS },
  ];
  return {
    work: 'a year of one service: 100 days of 5-minute rows, coarser before',
    peer: '`rrdtool xport`, through its pipe',
    ...(await measured(place, { stretches, command: (twin) => stretches.map((one) => xport(twin, one)), rounds: 20 })),
    target: { text: '2× faster', timesBetter: 2 },
  };
}

interface Reading {
  readonly stretches: readonly Stretch[];
  readonly command: (twin: Twin) => string[];
  readonly rounds: number;
}

async function measured(
  { store, rrdtool, twins, names }: Place,
  { stretches, command, rounds }: Reading,
): Promise<Pick<Comparison, 'ours' | 'theirs'>> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -4; round < rounds; round += 1) {
    const name = names[(round + names.length) % names.length] ?? '';
    const twin = twins.find((one) => one.name === name);
    await setImmediate();
    const oursMs = await timedMs(async () => {
      for (const { startS, endS, rowS } of stretches) {
        const series = await store.fetch({ name, cf: 'AVERAGE', startS, endS: endS - 1, stepS: rowS });
        if (series.stepS !== rowS || series.endS !== endS) throw new Error(`${name}: other rows than asked for`);
      }
    });
    if (round >= 0) ours.push(oursMs);
    if (rrdtool === null || twin === undefined) continue;
    const theirsMs = await timedMs(() => rrdtool.run(command(twin)));
    if (round >= 0) theirs.push(theirsMs);
  }
  return { ours: msOf(ours), theirs: theirs.length === 0 ? null : msOf(theirs) };
}

function xport({ file }: Twin, { startS, endS, rowS }: Stretch): string {
  const series = ipvsDataSources.map(({ name }) => `DEF:${name}=${file}:${name}:AVERAGE:step=${rowS} XPORT:${name}`);
  const rows = (endS - startS) / rowS + 2;
  return `xport --start ${startS} --end ${endS} --step ${rowS} -m ${rows} ${series.join(' ')}`;
}

function withRrdtoolIf<T>(isThere: boolean, use: (rrdtool: Rrdtool | null) => Promise<T>): Promise<T> {
  return isThere ? withRrdtool(use) : use(null);
}

const notes = [
  `Rows: archives of ${services} services of the simulated director with a year behind them, the last ${cyclesSince} cycles not sealed yet; rrdtool has the same readings. Ours are arrays of numbers; rrdtool's answer is text, and the time to turn it into numbers is not counted.`,
];
