// Local times, compared with those of Intl: the Swedish format is ours.

import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { formatLocal } from '../../src/cli/local-time.js';

const zone = process.env['TZ'];
// Whole and fractional offsets, changes forward and back, at half past and by half an hour, and a skipped day (Apia).
const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const edges = [0, 1_774_746_000, 1_792_890_000, 1_325_239_200, 253_402_214_400];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test.each(zones)('a time in %s equals that of Intl', (timeZone) => {
  process.env['TZ'] = timeZone;
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  const written = (timeS: number): void => {
    expect(formatLocal(timeS)).toBe(format.format(new Date(timeS * 1000)));
  };
  for (const timeS of edges) for (const beside of [-3601, -1800, -1, 0, 1, 1800, 3599]) written(timeS + beside);
  fc.assert(fc.property(fc.double({ min: -62_135_500_000, max: 253_402_200_000, noNaN: true }), written));
});

test('a time follows the time zone of the process', () => {
  process.env['TZ'] = 'Asia/Tokyo';
  expect(formatLocal(1_763_735_700)).toBe('2025-11-21 23:35:00');
  process.env['TZ'] = 'UTC';
  expect(formatLocal(1_763_735_700)).toBe('2025-11-21 14:35:00');
});
