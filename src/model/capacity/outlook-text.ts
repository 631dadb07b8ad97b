// The outlook of a capacity in words.

import type { CapacityMeasure } from './limit.js';
import { leastWeeks, type Outlook, type Trend } from './trend.js';

/** The names of measures, as subjects of a sentence. */
export const measureTitles: Readonly<Record<CapacityMeasure, string>> = {
  bitsPerS: 'traffic',
  newConnectionsPerS: 'new connections',
  openConnections: 'open connections',
};

/** The year, the month (1 to 12) and the date of a time, in the zone of the reader. */
export type DateOf = (timeS: number) => { readonly year: number; readonly month: number; readonly date: string };

/** The words around an outlook: its limit with the unit, and dates. */
export interface OutlookWords {
  readonly measure: CapacityMeasure;
  readonly limit: string;
  readonly dateOf: DateOf;
}

/** "reaches 10 Gbit/s between March and May 2027", with the number of weeks behind it. */
export function outlookText(outlook: Outlook, trend: Trend | null, { measure, limit, dateOf }: OutlookWords): string {
  const title = measureTitles[measure];
  const isPlural = measure !== 'bitsPerS';
  const reach = isPlural ? 'reach' : 'reaches';
  const basis = trend === null ? '' : `, by the trend of ${trend.weeks} weekly peaks`;
  switch (outlook.kind) {
    case 'too-little':
      return `${title}: too little history to say when ${isPlural ? 'they reach' : 'it reaches'} ${limit}: ${outlook.weeks} of at least ${leastWeeks} weeks are known`;
    case 'reached':
      return `${title} reached ${limit}, first in the week up to ${dateOf(outlook.atS).date}`;
    case 'reaches':
      return `${title} ${reach} ${limit} ${monthsText(dateOf(outlook.fromS), dateOf(outlook.toS))}${basis}`;
    case 'may-reach':
      return `${title} may reach ${limit} from ${monthText(dateOf(outlook.fromS))} on, or not within two years${basis}`;
    case 'not-soon':
      return `${title} ${isPlural ? 'do' : 'does'} not reach ${limit} within two years${basis}`;
  }
}

/** "weekly peaks of traffic grow by 3.2 % a month (2.1 to 4.0 %)"; null if the trend is unknown. */
export function trendText(trend: Trend | null, measure: CapacityMeasure): string | null {
  if (trend === null || !(trend.level > 0)) return null;
  const parts = [trend.low, trend, trend.high].map(({ slope }) => (slope * weeksPerMonth) / trend.level);
  const [low = 0, middle = 0, high = 0] = parts;
  const title = `weekly peaks of ${measureTitles[measure]}`;
  if (low <= 0 && high >= 0) return `${title}: no clear trend in ${trend.weeks} weeks`;
  const [least, most] = middle < 0 ? [high, low] : [low, high];
  const range = `${percent(Math.abs(least))} to ${percent(Math.abs(most))}`;
  return `${title} ${middle < 0 ? 'fall' : 'grow'} by ${percent(Math.abs(middle))} a month (${range}), over ${trend.weeks} weeks`;
}

const weeksPerMonth = 365.25 / 12 / 7;

function percent(part: number): string {
  return `${(100 * part).toFixed(part < 0.0995 ? 1 : 0)} %`;
}

type MonthDate = ReturnType<DateOf>;

function monthsText(from: MonthDate, to: MonthDate): string {
  if (from.year === to.year && from.month === to.month) return `in ${monthText(from)}`;
  const first = from.year === to.year ? (months[from.month - 1] ?? '') : monthText(from);
  return `between ${first} and ${monthText(to)}`;
}

function monthText({ year, month }: MonthDate): string {
  return `${months[month - 1] ?? ''} ${year}`;
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
