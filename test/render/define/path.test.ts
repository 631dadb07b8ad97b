import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linePath } from '../../../src/render/define/path.js';

const nan = Number.NaN;
const span = { startS: 0, endS: 600 };

function pointsOf(values: number[], columns: number): [number, number][] {
  const path = linePath({ startS: 0, stepS: 600 / values.length, values: Float64Array.from(values) }, span, columns);
  return Array.from(path.timesS, (timeS, index) => [timeS, path.values[index] ?? 0]);
}

describe('the line of rows', () => {
  test('holds each value for its whole row', () => {
    expect(pointsOf([1, 2], 100)).toEqual([
      [0, 1],
      [300, 1],
      [600, 2],
    ]);
  });

  test('breaks exactly at unknown rows, and resumes at known ones', () => {
    expect(pointsOf([1, nan, nan, 4], 100)).toEqual([
      [0, 1],
      [150, 1],
      [300, nan],
      [450, 4],
      [600, 4],
    ]);
  });

  test('shows a single known row between unknown ones', () => {
    expect(pointsOf([nan, 5, nan], 60).filter(([, value]) => value === 5)).toEqual([
      [200, 5],
      [400, 5],
    ]);
  });

  test('is empty if nothing is known', () => {
    expect(pointsOf([nan, nan], 100)).toEqual([]);
    expect(pointsOf(new Array(500).fill(nan), 100)).toEqual([]);
  });

  test('has its steps on pixel columns, at most half a column off', () => {
    for (const [timeS] of pointsOf([1, 2, 3, 4, 5, 6, 7], 60)) expect(timeS % 10).toBeCloseTo(0);
  });
});

describe('more rows than pixel columns', () => {
  const value = fc.oneof({ weight: 6, arbitrary: fc.double({ min: 0, max: 1e9, noNaN: true }) }, fc.constant(nan));

  test('each column keeps its minimum and maximum, and adds no values', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 21, maxLength: 400 }),
        fc.integer({ min: 1, max: 20 }),
        (values, columns) => {
          const columnS = 600 / columns;
          const rowS = 600 / values.length;
          const points = pointsOf(values, columns).filter(([timeS]) => Math.abs((timeS / columnS) % 1) - 0.5 < 1e-6);
          for (let column = 0; column < columns; column++) {
            const inColumn = values.filter((one, row) => {
              const middleS = (row + 0.5) * rowS;
              return middleS >= column * columnS && middleS < (column + 1) * columnS && !Number.isNaN(one);
            });
            const drawn = points
              .filter(([timeS]) => Math.abs(timeS - (column + 0.5) * columnS) < columnS * 1e-6)
              .map(([, one]) => one);
            if (inColumn.length === 0) {
              expect(drawn).toEqual([]);
              continue;
            }
            expect(Math.max(...drawn)).toBe(Math.max(...inColumn));
            expect(Math.min(...drawn)).toBe(Math.min(...inColumn));
            expect(drawn.length).toBeLessThanOrEqual(4);
          }
        },
      ),
    );
  });

  test('a column without a known row is a gap', () => {
    const values = Array.from({ length: 100 }, (_, row) => (row >= 40 && row < 60 ? nan : 1));
    const points = pointsOf(values, 10);
    expect(points.some(([, one]) => Number.isNaN(one))).toBe(true);
    expect(points.filter(([timeS]) => timeS > 240 && timeS < 360)).toEqual([]);
  });
});
