// The columns that a query asks for.

import type { DataSource } from '../archive.js';
import type { RowsQuery } from '../series.js';

/** The numbers of the wanted data sources; names that the archive does not have are omitted. */
export function columnsFor(
  sources: readonly DataSource[],
  { dataSources }: Pick<RowsQuery, 'dataSources'>,
): readonly number[] {
  const all = sources.map((_, column) => column);
  if (dataSources === undefined) return all;
  return all.filter((column) => dataSources.includes(sources[column]?.name ?? ''));
}
