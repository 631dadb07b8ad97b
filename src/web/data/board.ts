// The figures by which services are sorted and listed: now, over the last 24 hours, and this week against the one before.
// Computed after each cycle, in slices.

import { directorName } from '../../model/names/name.js';
import type { Series, SeriesSource } from '../../model/series.js';
import type { Reach } from '../../model/service/outbound.js';
import { outboundStretches } from '../../model/service/outbound-stretch.js';
import type { GraphType } from '../../render/define/graph-request.js';
import { graphKinds, isOutward } from '../../render/series/quantity.js';
import { seenSeries } from '../../render/series/seen-trace.js';
import { halfHours, meanIn } from '../now/spark.js';
import type { Catalogue } from './catalogue.js';
import { type ReadLedger, unkeptLedgers } from './kept-ledgers.js';
import { type ReadRolling, unkeptRows } from './rolling-rows.js';
import { inSlices } from './time-slice.js';

/** Means by data source; NaN if unknown. */
export type Means = ReadonlyMap<string, number>;

/** The figures of one service. */
export interface Figures {
  /** The newest row. */
  readonly now: Means;
  readonly day: Means;
  /** The last seven whole days, and the seven before. */
  readonly week: Means;
  /** The newest hour, and the traffic in the same one a week ago. */
  readonly hour: Means;
  readonly hourLastWeek: Means;
  /** Traffic (in and out, without what is invisible) by half hour: the last 24 h, and the same a week ago. */
  readonly spark: readonly number[];
  readonly sparkLastWeek: readonly number[];
  readonly weekBefore: Means;
}

/** The figures of all services, as of the time of a reading. */
export interface Board {
  readonly lastS: number;
  readonly of: (name: string) => Figures | undefined;
}

const dayS = 86_400;

/** The board of a catalogue, with the figures of some archives, or of all. Each is computed once for all concurrent requests. */
export type ReadBoard = (catalogue: Catalogue, names?: ReadonlySet<string>) => Promise<Board>;

/** Finished boards. */
export interface Boards {
  readonly read: ReadBoard;
  /** Drops them: readings were replaced. */
  forget(): void;
}

/** The means and the ledgers of archives. */
export interface FigureSource {
  readonly rows: ReadRolling;
  readonly ledger: ReadLedger;
}

/** Reads means and ledgers, and keeps none. */
export function unkept(source: SeriesSource): FigureSource {
  return { rows: unkeptRows(source), ledger: unkeptLedgers(source) };
}

/** A board that may lack figures, and the work on it. */
interface OpenBoard {
  readonly figures: Map<string, Figures>;
  /** Resolves when the figures that were asked for so far are there. */
  done: Promise<void>;
}

/** Computes boards; keeps the last ones. */
export function createBoards(source: FigureSource): Boards {
  const kept = new Map<number, OpenBoard>();
  const read: ReadBoard = async (catalogue, names) => {
    const { lastS } = catalogue;
    const board = kept.get(lastS) ?? { figures: new Map<string, Figures>(), done: Promise.resolve() };
    kept.set(lastS, board);
    // The one that is shown, and the next.
    const [oldest] = kept.keys();
    if (kept.size > 2 && oldest !== undefined) kept.delete(oldest);
    const add = (): Promise<void> => addFigures(source, { board, catalogue, names });
    // A failure concerns those who asked for these figures.
    board.done = board.done.then(add, add);
    await board.done;
    return { lastS, of: (name) => board.figures.get(name) };
  };
  return { read, forget: () => kept.clear() };
}

/** Archives whose figures are computed at once: together they take a few milliseconds, in which nobody else is answered. */
const archivesAtOnce = 32;

interface WantedFigures {
  readonly board: OpenBoard;
  readonly catalogue: Catalogue;
  readonly names: ReadonlySet<string> | undefined;
}

async function addFigures(
  source: FigureSource,
  { board: { figures }, catalogue: { lastS, services, byName, reachOf }, names }: WantedFigures,
): Promise<void> {
  const director = byName.get(directorName);
  const all = [...services.map(({ info }) => info), ...(director === undefined ? [] : [director])];
  const archives = all.filter(({ name }) => !figures.has(name) && names?.has(name) !== false);
  const groups = Array.from({ length: Math.ceil(archives.length / archivesAtOnce) }, (_, i) =>
    archives.slice(i * archivesAtOnce, (i + 1) * archivesAtOnce).map(reachOf),
  );
  for await (const group of inSlices(groups)) {
    const found = await readAllFigures(source, group, lastS);
    for (const [i, { archive }] of group.entries()) figures.set(archive.name, at(found, i));
  }
}

/** The figures of one archive, for a newest director reading at `lastS`; means exclude invisible traffic. */
export async function readFigures(source: FigureSource, reach: Reach, lastS: number): Promise<Figures> {
  return at(await readAllFigures(source, [reach], lastS), 0);
}

/** The figures of several archives, in their order. */
async function readAllFigures(
  { rows, ledger }: FigureSource,
  reaches: readonly Reach[],
  lastS: number,
): Promise<readonly Figures[]> {
  // All archives of a data folder have one retention.
  const { stepS } = at(reaches, 0).archive.retention;
  const archives = reaches.map(({ archive }) => archive);
  const endS = lastS - (lastS % stepS);
  const todayS = lastS - (lastS % dayS);
  const lastDays = (untilS: number, count: number, rowS: number) =>
    ({ archives, lastS, startS: untilS - count * dayS, endS: untilS - 1, stepS: rowS }) as const;
  const today = await rows(lastDays(endS, 1, stepS));
  const days = await rows(lastDays(todayS, 14, dayS));
  const old = await rows({ ...lastDays(endS - 7 * dayS, 1, stepS), dataSources: trafficSources, aheadS });
  const all: Figures[] = [];
  for (const [i, reach] of reaches.entries()) {
    const whole = at(today, i);
    const events = await ledger(reach.service, whole.startS);
    const day = seenSeries(whole, outboundStretches(reach, events, whole));
    all.push(figuresOf({ day, days: at(days, i), old: at(old, i) }));
  }
  return all;
}

/** Readings of a week ago are sealed eight hours at a time: one row takes as long to read as those of a whole record. */
const aheadS = 8 * 3600;

const trafficSources = graphKinds.traffic.quantities.map(({ dataSource }) => dataSource);

function at<T>(all: readonly T[], i: number): T {
  const one = all[i];
  if (one === undefined) throw new RangeError(`there is no archive ${i} of ${all.length}`);
  return one;
}

/** The rows behind figures: the last 24 hours, 14 days, and the 24 hours of a week ago. */
interface FigureRows {
  readonly day: Series;
  readonly days: Series;
  readonly old: Series;
}

function figuresOf({ day, days, old }: FigureRows): Figures {
  const hourRows = Math.max(1, Math.round(3600 / day.stepS));
  const half = Math.floor((days.columns[0]?.length ?? 0) / 2);
  return {
    now: meansOf(day, -1),
    day: meansOf(day, 0),
    hour: meansOf(day, -hourRows),
    hourLastWeek: meansOf(old, -hourRows),
    spark: halfHours(trafficOf(day)),
    sparkLastWeek: halfHours(trafficOf(old)),
    week: meansOf(days, half),
    weekBefore: meansOf(days, 0, half),
  };
}

/** Bytes in and out; the invisible ones count as none. */
function trafficOf({ dataSources, columns }: Series): Float64Array {
  const [inBytes, outBytes] = ['InBytes', 'OutBytes'].map((name) => columns[dataSources.indexOf(name)]);
  if (inBytes === undefined) return new Float64Array();
  const traffic = inBytes.slice();
  for (let row = 0; row < traffic.length; row += 1) {
    const out = outBytes?.[row] ?? Number.NaN;
    if (!Number.isNaN(out)) traffic[row] = (traffic[row] ?? Number.NaN) + out;
  }
  return traffic;
}

/** Means of some rows of each column: as for `slice`, from a number on, from the end if it is negative, up to another. */
function meansOf({ dataSources, columns }: Series, first: number, end?: number): Means {
  const means = new Map<string, number>();
  for (const [i, name] of dataSources.entries()) {
    const column = columns[i] ?? none;
    const from = first < 0 ? Math.max(0, column.length + first) : first;
    means.set(name, meanIn(column, { from, to: end ?? column.length }));
  }
  return means;
}

const none = new Float64Array();

/** The activity of a service in the terms of a graph: a sum of means, without invisible traffic; NaN if unknown. */
export function busynessOf(means: Means | undefined, type: GraphType): number {
  const own = graphKinds[type].quantities.filter(({ dataSource }) => means?.has(dataSource));
  if (own.length === 0) return Number.NaN;
  return own.reduce((sum, quantity) => {
    const mean = means?.get(quantity.dataSource) ?? Number.NaN;
    return sum + (isOutward(quantity) && Number.isNaN(mean) ? 0 : mean);
  }, 0);
}

/** The growth of the last seven days over the seven before, in the terms of a graph; NaN if either is unknown. */
export function weeklyGrowth(figures: Figures | undefined, type: GraphType): number {
  return busynessOf(figures?.week, type) - busynessOf(figures?.weekBefore, type);
}

/** The traffic of the newest hour against the same one a week ago: 0.1 is 10 % more; NaN if either is unknown. */
export function hourlyChange(figures: Figures | undefined): number {
  const [hour, before] = [busynessOf(figures?.hour, 'traffic'), busynessOf(figures?.hourLastWeek, 'traffic')];
  return before > 0 ? hour / before - 1 : Number.NaN;
}
