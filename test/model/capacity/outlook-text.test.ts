// Outlooks in words.

import { describe, expect, test } from 'vitest';
import { outlookText, trendText } from '../../../src/model/capacity/outlook-text.js';
import { spareText } from '../../../src/model/capacity/spare.js';
import type { Trend } from '../../../src/model/capacity/trend.js';

const dateOf = (timeS: number) => {
  const date = new Date(timeS * 1000).toISOString();
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), date: date.slice(0, 10) };
};
const words = { measure: 'bitsPerS', limit: '10 Gbit/s', dateOf } as const;
const line = (slope: number, level = 100) => ({ slope, level });
const trend: Trend = { ...line(1), low: line(0.5), high: line(2), weeks: 40 };
const at = (text: string): number => Date.parse(`${text}T12:00:00Z`) / 1000;

describe('an outlook', () => {
  test.each([
    [
      { kind: 'reaches', fromS: at('2027-03-02'), toS: at('2027-05-20') } as const,
      'traffic reaches 10 Gbit/s between March and May 2027, by the trend of 40 weekly peaks',
    ],
    [
      { kind: 'reaches', fromS: at('2026-12-02'), toS: at('2027-01-20') } as const,
      'traffic reaches 10 Gbit/s between December 2026 and January 2027, by the trend of 40 weekly peaks',
    ],
    [
      { kind: 'reaches', fromS: at('2027-03-02'), toS: at('2027-03-20') } as const,
      'traffic reaches 10 Gbit/s in March 2027, by the trend of 40 weekly peaks',
    ],
    [
      { kind: 'may-reach', fromS: at('2027-03-02') } as const,
      'traffic may reach 10 Gbit/s from March 2027 on, or not within two years, by the trend of 40 weekly peaks',
    ],
    [
      { kind: 'not-soon' } as const,
      'traffic does not reach 10 Gbit/s within two years, by the trend of 40 weekly peaks',
    ],
    [
      { kind: 'reached', atS: at('2026-11-20') } as const,
      'traffic reached 10 Gbit/s, first in the week up to 2026-11-20',
    ],
  ])('%o', (outlook, text) => {
    expect(outlookText(outlook, trend, words)).toBe(text);
  });

  test('says how much history is needed', () => {
    expect(outlookText({ kind: 'too-little', weeks: 5 }, null, words)).toBe(
      'traffic: too little history to say when it reaches 10 Gbit/s: 5 of at least 12 weeks are known',
    );
  });
});

describe('a trend', () => {
  test('is in percent a month, with its band', () => {
    expect(trendText(trend, 'bitsPerS')).toBe(
      'weekly peaks of traffic grow by 4.3 % a month (2.2 % to 8.7 %), over 40 weeks',
    );
    const falling = { ...line(-1), low: line(-2), high: line(-0.5), weeks: 40 };
    expect(trendText(falling, 'bitsPerS')).toBe(
      'weekly peaks of traffic fall by 4.3 % a month (2.2 % to 8.7 %), over 40 weeks',
    );
  });

  test('is not clear if its band includes none', () => {
    expect(trendText({ ...trend, low: line(-0.1) }, 'bitsPerS')).toBe(
      'weekly peaks of traffic: no clear trend in 40 weeks',
    );
    expect(trendText(null, 'bitsPerS')).toBeNull();
  });
});

test('a spare names the real server, the peak and the load', () => {
  const spare = { kind: 'shared', busiest: 'x', worst: 'y', part: 1.333, servers: 4, total: 10 } as const;
  const in30Days = { nameOf: (name: string) => name, atPeak: '2026-11-20 20:35' };
  expect(spareText(spare, in30Days)).toBe(
    'if x had died at the peak of the last 30 days (2026-11-20 20:35), each other would have had up to 133 % of the most it ever held',
  );
  expect(spareText({ ...spare, servers: 2 }, in30Days)).toContain('the other would have had 133 %');
});
