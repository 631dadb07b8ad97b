// A single value of a series, with its time.

import type { Label } from './row-series.js';

/** A sample; labels are sorted by name, and none is empty. */
export interface Sample {
  readonly labels: readonly Label[];
  readonly timeS: number;
  readonly value: number;
}

/** A sample of a metric whose labels are given in any order. */
export function sampleOf(
  metric: string,
  labels: Readonly<Record<string, string>>,
  { timeS, value }: Pick<Sample, 'timeS' | 'value'>,
): Sample {
  const own = Object.entries({ __name__: metric, ...labels }).filter(([, text]) => text !== '');
  return { labels: own.sort(([a], [b]) => (a < b ? -1 : 1)), timeS, value };
}
