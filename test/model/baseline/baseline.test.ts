// The baseline of an hour: the expected values are worked out by hand.

import { describe, expect, test } from 'vitest';
import { baselineOf, byRate, hourOf, isTooNew } from '../../../src/model/baseline/baseline.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';

const nan = Number.NaN;

describe('the baseline of an hour', () => {
  test.each<[string, readonly (readonly number[])[], { median: number; spread: number; weeks: number }]>([
    ['four equal weeks', [[5], [5], [5], [5]], { median: 5, spread: 0, weeks: 4 }],
    ['two weeks: between them', [[10], [30]], { median: 20, spread: 1.4826 * 10, weeks: 2 }],
    ['one week', [[1, 2, 3, 4]], { median: 2.5, spread: 1.4826, weeks: 1 }],
    // Medians 2, 4, 6 and 8: 5. Distances of the rows from 5: 3; 1; 1; 3.
    [
      'four weeks',
      [
        [1, 2, 3],
        [3, 4, 5],
        [5, 6, 7],
        [7, 8, 9],
      ],
      { median: 5, spread: 1.4826 * 2, weeks: 4 },
    ],
    [
      'an odd week beside two',
      [
        [10, 12],
        [9000, 0.5],
        [11, 13],
      ],
      { median: 12, spread: 1.4826, weeks: 3 },
    ],
    [
      'an outage beside three',
      [
        [10, 10],
        [0, 0],
        [12, 12],
        [14, 14],
      ],
      { median: 11, spread: 1.4826 * 2, weeks: 4 },
    ],
    [
      'a flood beside three',
      [
        [10, 10],
        [1e9, 1e9],
        [12, 12],
        [14, 14],
      ],
      { median: 13, spread: 1.4826 * 2, weeks: 4 },
    ],
    [
      'unknown rows',
      [
        [nan, 4, 4, nan],
        [6, nan, 6, 6],
      ],
      { median: 5, spread: 1.4826, weeks: 2 },
    ],
    ['a week known for less than half', [[4], [6], [nan, nan, 900]], { median: 5, spread: 1.4826, weeks: 2 }],
    ['no week', [], { median: nan, spread: nan, weeks: 0 }],
    ['nothing known', [[nan, nan], []], { median: nan, spread: nan, weeks: 0 }],
    [
      'no traffic',
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      { median: 0, spread: 0, weeks: 3 },
    ],
  ])('%s', (_, weeks, expected) => {
    expect(baselineOf(weeks.map((rows) => Float64Array.from(rows)))).toEqual(expected);
  });

  test('leaves the rows as they are', () => {
    const rows = Float64Array.of(3, 1, 2);
    baselineOf([rows]);
    expect([...rows]).toEqual([3, 1, 2]);
  });

  test('does not leave the range of the ordinary weeks, whatever one week of four has', () => {
    const random = randomFrom(seed);
    for (let i = 0; i < 200; i += 1) {
      const week = (scale: number) => Float64Array.from({ length: 12 }, () => scale * (1 + random()));
      const ordinary = [week(100), week(100), week(100)];
      const { median, spread } = baselineOf([...ordinary, week(10 ** (8 * random()) - 1)]);
      expect(median).toBeGreaterThanOrEqual(100);
      expect(median).toBeLessThanOrEqual(200);
      expect(spread).toBeLessThanOrEqual(1.4826 * 100);
    }
  });

  test('is that of each rate in the order of the columns', () => {
    const hour = byRate((_, number) => ({ median: number, spread: 0, weeks: 4 }));
    const medians = Object.entries(hour).map(([rate, { median }]) => [rate, median]);
    expect(medians).toEqual([
      ['Conns', 0],
      ['InPkts', 1],
      ['OutPkts', 2],
      ['InBytes', 3],
      ['OutBytes', 4],
    ]);
  });
});

test('fewer than two weeks are too new', () => {
  expect([0, 1, 2, 4].map((weeks) => isTooNew({ weeks }))).toEqual([true, true, false, false]);
});

test('a row belongs to the hour that it ends', () => {
  expect([1, 3600, 3601, 7200].map(hourOf)).toEqual([0, 0, 1, 1]);
});
