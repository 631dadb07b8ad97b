// Rows and archives in machine-readable form, the same on the command line and over HTTP.

import type { ArchiveInfo } from '../archive.js';
import type { Series } from '../series.js';
import { formatCsv } from './csv.js';

/** One row: the end of its interval, and one value per data source, NaN unknown. */
interface Row {
  readonly timeS: number;
  readonly values: readonly number[];
}

/** The rows of a series. */
export function rowList(series: Series): Row[] {
  return [...eachRow(series)];
}

/** The rows of a series, generated one by one. */
export function* eachRow({ startS, endS, stepS, columns }: Series): Generator<Row> {
  for (let i = 0; startS + i * stepS < endS; i += 1) {
    yield { timeS: startS + (i + 1) * stepS, values: columns.map((column) => column[i] ?? Number.NaN) };
  }
}

/** `{"name","cf","step","start","end","ds":[…],"rows":[[time, v, …],…]}`; unknown is null. */
export function seriesJson(series: Series): string {
  const { name, cf, stepS: step, startS: start, endS: end, dataSources: ds } = series;
  const rows = rowList(series).map(({ timeS, values }) => [timeS, ...values]);
  return JSON.stringify({ name, cf, step, start, end, ds, rows });
}

/** A line of titles (time and the data sources), then one line per row; unknown is empty. */
export function seriesCsv(series: Series): string {
  return formatCsv([['time', ...series.dataSources], ...rowList(series).map(rowCells)]);
}

/** The cells of a row; unknown is empty. */
export function rowCells({ timeS, values }: Row): string[] {
  return [String(timeS), ...values.map((value) => (Number.isNaN(value) ? '' : String(value)))];
}

/** An archive as an object for JSON; times are epoch seconds. */
export function archiveJson({ name, about, firstS, lastS, goneS, dataSources }: ArchiveInfo): object {
  const state = goneS === null ? 'live' : 'gone';
  const ds = dataSources.map((source) => source.name);
  return { name, ...about, state, first: firstS, last: lastS, gone: goneS, ds };
}
