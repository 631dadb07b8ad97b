// Makes doubtful rows of a group from rows of one step, as an archive makes longer rows from its own.

import { consolidate } from '../model/rows/consolidate.js';
import type { Series } from '../model/series.js';

/** Reads combined rows of one step after a time up to another; null if they are not kept for that time. */
export type ReadSteps = (startS: number, endS: number) => Promise<Series | null>;

/** Fills doubtful rows; those whose steps are no longer kept stay unknown. */
export async function refineRows(series: Series, doubtful: readonly number[], read: ReadSteps): Promise<Series> {
  if (doubtful.length === 0) return series;
  const { startS, stepS, pdpS, cf, lastS } = series;
  const columns = series.columns.map((column) => column.slice());
  for (const i of doubtful) {
    const endS = startS + (i + 1) * stepS;
    // A row that readings have not completed is unknown, however many of its steps are known.
    const steps = endS > lastS ? null : await read(endS - stepS, endS);
    if (steps === null) continue;
    for (const [number, column] of columns.entries()) {
      const [value] = consolidate(steps.columns[number] ?? new Float64Array(), stepS / pdpS, cf);
      column[i] = value ?? Number.NaN;
    }
  }
  return { ...series, columns };
}
