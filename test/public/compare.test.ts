import { describe, expect, test } from 'vitest';
import { agoIn, withCompared } from '../../public/page/switch/compare.js';

test.each([
  ['', '1w'],
  ['?period=week', '1w'],
  ['?compare=4w', '4w'],
  ['?compare=1d&period=week', '1d'],
  ['?compare=none', null],
  ['?compare=3y', '1w'],
])('the query "%s" compares with %s', (query, ago) => {
  expect(agoIn(query)).toBe(ago);
});

describe('the address of a download', () => {
  test.each([
    ['/graphs/day/a-cps.png', '1w', '/graphs/day/a-cps.png?compare=1w'],
    ['/graphs/day/a-cps.png?compare=1w', null, '/graphs/day/a-cps.png'],
    ['/graphs/span/a-cps.png?since=1&until=2', '1d', '/graphs/span/a-cps.png?since=1&until=2&compare=1d'],
    ['/api/series.csv?name=a&type=cps', '1w', '/api/series.csv?name=a&type=cps'],
    ['/service/a?q=x.png', '1w', '/service/a?q=x.png'],
  ] as const)('%s with %s is %s', (address, ago, expected) => {
    expect(withCompared(address, ago)).toBe(expected);
  });
});
