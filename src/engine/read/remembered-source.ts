// A source that gives its last answers again while the engine does not answer, or not soon: pages that were looked at stay readable. Whoever shows them says
// since when the engine fails.

import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../model/user-error.js';
import { PassingError } from '../connection/http.js';
import type { EngineSource } from './engine-source.js';

/** The bounds and the name of a memory. */
export interface MemoryGround {
  /** The engine's address, for messages. */
  readonly engine: string;
  /** Bytes of answers that are kept, about. */
  readonly mostBytes: number;
  /** Whether the engine is known to fail: then it is not asked. */
  readonly isFailing: () => boolean;
  /** Milliseconds to wait for an engine where there is an earlier answer. */
  readonly patienceMs?: number;
}

interface Answer {
  readonly bytes: number;
  readonly value: unknown;
}

/** The source with a memory. Throws a `UserError`, `engine-failed`, for questions that it cannot answer from there. */
export function rememberAnswers(
  source: EngineSource,
  { engine, mostBytes, isFailing, patienceMs = 3000 }: MemoryGround,
): EngineSource {
  const answers = new Map<string, Answer>();
  let bytes = 0;
  const forget = (key: string): void => {
    bytes -= answers.get(key)?.bytes ?? 0;
    answers.delete(key);
  };
  const keep = (key: string, value: unknown): void => {
    forget(key);
    const own = sizeOf(value);
    if (own > mostBytes) return;
    answers.set(key, { bytes: own, value });
    bytes += own;
    // The oldest answers come first.
    for (const oldest of answers.keys()) {
      if (bytes <= mostBytes) break;
      forget(oldest);
    }
  };
  const remembering =
    <Q, A>(verb: string, ask: (query: Q) => Promise<A>) =>
    async (query: Q): Promise<A> => {
      const key = JSON.stringify([verb, query]);
      const known = answers.get(key);
      if (isFailing()) {
        if (known === undefined) throw engineFailed(engine, new PassingError('does not answer'));
        return known.value as A;
      }
      const answer = ask(query).then((value) => {
        keep(key, value);
        return value;
      });
      try {
        return known === undefined ? await answer : await soonOr(known.value as A, answer, patienceMs);
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        if (known === undefined) throw engineFailed(engine, error);
        return known.value as A;
      }
    };
  return {
    list: remembering('list', () => source.list()),
    fetch: remembering('fetch', (query) => source.fetch(query)),
    fetchBoth: remembering('fetchBoth', (query) => source.fetchBoth(query)),
    fetchMany: remembering('fetchMany', (query) => source.fetchMany(query)),
    events: remembering('events', (query) => source.events(query)),
    percentiles: remembering('percentiles', (query) => source.percentiles(query)),
    summing: {
      totals: remembering('totals', (query) => source.summing.totals(query)),
      sums: remembering('sums', (query) => source.summing.sums(query)),
      means: remembering('means', (query) => source.summing.means(query)),
    },
  } as EngineSource;
}

/** The error of an engine that does not answer, or not as expected. */
export function engineFailed(engine: string, error: PassingError): UserError {
  const how = 'check that it runs, and the address, the login and the certificates of --from';
  return new UserError('engine-failed', `the engine ${engine} ${error.message}: ${how}`, { cause: error });
}

/** An answer, or another one if it takes too long; its failure then concerns nobody. */
async function soonOr<A>(other: A, answer: Promise<A>, ms: number): Promise<A> {
  const ending = new AbortController();
  const late = pause(ms, other, { signal: ending.signal }).catch(() => other);
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    ending.abort();
  }
}

/** Bytes of an answer in memory, about: those of its numbers, and some for each object and text. */
function sizeOf(value: unknown): number {
  if (value instanceof Float64Array) return value.byteLength + 100;
  if (typeof value === 'string') return value.length + 20;
  if (typeof value !== 'object' || value === null) return 8;
  if (value instanceof Map) return [...value].reduce((sum, entry) => sum + sizeOf(entry), 50);
  return Object.values(value).reduce((sum: number, one: unknown) => sum + sizeOf(one), 50);
}
