// The traffic percentiles of a month as samples at its end (UTC), beside the number of known rows behind each of them.
//   lvs_month_bytes_per_second{archive,director,quantile="0.95",traffic="in"}      traffic: in, out, larger, sum
//   lvs_month_rows{archive,director,traffic="in"}

import { type MonthPercentiles, type TrafficPart, trafficParts } from '../../model/percentile.js';
import type { DescriptionValue } from './description-series.js';
import type { Label } from './row-series.js';

/** The metrics. */
const monthMetrics = { value: 'lvs_month_bytes_per_second', rows: 'lvs_month_rows' } as const;

/** The series of a month; labels are sorted by name. A percentile of no rows is omitted. */
export function describeMonth(
  month: MonthPercentiles,
  { archive, director }: { readonly archive: string; readonly director: string },
): readonly DescriptionValue[] {
  return trafficParts.flatMap((part) => {
    const { value, rows } = month[part];
    if (rows === 0) return [];
    const own: readonly Label[] = [
      ['archive', archive],
      ['director', director],
    ];
    return [
      { labels: [['__name__', monthMetrics.value], ...own, ['quantile', '0.95'], ['traffic', part]] as const, value },
      { labels: [['__name__', monthMetrics.rows], ...own, ['traffic', part]] as const, value: rows },
    ];
  });
}

/** The part of the traffic, and which of its numbers a series has; null if it is none of these. */
export function monthSeriesOf(
  labels: Readonly<Record<string, unknown>>,
): { readonly archive: string; readonly part: TrafficPart; readonly field: 'value' | 'rows' } | null {
  const { __name__: metric, archive, traffic } = labels;
  const part = trafficParts.find((one) => one === traffic);
  if (part === undefined || typeof archive !== 'string') return null;
  return { archive, part, field: metric === monthMetrics.rows ? 'rows' : 'value' };
}
