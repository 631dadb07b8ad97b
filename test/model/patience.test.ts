// The factor of all time limits.

import { afterEach, expect, test } from 'vitest';
import { patiently, setPatience } from '../../src/model/patience.js';

afterEach(() => setPatience(undefined));

test.each([
  [undefined, 300],
  ['1', 300],
  ['2.5', 750],
  ['1000', 300_000],
])('a patience of %j turns 300 ms into %d ms', (text, ms) => {
  setPatience(text);
  expect(patiently(300)).toBe(ms);
});

test.each(['', '0', '0.5', '-3', '1001', 'soon', 'NaN', 'Infinity'])('%j is rejected and changes nothing', (text) => {
  setPatience('2');
  expect(() => setPatience(text)).toThrow(/LVS_STATS_PATIENCE is ".*": expected a number from 1 to 1000/);
  expect(patiently(1)).toBe(2);
});
