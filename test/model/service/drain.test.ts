import { describe, expect, test } from 'vitest';
import { type Drain, drainFrom } from '../../../src/model/service/drain.js';

const drained = (active: readonly number[], before = Number.NaN, stepS = 300): Drain =>
  drainFrom({ active, before, stepS });

/** Minutes until it is empty; NaN if its connections do not decrease. */
function minutes(active: readonly number[], before?: number, stepS?: number): number {
  const drain = drained(active, before, stepS);
  return drain.kind === 'draining' ? drain.leftS / 60 : Number.NaN;
}

const line = (from: number, by: number, rows: number): readonly number[] =>
  Array.from({ length: rows }, (_, row) => from - by * row);

describe('a real server of weight 0', () => {
  test.each([
    ['that loses ten connections every five minutes', [60, 50, 40, 30], 15],
    ['with an unknown row', [60, Number.NaN, 40, 30], 15],
    ['with only two readings', [21, 18], 30],
    ['that loses as many for an hour', line(120, 9, 12), (21 / 9) * 5],
  ])('%s is empty when its last connections end', (_, active, expected) => {
    expect(minutes(active)).toBeCloseTo(expected, 6);
  });

  test('with one reading since is judged by the reading before if it has fewer connections', () => {
    expect(minutes([21], 24)).toBeCloseTo(35, 6);
    expect(drained([21]).kind).toBe('early');
    expect(drained([24], 24).kind).toBe('early');
    expect(drained([27], 24).kind).toBe('early');
  });

  test('with more readings since is not judged by the reading before', () => {
    expect(minutes([21, 18], 500)).toBeCloseTo(30, 6);
    expect(drained([20, 20], 500).kind).toBe('standing');
  });

  test('with slowing losses is judged more by the newest than by the first', () => {
    // An unweighted straight line loses 63 per row: 145 would be gone in 11.5 minutes.
    expect(minutes([400, 300, 230, 180, 145])).toBeGreaterThan(12);
  });

  test('whose last connection stays is predicted to keep it at least as long again', () => {
    const halves = [32, 16, 8, 4, 2, 1];
    expect(minutes(halves)).toBeGreaterThanOrEqual(5);
    expect(minutes([...halves, 1])).toBeGreaterThanOrEqual(5);
    expect(minutes([...halves, 1, 1])).toBeGreaterThanOrEqual(10);
    expect(minutes([...halves, 1, 1, 1, 1, 1, 1])).toBeGreaterThanOrEqual(30);
    expect(drained(new Array(12).fill(1)).kind).toBe('standing');
  });

  test.each([60, 300, 3600])('with rows of %i s needs at least one more row', (stepS) => {
    for (const active of [
      [9, 1],
      [1000, 1],
      [1, 0.6],
      [9, 4, 1, 1],
      [5, 5, 1],
    ]) {
      expect(minutes(active, Number.NaN, stepS)).toBeGreaterThanOrEqual(stepS / 60);
    }
  });

  test.each([
    ['whose connections stay', [40, 40, 40, 40], 'standing'],
    ['whose connections increase', [40, 41, 44, 50], 'standing'],
    ['that loses one of a thousand connections', [1000, 1000, 1000, 999], 'standing'],
    ['without a connection', [3, 1, 0, 0], 'empty'],
    ['with a remainder that one reading left in the next row', [30, 0.2], 'empty'],
    ['with only unknown rows', [Number.NaN, Number.NaN], 'early'],
    ['without a row', [], 'early'],
    ['with one known row', [Number.NaN, 5], 'early'],
  ] as const)('%s is recognised', (_, values, kind) => {
    expect(drained(values).kind).toBe(kind);
  });
});
