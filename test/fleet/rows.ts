// Rows of invented archives.

import type { Cf } from '../../src/model/archive.js';
import { ipvsDataSources } from '../../src/model/archive.js';
import type { Series } from '../../src/model/series.js';

/** Start of the rows. */
export const startS = 1_795_219_200;

const names = ipvsDataSources.map(({ name }) => name);

/**
 * Rows of an archive of five minutes each: rates and connections are all the number given, null is unknown. With `open`, gauges are those
 * numbers instead.
 */
export function seriesOf(
  name: string,
  rates: readonly (number | null)[],
  { open = rates, cf = 'AVERAGE', stepS = 300 }: { open?: readonly (number | null)[]; cf?: Cf; stepS?: number } = {},
): Series {
  const columns = names.map((source) =>
    Float64Array.from((source.includes('Act') ? open : rates).map((value) => value ?? Number.NaN)),
  );
  const endS = startS + rates.length * stepS;
  return { name, cf, stepS, pdpS: 300, startS, endS, lastS: endS, dataSources: names, columns };
}

/** Values of one data source; null is unknown. */
export function valuesOf({ dataSources, columns }: Series, dataSource: string): (number | null)[] {
  const column = columns[dataSources.indexOf(dataSource)] ?? new Float64Array();
  return [...column].map((value) => (Number.isNaN(value) ? null : value));
}
