// The highest hour and weekly peaks, and which limit applies.

import { describe, expect, test } from 'vitest';
import { highestRow, weekPeaks } from '../../../src/model/capacity/held.js';
import { limitOf } from '../../../src/model/capacity/limit.js';
import type { Capacity } from '../../../src/model/policy/capacity.js';
import { seriesOf } from '../../render/sample-series.js';

const dayS = 86_400;
const midnightS = 1_795_219_200;
const days = (count: number, valueAt: (name: string, day: number) => number) =>
  seriesOf(valueAt, { startS: midnightS - count * dayS, endS: midnightS, stepS: dayS });

describe('weekly peaks', () => {
  test('are the greatest of seven days in bits, of the larger direction', () => {
    const { peaks, endS } = weekPeaks(
      days(16, (name, day) => (name === 'OutBytes' ? 100 + day : 5)),
      'bitsPerS',
    );
    expect([...peaks]).toEqual([8 * 108, 8 * 115]);
    expect(endS).toBe(midnightS);
  });

  test('are unknown for weeks of fewer than four known days, and begin with a known one', () => {
    const known = (day: number): boolean => (day >= 14 && day < 21) || day >= 25;
    const { peaks } = weekPeaks(
      days(35, (_, day) => (known(day) ? day : Number.NaN)),
      'newConnectionsPerS',
    );
    expect([...peaks]).toEqual([20, Number.NaN, 34]);
  });
});

describe('the highest row', () => {
  const old = seriesOf((_, row) => (row === 1 ? 50 : 1), {
    startS: midnightS - 3 * dayS,
    endS: midnightS - dayS,
    stepS: dayS,
  });
  const recent = seriesOf((_, row) => (row === 2 ? 40 : Number.NaN), {
    startS: midnightS - dayS,
    endS: midnightS,
    stepS: 7200,
  });

  test('is the greatest mean, with its time and its length', () => {
    expect(highestRow([recent], 'newConnectionsPerS')).toEqual({
      value: 40,
      endS: midnightS - dayS + 3 * 7200,
      rowS: 7200,
    });
    expect(highestRow([recent, old], 'newConnectionsPerS')).toEqual({ value: 50, endS: midnightS - dayS, rowS: dayS });
  });

  test('is the larger of in and out in bits, and active and inactive connections together', () => {
    const mixed = seriesOf((name) => ({ InBytes: 3, OutBytes: 7, ActiveConn: 20, InActConn: 30 })[name] ?? 0);
    expect(highestRow([mixed], 'bitsPerS')?.value).toBe(56);
    expect(highestRow([mixed], 'openConnections')?.value).toBe(50);
  });

  test('is unknown if nothing is known', () => {
    expect(highestRow([seriesOf(() => Number.NaN)], 'openConnections')).toBeNull();
  });
});

describe('the limit of an archive', () => {
  const capacity: Capacity = [
    { of: 'director', measure: 'bitsPerS', limit: 10e9 },
    { of: '198.51.100.*', measure: 'bitsPerS', limit: 2e9 },
    { of: '*:443', measure: 'bitsPerS', limit: 1e9 },
  ];
  const limit = (name: string) => limitOf(capacity, { name, hosts: [] }, 'bitsPerS');

  test('is the smallest that matches', () => {
    expect(limit('198.51.100.7_443')).toBe(1e9);
    expect(limit('198.51.100.7_80')).toBe(2e9);
    expect(limit('192.0.2.1_80')).toBeNull();
    expect(limitOf(capacity, { name: '198.51.100.7_443', hosts: [] }, 'openConnections')).toBeNull();
  });

  test('of the director is not one of its services, processors or real servers', () => {
    expect([limit('all'), limit('all/total')]).toEqual([10e9, 10e9]);
    expect([limit('all/cpu_0'), limit('198.51.100.7_443/10.0.0.1_443')]).toEqual([null, null]);
    expect(limitOf([{ of: '*', measure: 'bitsPerS', limit: 5 }], { name: 'all', hosts: [] }, 'bitsPerS')).toBeNull();
  });
});
