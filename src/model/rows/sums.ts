// Sums over many archives, by a source that has them without handing out their rows: an engine of others sums up a thousand services in less
// time than it takes to send them.

import type { ManyQuery, Series } from '../series.js';

/** Selection of means of several archives, of which a row counts if all the data sources are known in it. */
export type SumQuery = Omit<ManyQuery, 'cf'>;

/** Rows of the sum of several archives. */
export interface SummedRows extends Omit<Series, 'name'> {
  /** The number of archives that are known in each row. */
  readonly counts: Float64Array;
}

/**
 * A source that sums up archives. Its values are those of the rows that `fetchMany` returns, up to rounding: a sum may be formed in another
 * order, and a mean of shorter rows, too.
 */
export interface SumSource {
  /** The sum of each data source over all its rows, by archive, in the order of the data sources; archives without a known row are missing. */
  totals(query: SumQuery): Promise<ReadonlyMap<string, readonly number[]>>;
  /** The sums in each row, over the archives that are known in it; NaN where none is. All archives have rows up to the same time. */
  sums(query: SumQuery): Promise<SummedRows>;
  /** The means of `fetchMany`, up to rounding. */
  means(query: SumQuery): Promise<readonly Series[]>;
}

/** A source that may sum up archives: where it does, that costs less than reading their rows. */
export interface Summing {
  readonly summing?: SumSource;
}
