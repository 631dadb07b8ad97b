// Rows of many archives over spans that move on with each cycle, such as the last 24 hours. They are kept, and only new ones are read.
//
// Rows up to an archive's newest reading are final, and later ones unknown until a reading covers them. This holds until readings are
// replaced by others, which calls for `forget`.

import type { ArchiveInfo } from '../../model/archive.js';
import type { ManyQuery, Series, SeriesSource } from '../../model/series.js';
import { appendRows, bytesOf, lendRows, missingOf, type OwnRows, ownRowsOf, rowsOfQuery } from './own-rows.js';

/** Selection of the means of archives over a span, as for `fetchMany`. */
export interface RollingQuery extends Omit<ManyQuery, 'names' | 'cf'> {
  readonly archives: readonly ArchiveInfo[];
  /** Time of the newest reading of any archive. */
  readonly lastS: number;
  /** Seconds behind the span to read with it, where rows are final long since, so that it is read less often; 0 by default. */
  readonly aheadS?: number;
}

/** Reads rows as `fetchMany` does, in the order of the archives. Nobody may change their columns. */
export type ReadRolling = (query: RollingQuery) => Promise<readonly Series[]>;

/** Rows that are kept. */
export interface RollingRows {
  readonly read: ReadRolling;
  /** Drops them: readings were replaced. */
  forget(): void;
}

type RowSource = Pick<SeriesSource, 'fetchMany'>;

/** Reads rows and keeps none. */
export function unkeptRows(source: RowSource): ReadRolling {
  return async (query) => {
    const all: Series[] = [];
    for (const archives of inParts(query.archives)) all.push(...(await fetchMeans(source, { ...query, archives })));
    return all;
  };
}

/** Keeps rows of up to `maxBytes`; those of further archives are read each time. */
export function createRollingRows(source: RowSource, maxBytes: number): RollingRows {
  let kept = new KeptRows(maxBytes);
  return {
    read: (query) => readRolling(source, kept, query),
    // Whoever is still reading adds rows to those that are dropped.
    forget: () => {
      kept = new KeptRows(maxBytes);
    },
  };
}

/** Archives whose rows are read whole at once: nobody is answered meanwhile. */
const wholeAtOnce = 16;

/** The first reads go ahead by so many different lengths, so that the next ones do not all fall due in one cycle. */
const aheadParts = 8;

/** The archives' rows of spans of one length. */
interface Roll {
  readonly rows: Map<string, OwnRows>;
  /** End of the newest span. */
  newestS: number;
  /** Number of reads of whole spans. */
  reads: number;
}

class KeptRows {
  readonly #maxBytes: number;
  readonly #rolls = new Map<string, Roll>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The roll of a query; null for a span before the newest one. When the span moves on, the rows of archives that were not asked for at
   * the end before are dropped.
   */
  rollFor({ startS, endS, stepS, dataSources }: RollingQuery): Roll | null {
    const key = `${endS - startS} ${stepS} ${dataSources?.join(' ') ?? ''}`;
    const roll = this.#rolls.get(key) ?? { rows: new Map(), newestS: endS, reads: 0 };
    this.#rolls.set(key, roll);
    if (endS < roll.newestS) return null;
    if (endS > roll.newestS) {
      for (const [name, { askedS }] of roll.rows) if (askedS < roll.newestS) this.drop(roll, name);
      roll.newestS = endS;
    }
    return roll;
  }

  /** Keeps an archive's rows if there is room for them. */
  keep(roll: Roll, name: string, own: OwnRows): void {
    this.drop(roll, name);
    if (this.#bytes + bytesOf(own) > this.#maxBytes) return;
    roll.rows.set(name, own);
    this.#bytes += bytesOf(own);
  }

  drop({ rows }: Roll, name: string): void {
    const own = rows.get(name);
    if (own === undefined) return;
    this.#bytes -= bytesOf(own);
    rows.delete(name);
  }
}

async function readRolling(source: RowSource, kept: KeptRows, query: RollingQuery): Promise<readonly Series[]> {
  const { archives } = query;
  const roll = kept.rollFor(query);
  if (roll !== null) await readNewest(source, { kept, roll, query });
  const found = new Map<string, Series>();
  for (const archive of archives) {
    const own = roll?.rows.get(archive.name);
    if (own !== undefined && missingOf(own, archive, query) === 'none')
      found.set(archive.name, lendRows(own, archive, query));
  }
  const others = archives.filter(({ name }) => !found.has(name));
  for (const some of inParts(others)) {
    for (const [i, series] of (await readWhole(source, roll, { ...query, archives: some })).entries()) {
      const own = ownRowsOf(series, at(some, i), query);
      if (roll !== null && own !== null) kept.keep(roll, series.name, own);
      found.set(series.name, rowsOfQuery(series, query));
    }
  }
  return archives.map(({ name }) => {
    const series = found.get(name);
    if (series === undefined) throw new RangeError(`there are no rows of ${name}`);
    return series;
  });
}

function inParts(archives: readonly ArchiveInfo[]): readonly (readonly ArchiveInfo[])[] {
  return Array.from({ length: Math.ceil(archives.length / wholeAtOnce) }, (_, i) =>
    archives.slice(i * wholeAtOnce, (i + 1) * wholeAtOnce),
  );
}

interface RollWork {
  readonly kept: KeptRows;
  readonly roll: Roll;
  readonly query: RollingQuery;
}

/** Reads what is new of the archives whose rows are kept. */
async function readNewest(source: RowSource, { kept, roll, query }: RollWork): Promise<void> {
  const behind = new Map<number, ArchiveInfo[]>();
  for (const archive of query.archives) {
    const own = roll.rows.get(archive.name);
    if (own === undefined || missingOf(own, archive, query) !== 'newest') continue;
    const some = behind.get(own.finalS);
    if (some === undefined) behind.set(own.finalS, [archive]);
    else some.push(archive);
  }
  for (const [startS, archives] of behind) {
    const endS = query.endS + (query.aheadS ?? 0);
    for (const tail of await fetchMeans(source, { ...query, archives, startS, endS })) {
      const own = roll.rows.get(tail.name);
      if (own !== undefined && !appendRows(own, tail, query)) kept.drop(roll, tail.name);
    }
  }
}

function readWhole(source: RowSource, roll: Roll | null, query: RollingQuery): Promise<readonly Series[]> {
  const { endS, aheadS = 0 } = query;
  if (roll === null || aheadS === 0) return fetchMeans(source, query);
  roll.reads += 1;
  return fetchMeans(source, { ...query, endS: endS + (aheadS * ((roll.reads % aheadParts) + 1)) / aheadParts });
}

function fetchMeans(
  source: RowSource,
  { archives, startS, endS, stepS, dataSources }: RollingQuery,
): Promise<readonly Series[]> {
  const names = archives.map(({ name }) => name);
  const wanted = dataSources === undefined ? {} : { dataSources };
  return source.fetchMany({ names, cf: 'AVERAGE', startS, endS, stepS, ...wanted });
}

function at<T>(all: readonly T[], i: number): T {
  const one = all[i];
  if (one === undefined) throw new RangeError(`there is no archive ${i} of ${all.length}`);
  return one;
}
