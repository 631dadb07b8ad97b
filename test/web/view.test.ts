// The address of a view: parsed, formatted and rejected.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphTypes } from '../../src/render/define/graph-request.js';
import { RequestError } from '../../src/web/request-error.js';
import { parseView, sorts, tops, type View, viewQuery } from '../../src/web/view.js';

const nowS = 1_795_271_760;

const views: fc.Arbitrary<View> = fc.record({
  stretch: fc.oneof(
    fc.record({ kind: fc.constant('period' as const), period: fc.constantFrom('day', 'week', 'month', 'year') }),
    fc
      .record({
        startS: fc.integer({ min: 1_700_000_000, max: nowS - 600 }),
        lengthS: fc.integer({ min: 600, max: 9e7 }),
      })
      .map(({ startS, lengthS }) => ({ kind: 'range' as const, startS, untilS: startS + lengthS })),
  ) as fc.Arbitrary<View['stretch']>,
  graphType: fc.constantFrom(...graphTypes),
  search: fc.string({ maxLength: 100 }),
  sort: fc.constantFrom(...sorts),
  top: fc.constantFrom(...tops),
  isShare: fc.boolean(),
  isKiosk: fc.boolean(),
});

describe('a view', () => {
  test('is determined by its address alone', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(parseView(viewQuery(view), nowS)).toEqual(view);
      }),
    );
  });

  test('is a day of traffic by default, the busiest services first', () => {
    const view = parseView('', nowS);
    expect(view).toMatchObject({ stretch: { kind: 'period', period: 'day' }, graphType: 'traffic', sort: 'busiest' });
    expect(viewQuery(view)).toBe('');
  });

  test.each([
    ['3h', 3 * 3600],
    ['90min', 90 * 60],
    ['7d', 7 * 86_400],
  ])('with an age of %s stays as it is written, and rolls on', (age, lengthS) => {
    const view = parseView(`?since=${age}`, nowS);
    expect(view.stretch).toEqual({ kind: 'range', startS: nowS - lengthS, untilS: nowS, age });
    expect(viewQuery(view)).toBe(`?since=${age}`);
  });

  test.each<readonly [query: string, startS: number, untilS: number]>([
    ['?since=1795000000', 1_795_000_000, nowS],
    ['?since=1795000000&until=1795003600', 1_795_000_000, 1_795_003_600],
    ['?since=2h&until=1795003600', 1_795_003_600 - 7200, 1_795_003_600],
  ])('with %s is from %i to %i', (query, startS, untilS) => {
    expect(parseView(query, nowS).stretch).toEqual({ kind: 'range', startS, untilS });
  });

  test.each<readonly [query: string, message: string]>([
    ['?period=century', '"period" cannot be "century": choose one of day, week, month, year'],
    ['?graph_type=speed', '"graph_type" cannot be "speed": choose one of traffic, cps'],
    ['?sort=best', 'choose one of busiest, name, growing'],
    ['?top=21', 'choose one of 20, 50, 100, all'],
    ['?period=day&period=week', '"period" occurs 2 times'],
    ['?until=now', '"until" needs "since"'],
    ['?since=yesterday', 'since: "yesterday" is not a time'],
    ['?since=now', 'at least 10 minutes before'],
    ['?since=0', 'over ten years'],
    ['?since=1795003600&until=1795000000', 'at least 10 minutes before'],
    ['?since=end-1d&until=now%2B9999999999y', 'until: "now+9999999999y" is outside the years 1 to 9999'],
    ['?since=now-9999999999y', 'since: "now-9999999999y" is outside the years'],
    ['?since=99999y', 'is outside the years'],
    ['?since=99999999y', 'is not a time'],
    ['?since=1e99', 'is not a time'],
    ['?since=-1', 'is not a time'],
    ['?since=1900-01-01&until=1905-01-01', 'is before 1970'],
    ['?since=now&until=200y', 'is before 1970'],
    [`?q=${'a'.repeat(301)}`, 'has 301 characters'],
    ['?q=a%00b', 'control characters'],
    ['?q=a%C2%9Bb', 'control characters'],
  ])('with %s is rejected', (query, message) => {
    expect(() => parseView(query, nowS)).toThrow(RequestError);
    expect(() => parseView(query, nowS)).toThrow(message);
  });
});
