import { describe, expect, test } from 'vitest';
import { drainFrom } from '../../src/model/drain.js';

describe('a real server of weight 0', () => {
  test('that loses ten connections in each five minutes is empty when its last are gone', () => {
    expect(drainFrom(Float64Array.of(60, 50, 40, 30), 300)).toEqual({ kind: 'draining', leftS: 900 });
  });

  test('with a row unknown is judged by the others', () => {
    const drain = drainFrom(Float64Array.of(60, Number.NaN, 40, 30), 300);
    expect(drain).toEqual({ kind: 'draining', leftS: expect.closeTo(900) });
  });

  test.each([
    ['whose connections stay', [40, 40, 40, 40], 'standing'],
    ['whose connections become more', [40, 41, 44, 50], 'standing'],
    ['that loses one of a thousand an hour', [1000, 1000, 1000, 999], 'standing'],
    ['without a connection', [3, 1, 0, 0], 'empty'],
    ['of which nothing is known', [Number.NaN, Number.NaN], 'unknown'],
    ['of which one row is known', [Number.NaN, 5], 'standing'],
  ])('%s is told as such', (_, values, kind) => {
    expect(drainFrom(Float64Array.from(values), 300).kind).toBe(kind);
  });
});
