import { describe, expect, test } from 'vitest';
import { formatColumn, formatFigure, formatTicks } from '../../../src/render/look/si-format.js';

describe('a figure', () => {
  test.each([
    [0, '0'],
    [1, '1'],
    [7.5, '7.50'],
    [94.04, '94.0'],
    [999, '999'],
    [999.6, '1.00 k'],
    [1000, '1 k'],
    [1924, '1.92 k'],
    [812e6, '812 M'],
    [1.92e9, '1.92 G'],
    [6.9e12, '6.90 T'],
    [1.8e19, '18 E'],
    [3e27, '3000 Y'],
    [0.5, '0.50'],
    [0.035, '0.035'],
    [0.0023, '0.002'],
    [0.00222, '0.002'],
    [0.0005, '0.001'],
    [4e-6, '<0.001'],
    [Number.NaN, '–'],
  ])('of %d is %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });

  test('has its unit behind the prefix', () => {
    expect(formatFigure(6.9e12, 'B')).toBe('6.90 TB');
    expect(formatFigure(12.5, 'B')).toBe('12.5 B');
  });
});

describe('a column', () => {
  test.each<[string, number[], string[]]>([
    ['shares its prefix and decimals', [1.92e9, 0.233e9], ['1.92 G', '0.23 G']],
    ['has no decimals if its largest value needs none', [812e6, 94e6], ['812 M', '94 M']],
    ['gives each value its own prefix if a small one would lose its digits', [812e6, 4e6], ['812 M', '4 M']],
    ['keeps small whole numbers whole', [3, 12, 0], ['3', '12', '0']],
    ['shows an unknown value as a dash', [5e3, Number.NaN], ['5 k', '–']],
    ['is all dashes if nothing is known', [Number.NaN], ['–']],
    ['gives whole and fractional values the same decimals', [5e3, 4.3e3], ['5.00 k', '4.30 k']],
    ['has no prefix below 1, where m would be read as M', [2.2e-3, 0], ['0.002', '0']],
    ['writes zeros plainly', [0, 0], ['0', '0']],
  ])('%s', (_title, values, texts) => {
    expect(formatColumn(values)).toEqual(texts);
  });
});

describe('the labels of an axis', () => {
  test.each<[number[], number, string[]]>([
    [[0, 1e9, 2e9], 1e9, ['0', '1 G', '2 G']],
    [[0, 5e8, 1e9, 1.5e9], 5e8, ['0', '0.5 G', '1.0 G', '1.5 G']],
    [[0, 500, 1000, 1500], 500, ['0', '500', '1000', '1500']],
    [[0, 0.02, 0.04], 0.02, ['0', '0.02', '0.04']],
    [[0, 0.001, 0.002], 0.001, ['0', '0.001', '0.002']],
    [[0, 5e-6, 1e-5], 5e-6, ['0', '0.000005', '0.000010']],
    [[-2e6, 0, 2e6], 2e6, ['2 M', '0', '2 M']],
  ])('from %j by %d', (values, step, texts) => {
    expect(formatTicks(values, step)).toEqual(texts);
  });
});
