// The data of pictures, pages and reports: rows of one archive, independent of the store.
// Rows are as in `rrdtool fetch`: a row's time is the end of its interval, unknown is NaN.

import type { ArchiveInfo, Cf } from './archive.js';
import type { BaselineColumns } from './baseline/baseline-columns.js';
import type { EventQuery, LedgerEvent } from './ledger-event.js';
import type { MonthPercentiles } from './percentile.js';

/** Selection of rows; rrdtool's rule chooses the RRA that best fits span and step. */
export interface RowsQuery {
  readonly name: string;
  readonly startS: number;
  readonly endS: number;
  readonly stepS: number;
  /** Names of the data sources to read; all by default. Names that the archive lacks are omitted from the answer. */
  readonly dataSources?: readonly string[];
}

/** Selection of rows, and how they are consolidated. */
export interface SeriesQuery extends RowsQuery {
  readonly cf: Cf;
}

/** Selection of the same rows of several archives. */
export interface ManyQuery extends Omit<SeriesQuery, 'name'> {
  readonly names: readonly string[];
}

/** Rows of one archive: row i ends at `startS + (i + 1) * stepS`, the last one at `endS`. */
export interface Series {
  readonly name: string;
  readonly cf: Cf;
  /** Length of a row, and of a primary data point of the archive; rows of that length are single data points. */
  readonly stepS: number;
  readonly pdpS: number;
  readonly startS: number;
  readonly endS: number;
  /** Time of the archive's newest reading. */
  readonly lastS: number;
  /** Names of the data sources, in the order of `columns`. */
  readonly dataSources: readonly string[];
  /** One column per data source, one value per row; rates per second, gauges as read, NaN unknown. */
  readonly columns: readonly Float64Array[];
}

/** Most rows that one request returns: a year of one minute, which is what a picture shows where an archive has no longer rows. */
export const maxRows = 530_000;

/**
 * The reading side of a store. Every fetch throws a `StoreError` with code `no-such-archive` for an unknown name, and a
 * `UserError` with code `too-much`.
 */
export interface SeriesSource {
  list(): Promise<readonly ArchiveInfo[]>;
  fetch(query: SeriesQuery): Promise<Series>;
  /** The rows of both consolidation functions; costs hardly more than one. */
  fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>>;
  /**
   * The rows of several archives at one moment, in the order of their names, as `fetch` returns them; cheaper than to fetch one after the other.
   * All archives together may have `maxRows`.
   */
  fetchMany(query: ManyQuery): Promise<readonly Series[]>;
  events(query: EventQuery): Promise<readonly LedgerEvent[]>;
}

/** Selection of calendar months of UTC: those that overlap a span. */
export interface PercentileQuery {
  readonly name: string;
  readonly startS: number;
  readonly endS: number;
}

/** The figures that outlive the 5-minute rows of a month. */
export interface MonthSource {
  /** The traffic percentiles of completed months, as far as they are kept. Throws `no-such-archive`. */
  percentiles(query: PercentileQuery): Promise<readonly MonthPercentiles[]>;
}

/** The usual traffic of the services and of the director. */
export interface BaselineSource {
  /** The baselines of the hour of a time, and of the hours around it, of all archives that have any (model/baseline). */
  baselines(timeS: number): Promise<BaselineColumns>;
}
