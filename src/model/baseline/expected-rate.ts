// The rates to expect at a moment: anything between the baselines of its hour of the week and of the hours before and after it. Traffic may rise
// tenfold within an hour, as when an office opens; and people live by the local clock, while baselines are kept by UTC, so that for four
// weeks after a change of summer time some of the weeks behind a baseline are an hour off.

import { type ArchiveBaselines, type BaselineRate, isTooNew } from './baseline.js';

/** The usual range of a rate, per second, and its spread; NaN if unknown. */
export interface ExpectedRate {
  readonly low: number;
  readonly high: number;
  readonly spread: number;
  /** The weeks behind the hour itself. */
  readonly weeks: number;
}

/** The usual range of a rate around a moment; its spread is the largest. A neighbour of too few weeks does not count. */
export function rateAround({ before, at, after }: ArchiveBaselines, rate: BaselineRate): ExpectedRate {
  const { median, spread: own, weeks } = at[rate];
  let [low, high, spread] = [median, median, own];
  for (const { [rate]: neighbour } of [before, after]) {
    if (isTooNew(neighbour)) continue;
    low = Math.min(low, neighbour.median);
    high = Math.max(high, neighbour.median);
    spread = Math.max(spread, neighbour.spread);
  }
  return { low, high, spread, weeks };
}
