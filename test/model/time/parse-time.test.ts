import { describe, expect, test } from 'vitest';
import { parseTime } from '../../../src/model/time/parse-time.js';

const nowS = 1_763_700_000;
const [startS, endS] = [1_763_000_000, 1_763_600_300];
const localS = (...parts: [number, number, number, number?, number?]): number =>
  new Date(parts[0], parts[1] - 1, parts[2], parts[3] ?? 0, parts[4] ?? 0).getTime() / 1000;

describe('a time outside the years 1 to 9999', () => {
  test.each([
    'now+9999999999y',
    'now-9999999999y',
    'end+9999999999s+9999999999d',
    'start-99999999y',
    'midnight+9999999999y',
    'noon tomorrow-9999999999mo',
    '99999y',
    'now+8000y',
  ])('%s is rejected', (text) => {
    expect(() => parseTime(text, nowS, { startS, endS })).toThrow(/is outside the years 1 to 9999: write an age/);
  });

  test.each(['99999999y', '1e99', '-1', '+1', 'NaN', 'Infinity', '99999999999', '9'.repeat(400), '0050-01-01', '0x10'])(
    '%s is not a time',
    (text) => {
      expect(() => parseTime(text, nowS)).toThrow(/is not a time/);
    },
  );

  test('is rejected whatever its source, and times inside are accepted', () => {
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e12, -8.64e12]) {
      expect(() => parseTime('now', now)).toThrow('is outside the years');
      expect(() => parseTime('midnight', now)).toThrow('is outside the years');
    }
    expect(parseTime('9999-12-30', nowS)).toBe(localS(9999, 12, 30));
    expect(parseTime('9999999999', nowS)).toBe(9_999_999_999);
    expect(parseTime('1000y', nowS)).toBe(nowS - 1000 * 365 * 86_400);
  });
});

describe('a time on the command line', () => {
  test.each([
    ['now', nowS],
    ['90min', nowS - 5400],
    ['24h', nowS - 86_400],
    ['7d', nowS - 604_800],
    ['4w', nowS - 4 * 604_800],
    ['6mo', nowS - 6 * 31 * 86_400],
    ['1y', nowS - 365 * 86_400],
    ['1month', nowS - 31 * 86_400],
    ['3weeks', nowS - 21 * 86_400],
    ['end-1d', endS - 86_400],
    ['start+90min', startS + 5400],
    ['now-1h', nowS - 3600],
    ['now - 1d + 2h', nowS - 79_200],
    ['midnight', localS(2025, 11, 21)],
    ['noon', localS(2025, 11, 21, 12)],
    ['midnight yesterday', localS(2025, 11, 20)],
    ['midnight-7d', localS(2025, 11, 21) - 7 * 86_400],
    ['midnight tomorrow+6h', localS(2025, 11, 22) + 6 * 3600],
    ['1763600000', 1_763_600_000],
    ['0', 0],
    ['2026-11-21', localS(2026, 11, 21)],
    ['2026-11-21 14:30', localS(2026, 11, 21, 14, 30)],
    ['2026-02-28T23:59', localS(2026, 2, 28, 23, 59)],
  ])('%s is accepted', (text, timeS) => {
    expect(parseTime(text, nowS, { startS, endS })).toBe(timeS);
  });

  test.each([
    '',
    'yesterday',
    'end-1',
    'start yesterday',
    'end-1q',
    'later-1d',
    '-1d',
    '1.5h',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21 24:00',
    '12345678901',
  ])('%j is rejected with examples', (text) => {
    expect(() => parseTime(text, nowS)).toThrow(/is not a time: write an age \(24h/);
  });

  test.each([
    ['1m', 'minutes are min, months are mo'],
    ['end-6m', 'minutes are min, months are mo'],
    ['2026', 'a year, or seconds after 1970'],
    ['20261121', 'a day, or seconds after 1970'],
    ['12', 'an age without its unit, or seconds after 1970'],
    ['03/04/2026', 'the day or the month may come first'],
    ['3.4.26', 'the day or the month may come first'],
  ])('%s is ambiguous and rejected with examples', (text, reason) => {
    expect(() => parseTime(text, nowS, { startS, endS })).toThrow(`is ambiguous (${reason}): write an age (24h`);
  });

  test.each(['end-1d', 'start'])('%s is not a time without a span', (text) => {
    expect(() => parseTime(text, nowS)).toThrow('is not a time');
  });
});
