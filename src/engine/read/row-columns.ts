// Rows of several archives as they come from an engine: samples are put into columns by their series and times.

import type { Cf } from '../../model/archive.js';
import type { Samples } from '../query/query.js';
import { seriesOfLabels } from '../series/row-series.js';

/** The rows that end after `startS` up to `endS`, `rowS` apart. */
export interface RowGrid {
  readonly rowS: number;
  readonly startS: number;
  readonly endS: number;
}

/** Columns of some data sources, by archive and data source; unknown rows are NaN. */
export type ColumnsByArchive = ReadonlyMap<string, ReadonlyMap<string, Float64Array>>;

/** The samples of one length and function, in columns. Samples off the grid are dropped, as are those at its start, which the query includes. */
export function columnsOf(
  found: readonly Samples[],
  { director, cf, grid }: { readonly director: string; readonly cf: Cf | null; readonly grid: RowGrid },
): ColumnsByArchive {
  const { rowS, startS, endS } = grid;
  const count = (endS - startS) / rowS;
  const all = new Map<string, Map<string, Float64Array>>();
  for (const { labels, samples } of found) {
    const series = seriesOfLabels(labels, director);
    if (series === null || series.rowS !== rowS || series.cf !== cf) continue;
    const own = all.get(series.archive) ?? new Map<string, Float64Array>();
    all.set(series.archive, own);
    const column = own.get(series.dataSource) ?? new Float64Array(count).fill(Number.NaN);
    own.set(series.dataSource, column);
    for (const [timeS, value] of samples) {
      const row = (timeS - startS) / rowS - 1;
      if (row >= 0 && row < count && Number.isInteger(row) && !Number.isNaN(value)) column[row] = value;
    }
  }
  return all;
}
