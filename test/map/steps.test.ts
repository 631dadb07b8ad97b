// Computations in steps.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish, type Steps, sortedInSteps } from '../../src/map/steps.js';

test('steps that are finished give their result, and throw what they throw', () => {
  function* sum(of: readonly number[]): Steps<number> {
    let all = 0;
    for (const one of of) {
      if (one < 0) throw new RangeError('it is negative');
      all += one;
      yield;
    }
    return all;
  }
  expect(finish(sum([1, 2, 3]))).toBe(6);
  expect(() => finish(sum([1, -2]))).toThrow('it is negative');
});

test('numbers are sorted as by one call, and those that are equal stay in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5000 }), { maxLength: 1500 }), (numbers) => {
      const compare = (a: number, b: number): number => (a % 97) - (b % 97);
      expect(finish(sortedInSteps(numbers, compare))).toEqual(numbers.toSorted(compare));
    }),
  );
});

test('a step of a sort compares a bounded number of times, however many numbers there are', () => {
  const mostIn = (count: number): number => {
    let [compared, most] = [0, 0];
    const numbers = Array.from({ length: count }, (_, i) => (i * 7919) % count);
    const compare = (a: number, b: number): number => {
      compared += 1;
      return a - b;
    };
    const steps = sortedInSteps(numbers, compare);
    while (steps.next().done !== true) {
      most = Math.max(most, compared);
      compared = 0;
    }
    return most;
  };
  expect(mostIn(100_000)).toBeLessThan(3000);
});
