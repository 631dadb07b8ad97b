// A view: everything that an address says about a page, so that a link shows everyone the same.
//
//   period=day|week|month|year   or   since=7d&until=2026-11-21   graph_type=traffic   q=*:443
//   sort=busiest|name|growing    top=20|50|100|all                share=1              kiosk

import { isAge, parseTime, type SpanEnds } from '../model/time/parse-time.js';
import { UserError } from '../model/user-error.js';
import { type GraphType, listedTypes, type Period, periods } from '../render/define/graph-request.js';
import { parseQuery, type Query } from './query.js';
import { RequestError } from './request-error.js';
import { dateInZone } from './zone.js';

/** The time shown: a period that ends now, or a range in epoch seconds, which may be one that rolls on. */
export type Stretch =
  | { readonly kind: 'period'; readonly period: Period }
  | {
      readonly kind: 'range';
      readonly startS: number;
      readonly untilS: number;
      /** It ends with the newest reading, and begins so long before: `3h`. An address keeps it as it is written. */
      readonly age?: string;
    };

/** The order of services, and their number. */
export const sorts = ['busiest', 'name', 'growing'] as const;
export type Sort = (typeof sorts)[number];
export const tops = ['20', '50', '100', 'all'] as const;
export type Top = (typeof tops)[number];

/** The state of a page. */
export interface View {
  readonly stretch: Stretch;
  readonly graphType: GraphType;
  readonly search: string;
  readonly sort: Sort;
  readonly top: Top;
  /** Stacks in percent. */
  readonly isShare: boolean;
  /** For a screen on a wall: nothing to click. */
  readonly isKiosk: boolean;
}

/** The default comes first. */
const trafficFirst = ['traffic', ...listedTypes.filter((type) => type !== 'traffic')] as const;

/** Shortest and longest range in seconds: two rows, and more than is ever kept. */
const shortestS = 600;
const longestS = 10 * 366 * 86_400;

/** The view of a query; ages like "7d" count back from `nowS`, and dates are in a zone, by default the server's. Throws a `RequestError`. */
export function parseView(search: string, nowS: number, zone: string | null = null): View {
  const query = parseQuery(search);
  return {
    stretch: parseStretch(query, nowS, zone),
    graphType: query.oneOf('graph_type', trafficFirst),
    search: query.text('q') ?? '',
    sort: query.oneOf('sort', sorts),
    top: query.oneOf('top', tops),
    isShare: query.flag('share'),
    isKiosk: query.flag('kiosk'),
  };
}

/** The stretch of time in a query. Throws a `RequestError`. */
export function parseStretch(query: Query, nowS: number, zone: string | null = null): Stretch {
  const [since, until] = [query.text('since'), query.text('until')];
  if (since === null && until === null) {
    return { kind: 'period', period: query.oneOf('period', Object.keys(periods) as Period[]) };
  }
  if (since === null) throw new RequestError(400, '"until" needs "since": write when the span begins');
  const untilS = until === null ? nowS : parse('until', until, { nowS, zone });
  const startS = parse('since', since, { nowS: untilS, zone, endS: untilS });
  if (untilS - startS < shortestS) {
    throw new RequestError(400, `"since" must be at least ${shortestS / 60} minutes before "until"`);
  }
  if (untilS - startS > longestS)
    throw new RequestError(400, 'a span of over ten years cannot be shown: write a later "since"');
  return { kind: 'range', startS, untilS, ...(until === null && isAge(since) ? { age: since } : {}) };
}

interface TimeGround extends SpanEnds {
  readonly nowS: number;
  readonly zone: string | null;
}

function parse(name: string, text: string, { nowS, zone, ...ends }: TimeGround): number {
  try {
    const timeS = (zone === null ? null : dateInZone(text, zone)) ?? parseTime(text, nowS, ends);
    if (timeS >= 0) return timeS;
    throw new RequestError(400, `${name}: ${JSON.stringify(text)} is before 1970`);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw error instanceof UserError ? new RequestError(400, `${name}: ${error.message}`) : error;
  }
}

/** The query of a view, with changes; defaults are omitted. Begins with `?`, or is empty. */
export function viewQuery(view: View, change: Partial<View> = {}): string {
  const { stretch, graphType, search, sort, top, isShare, isKiosk } = { ...view, ...change };
  const parameters = new URLSearchParams(stretchQuery(stretch));
  if (graphType !== 'traffic') parameters.set('graph_type', graphType);
  if (search !== '') parameters.set('q', search);
  if (sort !== sorts[0]) parameters.set('sort', sort);
  if (top !== tops[0]) parameters.set('top', top);
  if (isShare) parameters.set('share', '1');
  if (isKiosk) parameters.set('kiosk', '1');
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** The part of a query that selects the time; empty for a day. */
export function stretchQuery(stretch: Stretch): string {
  if (stretch.kind === 'range') {
    return stretch.age === undefined ? `since=${stretch.startS}&until=${stretch.untilS}` : `since=${stretch.age}`;
  }
  return stretch.period === 'day' ? '' : `period=${stretch.period}`;
}
