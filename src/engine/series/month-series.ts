// The traffic percentiles of months (UTC), beside the number of known rows behind each of them. They are sent once the archives have them, some days
// after the end of the month, and again for some weeks.
//   lvs_month_bytes_per_second{archive,director,month="2026-11",quantile="0.95",traffic="in"}      traffic: in, out, larger, sum
//   lvs_month_rows{archive,director,month="2026-11",traffic="in"}

import { type MonthPercentiles, type TrafficPart, trafficParts } from '../../model/percentile.js';
import { formatMonth } from '../../model/time/month.js';
import { type Sample, sampleOf } from './sample.js';

/** The metrics. */
const monthMetrics = { value: 'lvs_month_bytes_per_second', rows: 'lvs_month_rows' } as const;

/** The samples of a month of an archive, at a time. A percentile of no rows is omitted. */
export function describeMonth(
  percentiles: MonthPercentiles,
  { archive, director, timeS }: { readonly archive: string; readonly director: string; readonly timeS: number },
): readonly Sample[] {
  return trafficParts.flatMap((traffic) => {
    const { value, rows } = percentiles[traffic];
    if (rows === 0) return [];
    const labels = { archive, director, month: formatMonth(percentiles.month), traffic };
    return [
      sampleOf(monthMetrics.value, { ...labels, quantile: '0.95' }, { timeS, value }),
      sampleOf(monthMetrics.rows, labels, { timeS, value: rows }),
    ];
  });
}

/** A number of a month. */
export interface MonthNumber {
  readonly archive: string;
  readonly month: number;
  readonly part: TrafficPart;
  readonly field: 'value' | 'rows';
}

/** The number that a series has; null if it is none of these. */
export function monthSeriesOf(labels: Readonly<Record<string, unknown>>): MonthNumber | null {
  const { __name__: metric, archive, month, traffic } = labels;
  const part = trafficParts.find((one) => one === traffic);
  const [, year, ofYear] = /^(\d{4})-(\d{2})$/.exec(String(month)) ?? [];
  if (part === undefined || ofYear === undefined || typeof archive !== 'string') return null;
  const field = metric === monthMetrics.rows ? 'rows' : 'value';
  return { archive, month: 12 * Number(year) + Number(ofYear) - 1, part, field };
}
