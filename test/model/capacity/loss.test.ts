// The load on the others after a loss.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadAfter, type ServicePeak } from '../../../src/model/capacity/loss.js';
import { spareOf } from '../../../src/model/capacity/spare.js';

function peakOf(loads: Readonly<Record<string, readonly [atPeak: number, most: number]>>, whole = 0): ServicePeak {
  const servers = Object.entries(loads).map(([name, [atPeak, most]]) => ({ name, atPeak, most }));
  return { atS: 0, whole, servers };
}

describe('the load after a loss', () => {
  test.each<readonly [what: string, peak: ServicePeak, lost: readonly string[], part: number, heaviest: string]>([
    ['doubles for the other of a pair', peakOf({ a: [10, 10], b: [10, 10] }), ['a'], 2, 'b'],
    ['is dealt in proportion', peakOf({ a: [30, 30], b: [20, 40], c: [10, 10] }), ['a'], 2, 'c'],
    ['of two of four', peakOf({ a: [10, 10], b: [10, 10], c: [10, 10], d: [10, 40] }), ['a', 'b'], 2, 'c'],
    ['counts real servers that are gone since', peakOf({ a: [10, 10], b: [10, 10] }, 40), ['a'], 4, 'b'],
    ['takes the peak for held', peakOf({ a: [10, 10], b: [10, 5] }), ['a'], 2, 'b'],
  ])('%s', (_, peak, lost, part, heaviest) => {
    expect(loadAfter(peak, new Set(lost))).toEqual({ part, heaviest });
  });

  test.each<readonly [what: string, peak: ServicePeak | null]>([
    ['without a peak', null],
    ['if no other took connections', peakOf({ a: [10, 10], b: [0, 10] })],
    ['if what one held is unknown', peakOf({ a: [10, 10], b: [10, Number.NaN] })],
  ])('is unknown %s', (_, peak) => {
    expect(loadAfter(peak, new Set(['a']))).toEqual({ part: Number.NaN, heaviest: null });
  });

  test('of the busiest one is the spare, and what is kept carries more if more is lost', () => {
    const load = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(load, load), { minLength: 3, maxLength: 8 }), (loads) => {
        const servers = loads.map(([atPeak, most], i) => ({ name: `s${i}`, atPeak, most }));
        const peak = { atS: 0, whole: 0, servers };
        const spare = spareOf(servers);
        const busiest = spare?.busiest ?? '';
        const { part } = loadAfter(peak, new Set([busiest]));
        expect(part).toBeCloseTo(spare?.kind === 'shared' ? spare.part : Number.NaN, 9);
        const others = servers.filter(({ name }) => name !== busiest);
        const sum = servers.reduce((total, { atPeak }) => total + atPeak, 0);
        const left = others.reduce((total, { atPeak }) => total + atPeak, 0);
        const loadOfKept = others
          .slice(1)
          .map(({ atPeak, most: own }) => (atPeak * sum) / left / Math.max(own, atPeak));
        const more = loadAfter(peak, new Set([busiest, others[0]?.name ?? '']));
        expect(more.part).toBeGreaterThanOrEqual(Math.max(...loadOfKept));
      }),
    );
  });
});
