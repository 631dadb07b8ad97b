// What an archive has held: its peaks by week, and the highest mean of an hour or more. Weekly peaks are the greatest means of a step, which
// day rows keep as maxima for as long as they exist. The highest mean is that of the shortest rows of an hour or more that are kept of its time:
// two hours of the last 200 days and a day before, by the standard retention. Some hour in each was at least as high.

import type { Series } from '../series.js';
import type { CapacityMeasure } from './limit.js';
import type { WeekPeaks } from './trend.js';

const daysPerWeek = 7;
const leastDays = 4;

/** The greatest mean of a row. */
export interface HighestRow {
  /** In the unit of the measure. */
  readonly value: number;
  readonly endS: number;
  readonly rowS: number;
}

/** The data sources of a measure. */
export const sourcesOf: Readonly<Record<CapacityMeasure, readonly string[]>> = {
  bitsPerS: ['InBytes', 'OutBytes'],
  newConnectionsPerS: ['Conns'],
  openConnections: ['ActiveConn', 'InActConn'],
};

/**
 * The values of a measure in the rows of a series: the larger of in and out, as a line carries either; or active and inactive connections
 * together. Of maxima, that sum is an upper bound, since both need not have been greatest at once. NaN if unknown; null if the archive lacks
 * the data sources.
 */
function measured(series: Series, measure: CapacityMeasure): Float64Array | null {
  const columns = sourcesOf[measure].map((name) => series.columns[series.dataSources.indexOf(name)]);
  const [first, second] = columns;
  if (first === undefined || (measure === 'openConnections' && second === undefined)) return null;
  if (measure === 'newConnectionsPerS') return first;
  if (measure === 'openConnections') return first.map((value, row) => value + (second?.[row] ?? Number.NaN));
  return first.map((value, row) => {
    const other = second?.[row] ?? Number.NaN;
    return 8 * (Number.isNaN(other) ? value : Math.max(value, other));
  });
}

/** The peaks of the whole weeks before the end of the last day row, from maxima of day rows. A week of fewer than four known days is unknown. */
export function weekPeaks(days: Series, measure: CapacityMeasure): WeekPeaks {
  const values = measured(days, measure) ?? new Float64Array();
  const count = Math.floor(values.length / daysPerWeek);
  const peaks = Float64Array.from({ length: count }, (_, week) => {
    const end = values.length - (count - 1 - week) * daysPerWeek;
    const known = values.subarray(end - daysPerWeek, end).filter((value) => !Number.isNaN(value));
    return known.length < leastDays ? Number.NaN : Math.max(...known);
  });
  return { peaks: withoutUnknownStart(peaks), endS: days.endS };
}

/** Weeks before the first known one are before the archive. */
function withoutUnknownStart(peaks: Float64Array): Float64Array {
  const first = peaks.findIndex((peak) => !Number.isNaN(peak));
  return first < 0 ? new Float64Array() : peaks.subarray(first);
}

/** The highest row of several series of means; of equal ones the first. Null if none is known. */
export function highestRow(all: readonly Series[], measure: CapacityMeasure): HighestRow | null {
  let highest: HighestRow | null = null;
  for (const series of all) {
    for (const [row, value] of (measured(series, measure) ?? new Float64Array()).entries()) {
      if (value > (highest?.value ?? 0))
        highest = { value, endS: series.startS + (row + 1) * series.stepS, rowS: series.stepS };
    }
  }
  return highest;
}
