// The trend of weekly peaks against slopes that were worked out by hand, and the months in which it reaches a limit.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastWeeks, outlookOf, trendOf, type WeekPeaks, weekS } from '../../../src/model/capacity/trend.js';

const endS = 1_795_219_200;
const weeks = (count: number, peakOf: (week: number) => number): WeekPeaks => ({
  peaks: Float64Array.from({ length: count }, (_, week) => peakOf(week)),
  endS,
});
const outlook = (peaks: WeekPeaks, limit: number) => outlookOf(peaks, trendOf(peaks), limit);
/** Noise between -1 and 1, the same in each run. */
const noise = (week: number): number => ((week * 7919 + 13) % 101) / 50 - 1;

describe('the slope of weekly peaks', () => {
  test('is the median of the slopes of all pairs', () => {
    // Twelve weeks at 0, 1, …, 11 but for the eighth, 70 instead of 7: of the 66 pairs, the 55 without it have slope 1.
    const trend = trendOf(weeks(12, (week) => (week === 7 ? 70 : week)));
    expect(trend).toMatchObject({ slope: 1, level: 11, weeks: 12 });
  });

  test('has a band by the ranks of the pairs', () => {
    // Squares 0, 1, 4, …, 121: the slope of a pair i < j is i + j. Of the 66 sums, 1.645·√(12·11·29/18) = 23.99 lie within the
    // band, so its ends have the ranks 22 and 45; below and up to s ≤ 11 there are 1, 2, 4, 6, 9, 12, 16, 20, 25, 30, 36 sums.
    const trend = trendOf(weeks(12, (week) => week * week));
    expect([trend?.low.slope, trend?.slope, trend?.high.slope]).toEqual([9, 11, 13]);
  });

  test('is not moved by one odd week', () => {
    const calm = trendOf(weeks(26, (week) => 100 + 2 * week + noise(week)));
    const odd = trendOf(weeks(26, (week) => (week === 12 ? 900 : 100 + 2 * week + noise(week))));
    expect(calm?.slope).toBeCloseTo(2, 1);
    expect(odd?.slope).toBeCloseTo(2, 1);
    expect(odd?.level).toBeCloseTo(150, -0.5);
  });

  test('is that of the known weeks, at their own times', () => {
    const gaps = weeks(40, (week) => (week % 3 === 1 ? Number.NaN : 5 * week));
    expect(trendOf(gaps)).toMatchObject({ slope: 5, level: 195, weeks: 27 });
  });

  test('is unknown with fewer known weeks than needed', () => {
    expect(trendOf(weeks(40, (week) => (week < leastWeeks - 1 ? week : Number.NaN)))).toBeNull();
    expect(trendOf(weeks(leastWeeks, (week) => week))).not.toBeNull();
  });

  test('lies within its band, whatever the peaks are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 12, maxLength: 120 }), (all) => {
        const trend = trendOf({ peaks: Float64Array.from(all) });
        expect(trend?.low.slope).toBeLessThanOrEqual(trend?.slope ?? Number.NaN);
        expect(trend?.high.slope).toBeGreaterThanOrEqual(trend?.slope ?? Number.NaN);
      }),
    );
  });
});

test('the slope over more than a year compares weeks a year apart, so that a season is none', () => {
  const season = (week: number): number => 1000 + 400 * Math.sin((2 * Math.PI * (week + 5)) / 52);
  expect(trendOf(weeks(104, season))?.slope).toBeCloseTo(0, 6);
  expect(trendOf(weeks(80, (week) => season(week) + 4 * week))?.slope).toBeCloseTo(4, 6);
  // Fifty-two pairs, all but one of slope 3: the band by √52 leaves out the odd one.
  const odd = trendOf(weeks(104, (week) => (week === 90 ? 9000 : season(week) + 3 * week)));
  expect([odd?.low.slope, odd?.high.slope].map((slope) => slope?.toFixed(6))).toEqual(['3.000000', '3.000000']);
});

describe('the time at which peaks reach a limit', () => {
  test('is that of the line, if there is no noise', () => {
    // 100, 102, …, 150 now: 50 more take 25 weeks.
    const reached = endS + 25 * weekS;
    expect(
      outlook(
        weeks(26, (week) => 100 + 2 * week),
        200,
      ),
    ).toEqual({ kind: 'reaches', fromS: reached, toS: reached });
  });

  test('has a band around it if there is noise', () => {
    const found = outlook(
      weeks(52, (week) => 100 + 2 * week + 8 * noise(week)),
      302,
    );
    const trueS = endS + 50 * weekS;
    if (found.kind !== 'reaches') throw new TypeError(`found ${found.kind}`);
    expect(found.fromS).toBeLessThan(trueS);
    expect(found.toS).toBeGreaterThan(trueS);
    expect(found.toS - found.fromS).toBeLessThan(20 * weekS);
  });

  test('is not within two years if it is further away, or if peaks fall or stay', () => {
    expect(
      outlook(
        weeks(26, (week) => 100 + week),
        300,
      ),
    ).toEqual({ kind: 'not-soon' });
    expect(
      outlook(
        weeks(26, (week) => 100 + week),
        228,
      ).kind,
    ).toBe('reaches');
    expect(
      outlook(
        weeks(26, (week) => 200 - week),
        210,
      ),
    ).toEqual({ kind: 'not-soon' });
    expect(
      outlook(
        weeks(26, () => 200),
        210,
      ),
    ).toEqual({ kind: 'not-soon' });
  });

  test('is only a beginning if the flatter part of the band does not reach it within two years', () => {
    const found = outlook(
      weeks(14, (week) => 100 + week + 9 * noise(week)),
      170,
    );
    expect(found.kind).toBe('may-reach');
  });

  test('has passed if a peak of the last four weeks reached it, and says when first', () => {
    const peaks = weeks(30, (week) => (week === 20 || week === 28 ? 500 : 100));
    expect(outlook(peaks, 400)).toEqual({ kind: 'reached', atS: endS - 9 * weekS });
    const old = weeks(30, (week) => (week === 20 ? 500 : 100));
    expect(outlook(old, 400)).toEqual({ kind: 'not-soon' });
  });

  test('is unknown with too little history, which counts known weeks', () => {
    expect(
      outlook(
        weeks(9, (week) => (week === 3 ? Number.NaN : week)),
        400,
      ),
    ).toEqual({ kind: 'too-little', weeks: 8 });
  });

  test('does not come from a season, over two years that are whole', () => {
    const season = (week: number): number => 1000 + 400 * Math.sin((2 * Math.PI * week) / 52);
    expect(outlook(weeks(104, season), 1500)).toEqual({ kind: 'not-soon' });
    // With four more a week, the high weeks of the second year from now are the first to exceed 2000: the 62nd from now.
    const growing = outlook(
      weeks(104, (week) => season(week) + 4 * week),
      2000,
    );
    if (growing.kind !== 'may-reach' && growing.kind !== 'reaches') throw new TypeError(`found ${growing.kind}`);
    expect(growing.fromS).toBeGreaterThan(endS + 40 * weekS);
    expect(growing.fromS).toBeLessThan(endS + 65 * weekS);
  });
});
