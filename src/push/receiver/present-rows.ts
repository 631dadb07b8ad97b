// Which rows a receiver has already: by an instant query over a span, whose answer has the samples themselves. It is asked before rows are sent
// whose fate is unknown: a receiver may have stored a request whose answer was lost, and VictoriaMetrics stores a second copy of a sample
// without a word. https://prometheus.io/docs/prometheus/latest/querying/api/

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject } from '../../files/json-object.js';
import type { CursorSpan } from '../cursor/cursor.js';
import { metricPrefix } from '../series/metric-names.js';
import { isWanted, rowLabel, type SeriesRows, seriesKey, seriesOfLabels } from '../series/row-series.js';
import { PassingError, type SendRequest } from './http.js';

/** Values of rows by time, by the key of their series; unknown rows are not among them. */
export type PresentRows = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** A receiver to ask. */
export interface QueryGround {
  readonly baseUrl: URL;
  readonly send: SendRequest;
  readonly director: string;
}

const mostBytes = 2 ** 27;

/** Characters of names in a query; VictoriaMetrics takes 16 kB (-search.maxQueryLen). */
const mostNamesLength = 8000;

/** The rows of these series that the receiver has; all of them have the same times. Throws a `PassingError`. */
export async function readPresent(series: readonly SeriesRows[], ground: QueryGround): Promise<PresentRows> {
  const [first] = series;
  if (first === undefined) return new Map();
  const present = new Map<string, ReadonlyMap<number, number>>();
  const names = new Set(series.map(({ archive }) => archive));
  for (const pattern of patternsOf(names)) {
    for (const [key, rows] of await ask(pattern, first, ground)) present.set(key, rows);
  }
  return present;
}

/** Patterns that match some names together. */
function patternsOf(names: Iterable<string>): readonly string[] {
  const patterns: string[] = [];
  for (const name of names) {
    const own = escapedPattern(name);
    const last = patterns.at(-1);
    if (last === undefined || last.length + own.length >= mostNamesLength) patterns.push(own);
    else patterns[patterns.length - 1] = `${last}|${own}`;
  }
  return patterns;
}

async function ask(
  archives: string,
  { rowS, firstS, cf, values }: SeriesRows,
  { baseUrl, send, director }: QueryGround,
): Promise<PresentRows> {
  const matchers = [
    ...matchersOf(director),
    `row=${quoted(rowLabel(rowS))}`,
    `cf=${quoted(cf ?? '')}`,
    `archive=~${quoted(archives)}`,
  ];
  const query = `{${matchers.join(',')}}[${values.length * rowS}s]`;
  const time = String(firstS + (values.length - 1) * rowS);
  return parseMatrix(await answerOf({ query, time }, { baseUrl, send }), director);
}

/** Whether the receiver has any row of an archive in a span. Throws a `PassingError`. */
export async function hasRows(
  archive: string,
  { fromS, toS }: CursorSpan,
  { director, ...ground }: QueryGround,
): Promise<boolean> {
  const matchers = [...matchersOf(director), `archive=${quoted(archive)}`];
  const query = `count(last_over_time({${matchers.join(',')}}[${Math.max(1, toS - fromS)}s]))`;
  const results = resultsOf(await answerOf({ query, time: String(toS) }, ground), 'vector');
  if (results === null) throw new PassingError('answers a query with something other than a number');
  return results.length > 0;
}

/**
 * Selects the rows of a director. No row has the label `asked`: it makes each question another one, because VictoriaMetrics answers the same question
 * from a cache, without series that are newer than ten seconds (mergeset.Table.flushCallback), `nocache` or not.
 */
function matchersOf(director: string): readonly string[] {
  return [`__name__=~${quoted(`${metricPrefix}.+`)}`, `director=${quoted(director)}`, `asked!=${quoted(randomUUID())}`];
}

async function answerOf(
  question: Readonly<Record<string, string>>,
  { baseUrl, send }: Pick<QueryGround, 'baseUrl' | 'send'>,
): Promise<string> {
  const body = new URLSearchParams({ ...question, nocache: '1' }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const { status, text } = await send({ url: new URL('api/v1/query', baseUrl), body, headers, mostBytes });
  if (status !== 200) throw new PassingError(`answers a query with ${status}: ${text.slice(0, 200).trim()}`);
  return text;
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
      if (Math.abs(known - value) > roundingRatio * Math.abs(value)) differing += 1;
      return 0;
    });
    return wanted.includes(1) ? [{ ...one, wanted }] : [];
  });
  return { series, differing };
}

function parseMatrix(text: string, director: string): PresentRows {
  const results = resultsOf(text, 'matrix');
  if (results === null || !results.every(isSeries))
    throw new PassingError('answers a query with something other than rows');
  const present = new Map<string, Map<number, number>>();
  for (const { metric, values } of results) {
    const series = seriesOfLabels(metric, director);
    if (series === null) continue;
    const key = seriesKey(series);
    const times = present.get(key) ?? new Map<number, number>();
    present.set(key, times);
    for (const [timeS, value] of values) if (value !== 'NaN') times.set(timeS, Number(value));
  }
  return present;
}

interface MatrixSeries {
  readonly metric: Readonly<Record<string, unknown>>;
  readonly values: readonly (readonly [timeS: number, value: string])[];
}

/** The results of an answer; null if it is of another form. */
function resultsOf(text: string, type: 'matrix' | 'vector'): readonly unknown[] | null {
  const read = parseJson(text);
  if (!isObject(read) || read['status'] !== 'success' || !isObject(read['data'])) return null;
  const { resultType, result } = read['data'];
  return resultType === type && Array.isArray(result) ? result : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isSeries(value: unknown): value is MatrixSeries {
  if (typeof value !== 'object' || value === null || !('metric' in value) || !('values' in value)) return false;
  const { metric, values } = value;
  return typeof metric === 'object' && metric !== null && Array.isArray(values) && values.every(isPoint);
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function escapedPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
