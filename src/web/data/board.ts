// The figures that services are ordered by and listed with: now, over the last 24 hours, and this week against the one before.
// Worked out after each cycle, in slices.

import { directorName, serviceOf } from '../../model/names/name.js';
import type { Series, SeriesSource } from '../../model/series.js';
import type { Reach } from '../../model/service/outbound.js';
import { outboundStretches } from '../../model/service/outbound-stretch.js';
import type { GraphType } from '../../render/define/graph-request.js';
import { graphKinds, isOutward } from '../../render/series/quantity.js';
import { seenSeries } from '../../render/series/seen-trace.js';
import type { Catalogue } from './catalogue.js';
import { inSlices } from './time-slice.js';

/** Means by data source; NaN where nothing is known. */
export type Means = ReadonlyMap<string, number>;

/** The figures of one service. */
export interface Figures {
  /** The newest row. */
  readonly now: Means;
  readonly day: Means;
  /** The last seven whole days, and the seven before. */
  readonly week: Means;
  readonly weekBefore: Means;
}

/** The figures of all services, as of the time of a reading. */
export interface Board {
  readonly lastS: number;
  readonly of: (name: string) => Figures | undefined;
}

const dayS = 86_400;

/** The board of a catalogue, worked out once however many ask. */
export type ReadBoard = (catalogue: Catalogue) => Promise<Board>;

/** Boards that were worked out. */
export interface Boards {
  readonly read: ReadBoard;
  /** Forgets them: readings were replaced. */
  forget(): void;
}

/** Works out boards; the last ones are kept. */
export function createBoards(source: SeriesSource): Boards {
  const kept = new Map<number, Promise<Board>>();
  const read: ReadBoard = (catalogue) => {
    const { lastS } = catalogue;
    const known = kept.get(lastS);
    if (known !== undefined) return known;
    const board = readBoard(source, catalogue);
    kept.set(lastS, board);
    board.catch(() => kept.delete(lastS));
    // The one that is shown, and the one that will be.
    const [oldest] = kept.keys();
    if (kept.size > 2 && oldest !== undefined) kept.delete(oldest);
    return board;
  };
  return { read, forget: () => kept.clear() };
}

async function readBoard(source: SeriesSource, { lastS, services, byName, reachOf }: Catalogue): Promise<Board> {
  const director = byName.get(directorName);
  const archives = [...services.map(({ info }) => info), ...(director === undefined ? [] : [director])];
  const figures = new Map<string, Figures>();
  for await (const archive of inSlices(archives)) {
    figures.set(archive.name, await readFigures(source, reachOf(archive), lastS));
  }
  return { lastS, of: (name) => figures.get(name) };
}

/** The figures of one archive, when the newest reading of the director is of `lastS`; what was not seen is in no mean. */
export async function readFigures(source: SeriesSource, reach: Reach, lastS: number): Promise<Figures> {
  const { name, retention } = reach.archive;
  const { stepS } = retention;
  const endS = lastS - (lastS % stepS);
  const todayS = lastS - (lastS % dayS);
  const rows = (startS: number, toS: number, rowS: number): Promise<Series> =>
    source.fetch({ name, cf: 'AVERAGE', startS, endS: toS - 1, stepS: rowS });
  const all = await rows(endS - dayS, endS, stepS);
  const events = await source.events({ archive: serviceOf(name), sinceS: all.startS });
  const day = seenSeries(all, outboundStretches(reach, events, all));
  const days = await rows(todayS - 14 * dayS, todayS, dayS);
  const half = (days.columns[0]?.length ?? 0) / 2;
  return {
    now: meansOf(day, (column) => column.subarray(-1)),
    day: meansOf(day, (column) => column),
    week: meansOf(days, (column) => column.subarray(half)),
    weekBefore: meansOf(days, (column) => column.subarray(0, half)),
  };
}

function meansOf({ dataSources, columns }: Series, part: (column: Float64Array) => Float64Array): Means {
  return new Map(dataSources.map((name, i) => [name, meanOf(part(columns[i] ?? new Float64Array()))]));
}

function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** How busy a service is, by what a graph shows: a sum of means, without what is not seen; NaN where nothing is known. */
export function busynessOf(means: Means | undefined, type: GraphType): number {
  const own = graphKinds[type].quantities.filter(({ dataSource }) => means?.has(dataSource));
  if (own.length === 0) return Number.NaN;
  return own.reduce((sum, quantity) => {
    const mean = means?.get(quantity.dataSource) ?? Number.NaN;
    return sum + (isOutward(quantity) && Number.isNaN(mean) ? 0 : mean);
  }, 0);
}

/** By how much the last seven days were above the seven before, by what a graph shows; NaN where one is not known. */
export function growthOf(figures: Figures | undefined, type: GraphType): number {
  return busynessOf(figures?.week, type) - busynessOf(figures?.weekBefore, type);
}
