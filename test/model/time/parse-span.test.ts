import { describe, expect, test } from 'vitest';
import { parseSpan } from '../../../src/model/time/parse-span.js';

const nowS = 1_763_700_000;

describe('a span on the command line', () => {
  test.each<readonly [since: string, until: string | undefined, startS: number, untilS: number]>([
    ['1d', undefined, nowS - 86_400, nowS],
    ['1d', '1763600000', 1_763_513_600, 1_763_600_000],
    ['end-1d', '1763600000', 1_763_513_600, 1_763_600_000],
    ['now-2d', 'now-1d', nowS - 2 * 86_400, nowS - 86_400],
    ['1763600000', 'start+1h', 1_763_600_000, 1_763_603_600],
  ])('accepts --since %s --until %s', (since, until, startS, untilS) => {
    expect(parseSpan(since, until, nowS)).toEqual({ startS, untilS });
  });

  test.each<readonly [since: string, until: string | undefined, message: string]>([
    ['now', undefined, '--since now is not before --until the last reading'],
    ['end', '1763600000', '--since end is not before --until 1763600000'],
    ['1763600000', 'start-1h', '--since 1763600000 is not before --until start-1h'],
    ['start', 'start+1d', '"start" is not a time'],
    ['end-1d', 'end', '"end" is not a time'],
  ])('rejects --since %s --until %s', (since, until, message) => {
    expect(() => parseSpan(since, until, nowS)).toThrow(message);
  });
});
