// What to expect at a moment, from the baselines of its hour of the week. People live by the local clock, and baselines are kept by UTC. If
// the clock was changed within the last four weeks, some of the weeks behind a baseline are an hour off, earlier or later, so that anything
// between the three hours around the moment is usual.

import { type ArchiveBaselines, type BaselineRate, baselineWeeks, type RateBaseline, weekS } from './baseline.js';

/** The usual range of a rate, per second, and its spread; NaN if unknown. */
export interface ExpectedRate {
  readonly low: number;
  readonly high: number;
  readonly spread: number;
  readonly weeks: number;
}

/** Seconds by which a local clock is ahead of UTC at a time. */
export type OffsetAt = (timeS: number) => number;

/** Was the local clock changed between a time and any of the same hours of the four weeks before it? */
export function isClockChanged(timeS: number, offsetAt: OffsetAt): boolean {
  const offsetS = offsetAt(timeS);
  return Array.from({ length: baselineWeeks }, (_, i) => offsetAt(timeS - (i + 1) * weekS)).some(
    (earlierS) => earlierS !== offsetS,
  );
}

/** The usual range of a rate. With a changed clock it reaches over all three hours; its spread is the largest, its weeks the fewest. */
export function expectedRate(
  { before, at, after }: ArchiveBaselines,
  rate: BaselineRate,
  isChanged: boolean,
): ExpectedRate {
  return rangeOf(isChanged ? [before[rate], at[rate], after[rate]] : [at[rate]]);
}

function rangeOf(baselines: readonly RateBaseline[]): ExpectedRate {
  const medians = baselines.map(({ median }) => median);
  return {
    low: Math.min(...medians),
    high: Math.max(...medians),
    spread: Math.max(...baselines.map(({ spread }) => spread)),
    weeks: Math.min(...baselines.map(({ weeks }) => weeks)),
  };
}
