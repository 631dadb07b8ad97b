// Counting for the archives.

import { describe, expect, test } from 'vitest';
import { Tally, withPeak } from '../../../src/links/table/tally.js';
import type { Peak } from '../../../src/model/links/counts.js';

const result = (outcomes: string, rtt: number | null) => ({ to: '10.0.0.1', outcomes, rtt, rttMax: rtt });

describe('a tally', () => {
  test('adds up rounds, and keeps the newest apart', () => {
    const tally = new Tally(100.9);
    tally.add(result('1101', 1.5), 7);
    tally.add(result('0000', null), 8);
    tally.add(result('1111', 0.25), 8);
    expect(tally.counts()).toEqual({
      ...{ bornS: 100, probes: 12, lost: 5, rounds: 2, rttUs: 1750 },
      newest: { probes: 8, lost: 4, rounds: 1, rttUs: 250 },
    });
  });

  test('is all zero before the first round', () => {
    const none = { probes: 0, lost: 0, rounds: 0, rttUs: 0 };
    expect(new Tally(0).counts()).toEqual({ bornS: 0, ...none, newest: none });
  });
});

describe('maxima', () => {
  const maximaSince = (peaks: readonly Peak[], sinceS: number): number | undefined =>
    peaks.find(({ timeS }) => timeS > sinceS)?.ms;

  test('give the longest time since any moment', () => {
    const values = [3, 9, 2, 5, 4, 4, 1];
    let peaks: readonly Peak[] = [];
    for (const [timeS, ms] of values.entries()) peaks = withPeak(peaks, { timeS, ms });
    for (let sinceS = -1; sinceS < values.length; sinceS += 1) {
      const later = values.slice(sinceS + 1);
      expect(maximaSince(peaks, sinceS)).toBe(later.length === 0 ? undefined : Math.max(...later));
    }
  });

  test('are bounded however long times fall', () => {
    let peaks: readonly Peak[] = [];
    for (let timeS = 0; timeS < 1000; timeS += 1) peaks = withPeak(peaks, { timeS, ms: 1000 - timeS });
    expect(peaks).toHaveLength(64);
    expect(peaks.at(-1)).toEqual({ timeS: 999, ms: 1 });
  });
});
