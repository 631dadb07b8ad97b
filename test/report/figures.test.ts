import { describe, expect, test } from 'vitest';
import { standardRetention } from '../../src/model/retention.js';
import { quantityFigures, relativeGrowth } from '../../src/report/figures.js';
import { stretchesOf } from '../../src/report/stretches.js';

const { NaN: unknown } = Number;
const dayS = 86_400;

describe('the rows of a span', () => {
  const lastS = 20_000 * dayS + 30_300;

  test('are 5-minute rows as long as these are kept, then 2-hour rows, then day rows', () => {
    const [startS, endS] = [19_600 * dayS, 20_000 * dayS];
    expect(stretchesOf({ startS, endS }, lastS, standardRetention)).toEqual([
      { startS, endS: 19_801 * dayS, rowS: dayS },
      { startS: 19_801 * dayS, endS: 19_901 * dayS, rowS: 7200 },
      { startS: 19_901 * dayS, endS, rowS: 300 },
    ]);
  });

  test.each([
    ['a week', 19_993, 20_000, [300]],
    ['an old week', 19_850, 19_857, [7200]],
    ['a week long ago', 19_500, 19_507, [dayS]],
  ])('of %s all have one length', (_title, from, to, lengths) => {
    const stretches = stretchesOf({ startS: from * dayS, endS: to * dayS }, lastS, standardRetention);
    expect(stretches.map(({ rowS }) => rowS)).toEqual(lengths);
    expect([stretches[0]?.startS, stretches.at(-1)?.endS]).toEqual([from * dayS, to * dayS]);
  });
});

describe('figures of rows of several lengths', () => {
  const days = {
    rowS: dayS,
    isFine: false,
    startS: 0,
    average: Float64Array.of(10, unknown),
    max: Float64Array.of(50, unknown),
  };
  const fine = Float64Array.of(4, unknown, 100, 100);
  const steps = { rowS: 300, isFine: true, startS: 2 * dayS, average: fine, max: fine };

  test('weigh each row by its time, and ignore unknown rows', () => {
    const { average, total, knownS } = quantityFigures([days, steps], false);
    expect(knownS).toBe(dayS + 900);
    expect(total).toBe(10 * dayS + 204 * 300);
    expect(average).toBe(total / knownS);
  });

  test('include the first row of the maximum', () => {
    expect(quantityFigures([days, steps], false)).toMatchObject({
      maximum: 100,
      maximumIn: { endS: 2 * dayS + 900, rowS: 300 },
    });
    expect(quantityFigures([days], false)).toMatchObject({ maximum: 50, maximumIn: { endS: dayS, rowS: dayS } });
  });

  test('have a 95th percentile only for 5-minute rows', () => {
    expect(quantityFigures([steps], true).p95).toBe(100);
    expect(quantityFigures([days, steps], false).p95).toBeNaN();
  });

  test('are unknown, not zero, if nothing is known', () => {
    const nothing = { ...steps, average: Float64Array.of(unknown), max: Float64Array.of(unknown) };
    expect(quantityFigures([nothing], true)).toEqual({
      average: unknown,
      maximum: unknown,
      maximumIn: null,
      total: unknown,
      knownS: 0,
      p95: unknown,
    });
  });

  test('grow by the ratio of averages, if half of both spans is known', () => {
    const [now, before] = [
      quantityFigures([{ ...steps, average: Float64Array.of(6, 6) }], true),
      quantityFigures([{ ...steps, average: Float64Array.of(4, unknown) }], true),
    ];
    expect(relativeGrowth(now, before, 600)).toBe(0.5);
    expect(relativeGrowth(now, before, 601)).toBeNaN();
    expect(relativeGrowth(now, null, 600)).toBeNaN();
  });
});
