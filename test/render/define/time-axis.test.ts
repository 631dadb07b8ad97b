import { describe, expect, test } from 'vitest';
import { timeAxis } from '../../../src/render/define/time-axis.js';
import { formatLocal, timeOfWall, zoneName, zoneOffsetS } from '../../../src/render/look/local-time.js';

const hourS = 3600;
const dayS = 86_400;
const endS = Date.UTC(2026, 10, 21, 5, 35) / 1000;

function labels(timeZone: string, spanS: number, { widthPx = 694, toS = endS } = {}): string {
  const axis = timeAxis({ startS: toS - spanS, endS: toS, timeZone, widthPx });
  return axis.labels.map(({ text, strong }) => (strong ? `*${text}` : text)).join(' ');
}

describe('labels of the time axis', () => {
  test.each([
    ['Asia/Tokyo', dayS, '16:00 18:00 20:00 22:00 *00:00 02:00 04:00 06:00 08:00 10:00 12:00 14:00'],
    ['America/New_York', dayS, '02:00 04:00 06:00 08:00 10:00 12:00 14:00 16:00 18:00 20:00 22:00 *00:00'],
    ['Asia/Kolkata', 6 * hourS, '05:30 06:00 06:30 07:00 07:30 08:00 08:30 09:00 09:30 10:00 10:30 11:00'],
    ['UTC', hourS, '04:35 04:40 04:45 04:50 04:55 05:00 05:05 05:10 05:15 05:20 05:25 05:30 05:35'],
    ['Asia/Tokyo', 7 * dayS, 'Sat 14 Sun 15 Mon 16 Tue 17 Wed 18 Thu 19 Fri 20 Sat 21'],
    ['UTC', 31 * dayS, '21 22 23 24 25 26 27 28 29 30 31 *Nov 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'],
    [
      'Europe/Berlin',
      92 * dayS,
      '24 Aug 31 Aug 7 Sep 14 Sep 21 Sep 28 Sep 5 Oct 12 Oct 19 Oct 26 Oct 2 Nov 9 Nov 16 Nov',
    ],
    ['Europe/Berlin', 365 * dayS, 'Dec *2026 Feb Mar Apr May Jun Jul Aug Sep Oct Nov'],
    ['UTC', 3 * 365 * dayS, '*2024 Apr Jul Oct *2025 Apr Jul Oct *2026 Apr Jul Oct'],
  ])('in %s over %d s', (zone, spanS, expected) => {
    expect(labels(zone, spanS)).toBe(expected);
  });

  test('omit the skipped hour on the night the clock goes forward', () => {
    const toS = Date.UTC(2026, 2, 29, 5, 0) / 1000;
    expect(labels('Europe/Berlin', 8 * hourS, { toS })).toBe('22:00 23:00 *00:00 01:00 03:00 04:00 05:00 06:00 07:00');
  });

  test('appear once each on the night the clock goes back', () => {
    const toS = Date.UTC(2026, 9, 25, 5, 0) / 1000;
    expect(labels('Europe/Berlin', 8 * hourS, { toS })).toBe('23:00 *00:00 01:00 02:00 03:00 04:00 05:00 06:00');
  });

  test('begin days of 23 and 25 hours at local midnight', () => {
    for (const toS of [Date.UTC(2026, 3, 1) / 1000, Date.UTC(2026, 9, 28) / 1000]) {
      const { lines } = timeAxis({ startS: toS - 7 * dayS, endS: toS, timeZone: 'Europe/Berlin', widthPx: 694 });
      expect(lines).toHaveLength(7);
      for (const { atS } of lines) expect(formatLocal('Europe/Berlin', atS)).toContain(' 00:00 ');
    }
  });

  test('make Mondays and the first the strong lines of a month', () => {
    const { lines } = timeAxis({ startS: endS - 31 * dayS, endS, timeZone: 'UTC', widthPx: 694 });
    const strong = lines
      .filter((line) => line.strong)
      .map(({ atS }) => new Date(atS * 1000).toISOString().slice(5, 10));
    expect(strong).toEqual(['10-26', '11-01', '11-02', '11-09', '11-16']);
  });

  test('lie within the span and in order, for any span and zone', () => {
    for (const timeZone of ['Asia/Tokyo', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham']) {
      for (const spanS of [
        hourS,
        5 * hourS,
        dayS,
        3 * dayS,
        9 * dayS,
        45 * dayS,
        200 * dayS,
        800 * dayS,
        3000 * dayS,
      ]) {
        const axis = timeAxis({ startS: endS - spanS, endS, timeZone, widthPx: 330 });
        const times = axis.labels.map(({ atS }) => atS);
        expect(times.length).toBeGreaterThan(1);
        expect(times.length).toBeLessThan(20);
        expect([...times].sort((a, b) => a - b)).toEqual(times);
        for (const { atS } of [...axis.lines, ...axis.labels]) {
          expect(atS).toBeGreaterThanOrEqual(endS - spanS);
          expect(atS).toBeLessThanOrEqual(endS);
        }
      }
    }
  });
});

describe('local time', () => {
  test.each([
    ['Asia/Tokyo', endS, '2026-11-21 14:35 JST'],
    ['Europe/Berlin', endS, '2026-11-21 06:35 CET'],
    ['Europe/Berlin', Date.UTC(2026, 6, 1) / 1000, '2026-07-01 02:00 CEST'],
    ['America/New_York', endS, '2026-11-21 00:35 EST'],
    ['Asia/Kolkata', endS, '2026-11-21 11:05 IST'],
    ['UTC', endS, '2026-11-21 05:35 UTC'],
    ['Asia/Shanghai', endS, '2026-11-21 13:35 UTC+8'],
  ])('in %s at %d is %s', (zone, timeS, text) => {
    expect(formatLocal(zone, timeS)).toBe(text);
    expect(text.endsWith(zoneName(zone, timeS))).toBe(true);
  });

  test('is parsed back, except that a skipped wall time becomes the moment of the change', () => {
    const changeS = Date.UTC(2026, 2, 29, 1, 0) / 1000;
    expect(timeOfWall('Europe/Berlin', Date.UTC(2026, 2, 29, 2, 30) / 1000)).toBe(changeS);
    expect(zoneOffsetS('Europe/Berlin', changeS - 1)).toBe(hourS);
    expect(zoneOffsetS('Europe/Berlin', changeS)).toBe(2 * hourS);
    expect(timeOfWall('Asia/Kolkata', Date.UTC(2026, 0, 1) / 1000)).toBe(Date.UTC(2025, 11, 31, 18, 30) / 1000);
  });
});
