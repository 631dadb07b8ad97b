// The span in a page's address: a period that follows the newest reading, or from one time to another. Pure: zooming and
// panning make a new view out of an old span.

import { type Retention, reachOf } from '../../src/model/retention.js';
import { ageS, isAge } from '../../src/model/time/parse-time.js';
import { type Period, periods } from '../../src/render/define/graph-request.js';
import { formatLocal } from '../../src/render/look/local-time.js';

/** From one time to another, in epoch seconds. */
export interface Range {
  readonly startS: number;
  readonly endS: number;
}

/** The view of a page: a period, an age such as `3h`, or a span of its own. The first two end with the newest reading. */
export type View = { readonly period: Period } | { readonly age: string; readonly lengthS: number } | Range;

/** Spans begin and end with a step, and have at least six. */
const minSteps = 6;

/** The folder of a picture in its address; a base path before it may hold anything. */
const pictureFolder = /^([^?#]*\/graphs\/)(?:day|week|month|year|span)\//;

/** The view of a query such as `period=day` or `since=…&until=…`; null if it has none. */
export function parseView(query: string): View | null {
  const parameters = new URLSearchParams(query);
  const startS = Number(parameters.get('since') ?? Number.NaN);
  const endS = Number(parameters.get('until') ?? Number.NaN);
  if (endS > startS) return { startS, endS };
  const age = parameters.get('since');
  if (age !== null && isAge(age) && !parameters.has('until')) return { age, lengthS: ageS(age) };
  const period = parameters.get('period');
  return period !== null && isPeriod(period) ? { period } : null;
}

/** The query of a view. Its inverse is `parseView`. */
export function formatView(view: View): string {
  if ('age' in view) return `since=${view.age}`;
  return 'period' in view ? `period=${view.period}` : `since=${view.startS}&until=${view.endS}`;
}

/** The name of a view: "24 h", "3 h", or both its times. */
export function viewLabel(view: View, timeZone: string): string {
  if ('age' in view) return view.age.replace(/(?<=\d)(?=[a-z])/, ' ');
  return 'period' in view ? periods[view.period].label : formatRange(view, timeZone);
}

/** An address with the span of a view instead of its own. */
export function withView(address: string, view: View): string {
  const hash = address.indexOf('#');
  const [path, tail] = hash < 0 ? [address, ''] : [address.slice(0, hash), address.slice(hash)];
  const [place = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  for (const name of ['period', 'since', 'until']) parameters.delete(name);
  const rest = parameters.toString();
  return `${place}?${rest === '' ? '' : `${rest}&`}${formatView(view)}${tail}`;
}

/** The address of a download for a view: for a picture, a period is in the path, and a range in the query. */
export function withDownload(address: string, view: View): string {
  const moved = withView(address, view);
  if (!pictureFolder.test(moved)) return moved;
  const folder = 'period' in view ? view.period : 'span';
  const placed = moved.replace(pictureFolder, `$1${folder}/`);
  return 'period' in view ? placed.replace(/([?&])period=[a-z]+&?/, '$1').replace(/[?&](?=#|$)/, '') : placed;
}

/** Whole steps, at least six and no more than are kept, that end by `lastS`, around the requested range. */
export function boundedRange({ startS, endS }: Range, lastS: number, retention: Retention): Range {
  const { stepS: rowS } = retention;
  const leastS = minSteps * rowS;
  const maxS = Math.max(...retention.rras.map((rra) => reachOf(retention, rra)));
  const newestS = Math.ceil(lastS / rowS) * rowS;
  const lengthS = Math.min(maxS, Math.max(leastS, Math.round((endS - startS) / rowS) * rowS));
  const middleS = (startS + endS) / 2;
  const until = Math.min(newestS, Math.round((middleS + lengthS / 2) / rowS) * rowS);
  return { startS: until - lengthS, endS: until };
}

/** A range `factor` times as long, with `aroundS` fixed. */
export function zoomed({ startS, endS }: Range, factor: number, aroundS: number): Range {
  return { startS: aroundS - (aroundS - startS) * factor, endS: aroundS + (endS - aroundS) * factor };
}

/** A range shifted forward by a fraction of its length. */
export function panned({ startS, endS }: Range, part: number): Range {
  const byS = (endS - startS) * part;
  return { startS: startS + byS, endS: endS + byS };
}

/** The name of a range: `2026-11-19 22:00 – 2026-11-20 06:00`. */
export function formatRange({ startS, endS }: Range, timeZone: string): string {
  return [startS, endS].map((timeS) => formatLocal(timeZone, timeS).slice(0, 16)).join(' – ');
}

function isPeriod(text: string): text is Period {
  return Object.hasOwn(periods, text);
}
