// What pictures, pages and reports read from: rows of one archive, whoever keeps them.
// Rows are as `rrdtool fetch` gives them: a row's time is the end of its interval, unknown is NaN.

import type { ArchiveInfo, Cf } from './archive.js';
import type { EventQuery, LedgerEvent } from './ledger-event.js';
import type { MonthPercentiles } from './percentile.js';

/** Which rows: the RRA that fits span and step best is chosen by rrdtool's rule. */
export interface RowsQuery {
  readonly name: string;
  readonly startS: number;
  readonly endS: number;
  readonly stepS: number;
}

/** Which rows, and how they are consolidated. */
export interface SeriesQuery extends RowsQuery {
  readonly cf: Cf;
}

/** Rows of one archive: row i ends at `startS + (i + 1) * stepS`, the last one at `endS`. */
export interface Series {
  readonly name: string;
  readonly cf: Cf;
  /** Length of a row, and of a primary data point of the archive: rows that long are single ones. */
  readonly stepS: number;
  readonly pdpS: number;
  readonly startS: number;
  readonly endS: number;
  /** Time of the archive's newest reading. */
  readonly lastS: number;
  /** Names of the data sources, in the order of `columns`. */
  readonly dataSources: readonly string[];
  /** One column a data source, one value a row; rates per second, gauges as read, NaN unknown. */
  readonly columns: readonly Float64Array[];
}

/** Rows of a series that are handed out at once, some times what an archive keeps. */
export const mostRows = 350_000;

/** The reading side of a store. Either fetch throws a `StoreError` with code `no-such-archive` for an unknown name, and a `UserError`, `too-much`. */
export interface SeriesSource {
  list(): Promise<readonly ArchiveInfo[]>;
  fetch(query: SeriesQuery): Promise<Series>;
  /** The rows of both consolidation functions: hardly more work than those of one. */
  fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>>;
  events(query: EventQuery): Promise<readonly LedgerEvent[]>;
}

/** Which calendar months of UTC: those that lie in a span, be it in part. */
export interface PercentileQuery {
  readonly name: string;
  readonly startS: number;
  readonly endS: number;
}

/** What is kept of months when their 5-minute rows have gone. */
export interface MonthSource {
  /** The traffic percentiles of the months that are over, as far as they are kept. Throws `no-such-archive`. */
  percentiles(query: PercentileQuery): Promise<readonly MonthPercentiles[]>;
}
