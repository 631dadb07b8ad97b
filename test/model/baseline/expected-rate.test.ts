import { describe, expect, test } from 'vitest';
import { baselineRates, byRate, type HourBaseline } from '../../../src/model/baseline/baseline.js';
import { type ExpectedRate, rateAround } from '../../../src/model/baseline/expected-rate.js';
import { type ArchiveBaselines, columnsOf } from './archive-baselines.js';

function hour(median: number, spread: number, weeks: number): HourBaseline {
  return byRate((rate) => (rate === 'InBytes' ? { median, spread, weeks } : { median: -1, spread: -1, weeks: 1 }));
}

const unknown = hour(Number.NaN, Number.NaN, 0);
const baselines: ArchiveBaselines = {
  name: '192.0.2.1_80',
  before: hour(100, 5, 4),
  at: hour(150, 7, 3),
  after: hour(120, 20, 4),
};

/** The expected bytes of an archive that stands behind another one. */
function expectedOf(own: ArchiveBaselines): ExpectedRate {
  const other = { name: '192.0.2.2_80', before: unknown, at: hour(1, 1, 4), after: unknown };
  return rateAround(columnsOf([other, own]), 1, baselineRates.indexOf('InBytes'));
}

describe('the expected rate', () => {
  test('lies between the medians of three hours', () => {
    expect(expectedOf(baselines)).toEqual({ low: 100, high: 150, spread: 20, weeks: 3 });
  });

  test.each<readonly [title: string, after: HourBaseline]>([
    ['is unknown', unknown],
    ['has one week behind it', hour(1000, 1, 1)],
  ])('leaves out a neighbour that %s', (_, after) => {
    expect(expectedOf({ ...baselines, after })).toEqual({ low: 100, high: 150, spread: 7, weeks: 3 });
  });

  test('has no weeks if the hour itself has none', () => {
    expect(expectedOf({ ...baselines, at: unknown }).weeks).toBe(0);
  });
});
