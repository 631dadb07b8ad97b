import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keptShortly } from '../../../src/cycle/live/kept-shortly.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a value is made once for all who ask within a second', () => {
  let made = 0;
  const value = keptShortly(() => {
    made += 1;
    return made;
  });
  expect(Array.from({ length: 10_000 }, value).at(-1)).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(value()).toBe(1);
  vi.advanceTimersByTime(1);
  expect([value(), value()]).toEqual([2, 2]);
});
