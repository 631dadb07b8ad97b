// A span as people write it: two times, either of which may be relative to the other.

import { UserError } from '../user-error.js';
import { parseTime } from './parse-time.js';

/** Start and end, epoch seconds. */
export interface ParsedSpan {
  readonly startS: number;
  readonly untilS: number;
}

/**
 * The span of `--since` and `--until`, which defaults to `nowS`. An age counts from the end; `now` and the days of `midnight`
 * and `noon` count from `nowS`. Throws a `UserError` with code `bad-time`, also for an empty span.
 */
export function parseSpan(since: string, until: string | undefined, nowS: number): ParsedSpan {
  const span = endsOf(since, until, nowS);
  if (span.startS < span.untilS) return span;
  throw new UserError(
    'bad-time',
    `the span is empty: --since ${since} is not before --until ${until ?? 'the last reading'}`,
  );
}

function endsOf(since: string, until: string | undefined, nowS: number): ParsedSpan {
  if (until?.startsWith('start') === true) {
    const startS = parseTime(since, nowS);
    return { startS, untilS: parseTime(until, nowS, { startS }) };
  }
  const untilS = until === undefined ? nowS : parseTime(until, nowS);
  const isWord = /^[a-z]/.test(since);
  return { startS: parseTime(since, isWord ? nowS : untilS, { endS: untilS }), untilS };
}
