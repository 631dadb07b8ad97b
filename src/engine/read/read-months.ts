// The traffic percentiles of months, which an engine has from some days after the end of each month.

import { type MonthPercentiles, type Percentile, type TrafficPart, trafficParts } from '../../model/percentile.js';
import type { PercentileQuery } from '../../model/series.js';
import { formatMonth, monthOf, monthStartS } from '../../model/time/month.js';
import { type QueryGround, queryValues } from '../query/query.js';
import { selector } from '../query/selector.js';
import { monthSeriesOf } from '../series/month-series.js';

/** A director, and a time by which its newest samples were sent. */
export interface MonthGround extends QueryGround {
  readonly director: string;
  readonly newestS: number;
}

/** The known months of an archive within a span, oldest first. Throws a `PassingError`. */
export async function readMonths(
  { name, startS, endS }: PercentileQuery,
  { director, newestS, ...ground }: MonthGround,
): Promise<readonly MonthPercentiles[]> {
  const wanted: number[] = [];
  for (let month = monthOf(startS); monthStartS(month) < Math.min(endS, newestS); month += 1) wanted.push(month);
  const [first] = wanted;
  if (first === undefined) return [];
  const month = { pattern: wanted.map(formatMonth).join('|') };
  const series = selector({ __name__: { pattern: 'lvs_month_.+' }, director, archive: name, month });
  const sentS = Math.floor(newestS) - monthStartS(first);
  const found = await queryValues(`last_over_time(${series}[${sentS}s])`, Math.floor(newestS), ground);
  const months = new Map<number, Map<TrafficPart, Percentile>>();
  for (const { labels, value } of found) {
    const number = monthSeriesOf(labels);
    if (number === null) continue;
    const own = months.get(number.month) ?? new Map<TrafficPart, Percentile>();
    months.set(number.month, own.set(number.part, { ...(own.get(number.part) ?? none), [number.field]: value }));
  }
  return [...months].sort(([a], [b]) => a - b).map(([number, own]) => percentilesOf(number, own));
}

const none: Percentile = { value: Number.NaN, rows: 0 };

function percentilesOf(month: number, own: ReadonlyMap<TrafficPart, Percentile>): MonthPercentiles {
  const parts = Object.fromEntries(trafficParts.map((part) => [part, own.get(part) ?? none]));
  return { month, ...(parts as Readonly<Record<TrafficPart, Percentile>>) };
}
