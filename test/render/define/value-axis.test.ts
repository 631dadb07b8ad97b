import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { niceStep, valueAxis } from '../../../src/render/define/value-axis.js';

describe('a value axis', () => {
  test.each([
    [0.7, 1],
    [1, 1],
    [1.1, 2],
    [2.5, 5],
    [6, 10],
    [0.03, 0.05],
    [4e9, 5e9],
  ])('with steps of at least %d has steps of %d', (least, step) => {
    expect(niceStep(least)).toBeCloseTo(step, 12);
  });

  test('of zeros alone goes from 0 to 1 and labels only the zero', () => {
    const { minimum, maximum, ticks } = valueAxis(0, 0, 200);
    expect([minimum, maximum, ticks[0]?.text]).toEqual([0, 1, '0']);
    expect(ticks).toHaveLength(1);
  });

  test('holds the data and zero, with three to eight lines at 1, 2 or 5 times a power of ten', () => {
    const value = fc.double({ min: 1e-6, max: 1e21, noNaN: true });
    fc.assert(
      fc.property(value, fc.oneof(fc.constant(0), value), fc.integer({ min: 60, max: 400 }), (high, low, heightPx) => {
        const { minimum, maximum, ticks } = valueAxis(-low, high, heightPx);
        expect(minimum).toBeLessThanOrEqual(-low);
        expect(maximum).toBeGreaterThanOrEqual(high);
        expect(ticks.some((tick) => tick.value === 0)).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(8);
        if (low > 0) {
          const texts = ticks.filter((tick) => tick.value !== 0).map((tick) => Math.sign(tick.value));
          expect(new Set(texts)).toEqual(new Set([-1, 1]));
        }
        const step = (ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0);
        expect(['1', '2', '5']).toContain(step.toExponential(6).replace(/\.?0*e.*/, ''));
      }),
    );
  });
});
