import { describe, expect, test } from 'vitest';
import { parseSize } from '../../../src/cli/options/size-option.js';

describe('--size', () => {
  test.each([
    ['card', 760, 300, false],
    ['tile', 380, 190, true],
    ['1140x450', 1140, 450, false],
    ['680x270', 680, 270, false],
    ['679x270', 679, 270, true],
    ['680x269', 680, 269, true],
    ['320x160', 320, 160, true],
    ['2560x1440', 2560, 1440, false],
  ])('%s is %d by %d pixels, with a one-line legend: %s', (text, width, height, tile) => {
    expect(parseSize(text)).toEqual({ sizePx: { width, height }, tile });
  });

  test.each([
    '',
    'large',
    '800',
    '800x',
    '800X600',
    ' 800x600',
    '319x160',
    '320x159',
    '2561x1440',
    '2560x1441',
    '0x0',
    '8e2x600',
  ])('"%s" is rejected with a list of sizes', (text) => {
    expect(() => parseSize(text)).toThrow(/card .*tile .*WIDTHxHEIGHT from 320x160 to 2560x1440, such as/);
  });
});
