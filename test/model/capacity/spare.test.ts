// N+1, against loads that were worked out by hand.

import { describe, expect, test } from 'vitest';
import { spareOf } from '../../../src/model/capacity/spare.js';

const server = (name: string, atPeak: number, most = atPeak) => ({ name, atPeak, most });

describe('the load on the others if the busiest real server had died', () => {
  test('is 133 % of the most for four equal ones at their most', () => {
    const four = ['a', 'b', 'c', 'd'].map((name) => server(name, 30));
    expect(spareOf(four)).toMatchObject({ kind: 'shared', servers: 4, total: 120, part: 40 / 30 });
  });

  test('follows the weights: what each took at the peak', () => {
    // 60 of 100 are dealt to 30 and 10: 75 and 25. Of the most, 50 and 20, that is 150 and 125 %.
    expect(spareOf([server('big', 60), server('middle', 30, 50), server('small', 10, 20)])).toEqual({
      kind: 'shared',
      busiest: 'big',
      worst: 'middle',
      part: 1.5,
      servers: 3,
      total: 100,
    });
  });

  test('leaves out real servers that took none, as at weight 0', () => {
    expect(spareOf([server('a', 10), server('b', 10), server('drained', 0, 50)])).toMatchObject({
      part: 2,
      servers: 2,
    });
  });

  test('cannot be dealt if a single one took all', () => {
    expect(spareOf([server('a', 10), server('drained', 0, 50)])).toEqual({ kind: 'alone', busiest: 'a', total: 10 });
  });

  test('is unknown if a part is, and without any connections', () => {
    expect(spareOf([server('a', 10), server('b', Number.NaN, 10)])).toBeNull();
    expect(spareOf([server('a', 10), server('b', 10, Number.NaN)])).toBeNull();
    expect(spareOf([server('a', 0)])).toBeNull();
    expect(spareOf([])).toBeNull();
  });
});
