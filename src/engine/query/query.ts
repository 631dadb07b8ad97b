// Questions to an engine by Prometheus' query API. An instant query over a span returns the samples themselves, with their own times.
// https://prometheus.io/docs/prometheus/latest/querying/api/

import { isObject } from '../../files/json-object.js';
import { PassingError, type SendRequest } from '../connection/http.js';

/** An engine to ask: the root of its query API. */
export interface QueryGround {
  readonly baseUrl: URL;
  readonly send: SendRequest;
}

/** The samples of a series: time in seconds, and value. An unknown row is NaN, or no sample. */
export interface Samples {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly samples: readonly (readonly [timeS: number, value: number])[];
}

const mostBytes = 2 ** 27;

/** The samples of an instant query whose answer is a matrix, at a time in seconds. Throws a `PassingError`. */
export async function querySamples(query: string, timeS: number, ground: QueryGround): Promise<readonly Samples[]> {
  const results = resultsOf(await answerOf({ query, time: String(timeS) }, ground), 'matrix');
  if (results === null || !results.every(isSeries))
    throw new PassingError('answers a query with something other than rows');
  return results.map(toSamples);
}

/**
 * The samples of series from a time up to another one, both included. Asks for a second more on both sides: VictoriaMetrics leaves out the start, and
 * looks up series by the days before the end, so that it would not find one whose first sample of a day is that of midnight. Throws a `PassingError`.
 */
export async function querySpan(
  series: string,
  { startS, endS }: { readonly startS: number; readonly endS: number },
  ground: QueryGround,
): Promise<readonly Samples[]> {
  const found = await querySamples(`${series}[${endS + 2 - startS}s]`, endS + 1, ground);
  return found.map(({ labels, samples }) => ({
    labels,
    samples: samples.filter(([timeS]) => timeS >= startS && timeS <= endS),
  }));
}

/** The values of an instant query whose answer is a vector, at a time in seconds. Throws a `PassingError`. */
export async function queryValues(
  query: string,
  timeS: number,
  ground: QueryGround,
): Promise<readonly { readonly labels: Samples['labels']; readonly value: number }[]> {
  const results = resultsOf(await answerOf({ query, time: String(timeS) }, ground), 'vector');
  if (results === null || !results.every(isSingle))
    throw new PassingError('answers a query with something other than numbers');
  return results.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The times of a range query, seconds. */
export interface QueryTimes {
  readonly firstS: number;
  readonly lastS: number;
  readonly stepS: number;
}

/** The values of a query at each of some times. An unknown one is no sample. Throws a `PassingError`. */
export async function queryTimes(
  query: string,
  { firstS, lastS, stepS }: QueryTimes,
  ground: QueryGround,
): Promise<readonly Samples[]> {
  const range = { start: String(firstS), end: String(lastS), step: String(stepS) };
  const results = resultsOf(await answerOf({ query, ...range }, ground, 'query_range'), 'matrix');
  if (results === null || !results.every(isSeries))
    throw new PassingError('answers a query over a range with something other than rows');
  return results.map(toSamples);
}

function toSamples({ metric, values }: SeriesResult): Samples {
  return { labels: metric, samples: values.map(([atS, value]) => [atS, Number(value)] as const) };
}

async function answerOf(
  question: Readonly<Record<string, string>>,
  { baseUrl, send }: QueryGround,
  path: 'query' | 'query_range' = 'query',
): Promise<string> {
  const body = new URLSearchParams({ ...question, nocache: '1' }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const { status, text } = await send({ url: new URL(`api/v1/${path}`, baseUrl), body, headers, mostBytes });
  if (status !== 200) throw new PassingError(`answers a query with ${status}: ${text.slice(0, 200).trim()}`);
  return text;
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

type Point = readonly [timeS: number, value: string];

interface SeriesResult {
  readonly metric: Samples['labels'];
  readonly values: readonly Point[];
}

function isSeries(value: unknown): value is SeriesResult {
  if (!isObject(value)) return false;
  const { metric, values } = value;
  return isObject(metric) && Array.isArray(values) && values.every(isPoint);
}

function isSingle(value: unknown): value is { readonly metric: Samples['labels']; readonly value: Point } {
  return isObject(value) && isObject(value['metric']) && isPoint(value['value']);
}

function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}
