// The identity of a series of rows at a receiver: metric and labels. The finest rows have no label `cf`, because a row of one data point is its
// own mean and maximum:
//   lvs_row_connections_per_second{archive="192.0.2.1_80",director="lb1",row="5m"}
//   lvs_row_connections_per_second{archive="192.0.2.1_80",cf="MAX",director="lb1",row="2h"}

import type { Cf } from '../../model/archive.js';
import { dataSourcesByMetric, metricsByDataSource } from './metric-names.js';

/** A series of rows; `cf` is null for the finest rows. */
export interface RowSeries {
  readonly archive: string;
  readonly dataSource: string;
  readonly rowS: number;
  readonly cf: Cf | null;
}

/** Rows of a series: row i ends at `firstS + i * rowS`; unknown is NaN. */
export interface SeriesRows extends RowSeries {
  readonly firstS: number;
  readonly values: Float64Array;
  /** 1 for each row that is wanted; null if all of them are. */
  readonly wanted: Uint8Array | null;
}

/** A label; those of a series are sorted by name, as receivers demand. */
export type Label = readonly [name: string, value: string];

/** The name of a metric. Throws a `RangeError` if the quantity has none. */
export function metricOf(dataSource: string): string {
  const name = metricsByDataSource.get(dataSource);
  if (name === undefined)
    throw new RangeError(`the data source ${dataSource} has no metric: add it to metric-names.ts`);
  return name;
}

/** The labels of a series, the metric's name included. */
export function labelsOf({ archive, dataSource, rowS, cf }: RowSeries, director: string): readonly Label[] {
  return [
    ['__name__', metricOf(dataSource)],
    ['archive', archive],
    ...(cf === null ? [] : [['cf', cf] as const]),
    ['director', director],
    ['row', rowLabel(rowS)],
  ];
}

/** The series that labels denote; null if they are not those of rows of this director. */
export function seriesOfLabels(labels: Readonly<Record<string, unknown>>, director: string): RowSeries | null {
  const { __name__: metric, archive, cf = null, row } = labels;
  const dataSource = typeof metric === 'string' ? dataSourcesByMetric.get(metric) : undefined;
  const rowS = typeof row === 'string' ? lengthOf(row) : null;
  if (dataSource === undefined || rowS === null || typeof archive !== 'string') return null;
  if (labels['director'] !== director || (cf !== null && cf !== 'AVERAGE' && cf !== 'MAX')) return null;
  return { archive, dataSource, rowS, cf };
}

/** A key for maps: equal for the same series. */
export function seriesKey({ archive, dataSource, rowS, cf }: RowSeries): string {
  return `${archive} ${dataSource} ${rowS} ${cf ?? ''}`;
}

const unitsS = { d: 86_400, h: 3600, m: 60 } as const;

/** The length of a row as a label: `5m`, `2h`, `1d`. */
export function rowLabel(rowS: number): string {
  if (rowS % unitsS.d === 0) return `${rowS / unitsS.d}d`;
  return rowS % unitsS.h === 0 ? `${rowS / unitsS.h}h` : `${rowS / unitsS.m}m`;
}

function lengthOf(label: string): number | null {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(label) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd') return null;
  return Number(count) * unitsS[unit];
}

/** Whether row i is to be sent. */
export function isWanted({ wanted }: SeriesRows, i: number): boolean {
  return wanted === null || wanted[i] === 1;
}

/** How many rows are to be sent. */
export function countOfRows(series: SeriesRows): number {
  return series.wanted?.reduce((sum, one) => sum + one, 0) ?? series.values.length;
}
