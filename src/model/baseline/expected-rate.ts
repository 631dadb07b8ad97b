// The rates to expect at a moment: anything between the baselines of its hour of the week and of the hours before and after it. Traffic may rise
// tenfold within an hour, as when an office opens; and people live by the local clock, while baselines are kept by UTC, so that for four
// weeks after a change of summer time some of the weeks behind a baseline are an hour off.

import { leastWeeks } from './baseline.js';
import { type BaselineColumns, baselineCell } from './baseline-columns.js';

/** The usual range of a rate, per second, and its spread; NaN if unknown. */
export interface ExpectedRate {
  readonly low: number;
  readonly high: number;
  readonly spread: number;
  /** The weeks behind the hour itself. */
  readonly weeks: number;
}

/**
 * The usual range of a rate, by its number, around a moment for an archive, by its number; its spread is the largest. A neighbour of too few
 * weeks does not count.
 */
export function rateAround({ weeks, medians, spreads }: BaselineColumns, archive: number, rate: number): ExpectedRate {
  const own = baselineCell(archive, 1, rate);
  let low = medians[own] ?? Number.NaN;
  let high = low;
  let spread = spreads[own] ?? Number.NaN;
  for (let hour = 0; hour <= 2; hour += 2) {
    const cell = baselineCell(archive, hour, rate);
    if ((weeks[cell] ?? 0) < leastWeeks) continue;
    low = Math.min(low, medians[cell] ?? Number.NaN);
    high = Math.max(high, medians[cell] ?? Number.NaN);
    spread = Math.max(spread, spreads[cell] ?? Number.NaN);
  }
  return { low, high, spread, weeks: weeks[own] ?? 0 };
}
