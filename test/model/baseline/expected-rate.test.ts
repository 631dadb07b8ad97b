import { describe, expect, test } from 'vitest';
import { type ArchiveBaselines, type HourBaseline, hourBaseline } from '../../../src/model/baseline/baseline.js';
import { expectedRate, isClockChanged } from '../../../src/model/baseline/expected-rate.js';

const dayS = 86_400;

/** A clock in Berlin: the summer of 2026 begins on 29 March at 01:00 UTC. */
const summerS = Date.UTC(2026, 2, 29, 1) / 1000;
const berlin = (timeS: number): number => (timeS >= summerS ? 7200 : 3600);

describe('the clock', () => {
  test.each<[string, number, boolean]>([
    ['not changed yet', summerS - 1, false],
    ['changed this second', summerS, true],
    ['changed 27 days ago', summerS + 27 * dayS, true],
    ['changed four weeks and a second ago', summerS + 28 * dayS + 1, false],
    ['changed four weeks ago, to the second', summerS + 28 * dayS, false],
  ])('was %s', (_, timeS, expected) => {
    expect(isClockChanged(timeS, berlin)).toBe(expected);
  });

  test('that went there and back within four weeks was changed', () => {
    const offsetAt = (timeS: number): number => (timeS > 10 * dayS && timeS < 31 * dayS ? 0 : 3600);
    expect(isClockChanged(32 * dayS, offsetAt)).toBe(true);
  });

  test('of UTC is never changed', () => {
    expect(isClockChanged(summerS, () => 0)).toBe(false);
  });
});

describe('the expected rate', () => {
  const hour = (median: number, spread: number, weeks: number): HourBaseline =>
    hourBaseline((rate) => (rate === 'InBytes' ? { median, spread, weeks } : { median: -1, spread: -1, weeks: 1 }));
  const baselines: ArchiveBaselines = {
    name: '192.0.2.1_80',
    before: hour(100, 5, 4),
    at: hour(150, 7, 3),
    after: hour(120, 20, 4),
  };

  test('is the median of its hour', () => {
    expect(expectedRate(baselines, 'InBytes', false)).toEqual({ low: 150, high: 150, spread: 7, weeks: 3 });
  });

  test('lies between the medians of three hours after a change of the clock', () => {
    expect(expectedRate(baselines, 'InBytes', true)).toEqual({ low: 100, high: 150, spread: 20, weeks: 3 });
  });

  test('is unknown while one of the three hours is', () => {
    const unknown = { ...baselines, after: hour(Number.NaN, Number.NaN, 0) };
    expect(expectedRate(unknown, 'InBytes', true)).toEqual({
      low: Number.NaN,
      high: Number.NaN,
      spread: Number.NaN,
      weeks: 0,
    });
    expect(expectedRate(unknown, 'InBytes', false).weeks).toBe(3);
  });
});
