// An engine in memory that answers the questions of an `EngineSource`: selectors over a span, and last_over_time() of them.

import { type EngineRequest, PassingError } from '../../../src/engine/connection/http.js';
import type { QueryGround } from '../../../src/engine/query/query.js';
import type { Label } from '../../../src/engine/series/row-series.js';
import type { Sample } from '../../../src/engine/series/sample.js';

/** An engine; samples are added by series. */
export interface FakeEngine extends QueryGround {
  readonly add: (labels: readonly Label[], samples: readonly (readonly [timeS: number, value: number])[]) => void;
  readonly addAll: (samples: readonly Sample[]) => void;
  /** The selectors of the questions so far. */
  readonly asked: readonly string[];
  /** Fails from now on with this message; null ends that. */
  readonly fail: (message: string | null) => void;
}

interface StoredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: [number, string][];
}

/** Creates it. */
export function createFakeEngine(): FakeEngine {
  const stored = new Map<string, StoredSeries>();
  const asked: string[] = [];
  let failure: string | null = null;
  const add: FakeEngine['add'] = (labels, samples) => {
    const key = JSON.stringify(labels);
    const series = stored.get(key) ?? { metric: Object.fromEntries(labels), values: [] };
    stored.set(key, series);
    for (const [timeS, value] of samples) series.values.push([timeS, String(value)]);
  };
  const send = async ({ url, body = '' }: EngineRequest) => {
    if (failure !== null) throw new PassingError(failure);
    if (url.pathname !== '/api/v1/query') return { status: 404, text: 'no such page', retryAfterS: 0 };
    const form = new URLSearchParams(String(body));
    const query = form.get('query') ?? '';
    asked.push(query);
    return {
      status: 200,
      text: JSON.stringify(answer(query, Number(form.get('time')), stored.values())),
      retryAfterS: 0,
    };
  };
  return {
    ...{ baseUrl: new URL('http://engine.example/'), send, add, asked },
    addAll: (samples) => {
      for (const { labels, timeS, value } of samples) add(labels, [[timeS, value]]);
    },
    fail: (message) => {
      failure = message;
    },
  };
}

function answer(query: string, timeS: number, stored: Iterable<StoredSeries>): object {
  const [, isLast, matchers = '', lengthS] = /^(last_over_time\()?\{(.*)\}\[(\d+)s\]\)?$/.exec(query) ?? [];
  if (lengthS === undefined) throw new Error(`unknown question: ${query}`);
  const isMatch = matcherOf(matchers);
  const found = [...stored].flatMap(({ metric, values }) => {
    if (!isMatch(metric)) return [];
    const within = values.filter(([atS]) => atS >= timeS - Number(lengthS) && atS <= timeS).sort(([a], [b]) => a - b);
    return within.length === 0 ? [] : [{ metric, values: within }];
  });
  if (isLast === undefined) return { status: 'success', data: { resultType: 'matrix', result: found } };
  const result = found.map(({ metric, values }) => ({ metric, value: [timeS, values.at(-1)?.[1]] }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

function matcherOf(text: string): (metric: StoredSeries['metric']) => boolean {
  const tests = [...text.matchAll(/(\w+)(=~|!=|=)("(?:[^"\\]|\\.)*")/g)].map(([, label = '', how, quoted = '""']) => {
    const value = JSON.parse(quoted) as string;
    const pattern = new RegExp(`^(?:${value})$`);
    return ({ [label]: own = '' }: StoredSeries['metric']): boolean =>
      how === '=~' ? pattern.test(own) : (own === value) === (how === '=');
  });
  return (metric) => tests.every((one) => one(metric));
}
