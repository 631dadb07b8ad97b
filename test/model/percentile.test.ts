import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile95, rankOf95, trafficPercentiles } from '../../src/model/percentile.js';
import { formatMonth, monthOf, monthStartS } from '../../src/model/time/month.js';

describe('the 95th percentile', () => {
  test.each([
    [1, 1],
    [19, 19],
    [20, 19],
    [21, 20],
    [100, 95],
    [220, 209],
    [8640, 8208],
    [8928, 8482],
  ])('of %i values has rank %i', (count, rank) => {
    expect(rankOf95(count)).toBe(rank);
  });

  test('is the value of that rank among the known ones, in any order', () => {
    const value = fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: 0, max: 30 }),
      fc.double({ min: 0, max: 1e12, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), (values) => {
        const known = values.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
        const rank = Math.ceil((95 * known.length) / 100);
        expect(percentile95(Float64Array.from(values))).toEqual({
          value: known[rank - 1] ?? Number.NaN,
          rows: known.length,
        });
      }),
    );
  });

  test('of the larger direction or of the sum uses each row in which both are known', () => {
    const [inBytes, outBytes] = [Float64Array.of(1, 9, Number.NaN, 5), Float64Array.of(8, 2, 100, Number.NaN)];
    expect(trafficPercentiles(inBytes, outBytes)).toEqual({
      in: { value: 9, rows: 3 },
      out: { value: 100, rows: 3 },
      larger: { value: 9, rows: 2 },
      sum: { value: 11, rows: 2 },
    });
  });
});

describe('a month', () => {
  test.each([
    ['2023-12', 1_701_388_800, 1_704_067_200],
    ['2024-02', 1_706_745_600, 1_709_251_200],
  ])('%s starts and ends in UTC', (text, startS, endS) => {
    const month = monthOf(startS);
    expect([formatMonth(month), monthStartS(month), monthStartS(month + 1)]).toEqual([text, startS, endS]);
    expect([monthOf(endS - 1), monthOf(endS)]).toEqual([month, month + 1]);
  });
});
