// Which rows a receiver has already: by a query over their span. It is asked before rows are sent
// whose fate is unknown: a receiver may have stored a request whose answer was lost, and VictoriaMetrics stores a second copy of a sample
// without a word.

import { setTimeout as pause } from 'node:timers/promises';
import type { SendRequest } from '../../engine/connection/http.js';
import { type QueryGround, querySpan, queryValues } from '../../engine/query/query.js';
import { type Matchers, patternsOf, selector } from '../../engine/query/selector.js';
import { metricPrefix } from '../../engine/series/metric-names.js';
import { isWanted, rowLabel, type SeriesRows, seriesKey, seriesOfLabels } from '../../engine/series/row-series.js';
import type { CursorSpan } from '../cursor/cursor.js';

/** Values of rows by time, by the key of their series; unknown rows are not among them. */
export type PresentRows = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** A receiver to ask about the rows of a director. */
export interface PresentGround extends QueryGround {
  readonly director: string;
}

/** The rows of these series that the receiver has; all of them have the same times. Throws a `PassingError`. */
export async function readPresent(series: readonly SeriesRows[], ground: PresentGround): Promise<PresentRows> {
  const [first] = series;
  if (first === undefined) return new Map();
  const present = new Map<string, ReadonlyMap<number, number>>();
  const names = new Set(series.map(({ archive }) => archive));
  for (const pattern of patternsOf(names)) {
    for (const [key, rows] of await ask(pattern, first, ground)) present.set(key, rows);
  }
  return present;
}

async function ask(
  archives: string,
  { rowS, firstS, cf, values }: SeriesRows,
  { director, ...ground }: PresentGround,
): Promise<PresentRows> {
  const own = { ...rowsOf(director), row: rowLabel(rowS), cf: cf ?? '', archive: { pattern: archives } };
  const present = new Map<string, Map<number, number>>();
  for (const { labels, samples } of await querySpan(
    selector(own),
    { startS: firstS, endS: firstS + (values.length - 1) * rowS },
    ground,
  )) {
    const series = seriesOfLabels(labels, director);
    if (series === null) continue;
    const key = seriesKey(series);
    const times = present.get(key) ?? new Map<number, number>();
    present.set(key, times);
    for (const [timeS, value] of samples) if (!Number.isNaN(value)) times.set(timeS, value);
  }
  return present;
}

/** Whether the receiver has any row of an archive in a span. Throws a `PassingError`. */
export async function hasRows(
  archive: string,
  { fromS, toS }: CursorSpan,
  { director, ...ground }: PresentGround,
): Promise<boolean> {
  const rows = `${selector({ ...rowsOf(director), archive })}[${Math.max(1, toS - fromS)}s]`;
  return (await queryValues(`count(last_over_time(${rows}))`, toS, ground)).length > 0;
}

function rowsOf(director: string): Matchers {
  return { __name__: { pattern: `${metricPrefix}.+` }, director };
}

/** Milliseconds until VictoriaMetrics shows what it has taken: without being asked to, and what it is converting when it is asked. */
const [shownMs, convertedMs] = [5000, 1000];

/** Waits until VictoriaMetrics shows what it has taken. A flush passes over rows that are being converted, so another one follows. */
export async function untilShown(baseUrl: URL, send: SendRequest): Promise<void> {
  const flush = async (): Promise<boolean> =>
    (await send({ url: new URL('internal/force_flush', baseUrl), mostBytes: 2 ** 16 })).status === 200;
  const isFlushed = await flush();
  await pause(isFlushed ? convertedMs : shownMs);
  if (isFlushed) await flush();
}

/** Rows that a receiver lacks, and how many it has with another value. */
export interface LackingRows {
  readonly series: readonly SeriesRows[];
  readonly differing: number;
}

/** VictoriaMetrics keeps twelve significant digits, about (FLOAT in lib/decimal). */
const roundingRatio = 1e-11;

/** Whether a receiver keeps a value, as far as its digits go. */
export function isSameValue(found: number, value: number): boolean {
  return Math.abs(found - value) <= roundingRatio * Math.abs(value);
}

/** The rows that are not present. With `isAscending`, an unknown row that a later one of its series forecloses is not wanted either. */
export function withoutPresent(
  all: readonly SeriesRows[],
  present: PresentRows,
  { isAscending }: { readonly isAscending: boolean },
): LackingRows {
  let differing = 0;
  const series = all.flatMap((one) => {
    const own = present.get(seriesKey(one));
    if (own === undefined) return [one];
    const foreclosedS = isAscending ? Math.max(...own.keys()) : Number.NEGATIVE_INFINITY;
    const wanted = Uint8Array.from(one.values, (value, i) => {
      const timeS = one.firstS + i * one.rowS;
      if (!isWanted(one, i)) return 0;
      if (Number.isNaN(value)) return timeS > foreclosedS ? 1 : 0;
      const known = own.get(timeS);
      if (known === undefined) return 1;
      if (!isSameValue(known, value)) differing += 1;
      return 0;
    });
    return wanted.includes(1) ? [{ ...one, wanted }] : [];
  });
  return { series, differing };
}
