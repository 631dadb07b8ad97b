import { describe, expect, test } from 'vitest';
import { parseTime } from '../../src/model/parse-time.js';

const nowS = 1_763_700_000;
const localS = (...parts: [number, number, number, number?, number?]): number =>
  new Date(parts[0], parts[1] - 1, parts[2], parts[3] ?? 0, parts[4] ?? 0).getTime() / 1000;

describe('a time on the command line', () => {
  test.each([
    ['now', nowS],
    ['90min', nowS - 5400],
    ['24h', nowS - 86_400],
    ['7d', nowS - 604_800],
    ['4w', nowS - 4 * 604_800],
    ['6mo', nowS - 6 * 31 * 86_400],
    ['1y', nowS - 365 * 86_400],
    ['1763600000', 1_763_600_000],
    ['0', 0],
    ['2026-11-21', localS(2026, 11, 21)],
    ['2026-11-21 14:30', localS(2026, 11, 21, 14, 30)],
    ['2026-02-28T23:59', localS(2026, 2, 28, 23, 59)],
  ])('%s is understood', (text, timeS) => {
    expect(parseTime(text, nowS)).toBe(timeS);
  });

  test.each(['', 'yesterday', '1m', '-1d', '1.5h', '2026-02-30', '2026-13-01', '2026-11-21 24:00', '12345678901'])(
    '%j is refused with examples',
    (text) => {
      expect(() => parseTime(text, nowS)).toThrow(/write an age \(24h/);
    },
  );
});
