import { describe, expect, test } from 'vitest';
import {
  archiveKeptS,
  formatRetention,
  parseRetention,
  rowLengthFor,
  standardRetention,
} from '../../src/model/retention.js';

const dayS = 86_400;

describe('a retention', () => {
  test.each(['5m:100d,30m:100d,2h:200d,1d:797d', '1m:7d,10m:30d,1h:365d,1d:3650d', '1h:30d', '15m:2d,1d:2d'])(
    '%s round-trips',
    (text) => {
      expect(formatRetention(parseRetention(text))).toBe(text);
    },
  );

  test('equals the standard one in any spelling', () => {
    expect(parseRetention(' 5m:100d, 30m:100d,120m:200d ,24h:797d')).toEqual(standardRetention);
  });

  test('counts years as 365 days', () => {
    expect(parseRetention('1m:31d,1h:10y').rras).toEqual([
      { pdpPerRow: 1, rows: 31 * 1440 },
      { pdpPerRow: 60, rows: 3650 * 24 },
    ]);
  });

  test.each([
    ['', /"": a part is a length and a time, such as 5m:100d/],
    ['5m', /"5m": a part is/],
    ['5m:100d,', /a part is/],
    ['300s:100d', /"300s:100d": a part is/],
    ['0m:100d', /"0m:100d": a part is/],
    ['7m:100d', /"7m:100d": the first length is the step: whole minutes that divide an hour/],
    ['2h:100d', /"2h:100d": the first length is the step/],
    ['5m:100d,7m:100d', /"7m:100d": a day must be a whole number of rows/],
    ['10m:100d,15m:100d', /"15m:100d": a row must be a whole number of steps of 10m/],
    ['5m:100d,2d:200d', /"2d:200d": a day must be/],
    ['5m:100d,5m:200d', /"5m:200d": its rows must be longer than those of 5m:100d/],
    ['5m:100d,30m:50d', /"30m:50d": it must reach back as far as 5m:100d/],
    ['5m:36h', /"5m:36h": rows are kept for whole days, at least two/],
    ['5m:1d', /"5m:1d": rows are kept for whole days/],
    ['1m:3y', /"1m:3y": it keeps 1576800 rows; the maximum is 110000/],
    ['1h:2y,1d:21y', /"1d:21y": rows are kept for at most 20 years/],
    ['1m:2d,2m:3d,3m:4d,4m:5d,5m:6d', /it has 5 parts; the maximum is 4/],
  ])('%j is rejected with the invalid part', (text, message) => {
    expect(() => parseRetention(text)).toThrowError(message);
    expect(() => parseRetention(text)).toThrowError(expect.objectContaining({ code: 'bad-retention' }));
  });
});

describe('the rows of a span', () => {
  test.each([
    [dayS, 300, 300],
    [7 * dayS, 1800, 1800],
    [31 * dayS, 7200, 7200],
    [365 * dayS, dayS, dayS],
    [200 * dayS, 300, 7200],
    [9000 * dayS, 300, dayS],
  ])('of %d s, for which %d s are requested, are %d s long in standard archives', (spanS, wishS, rowS) => {
    expect(rowLengthFor(standardRetention, { spanS, wishS })).toBe(rowS);
  });

  test('are the nearest that cover it if the requested length is missing', () => {
    const retention = parseRetention('1m:7d,1h:400d');
    expect(rowLengthFor(retention, { spanS: dayS, wishS: 300 })).toBe(60);
    expect(rowLengthFor(retention, { spanS: 31 * dayS, wishS: 7200 })).toBe(3600);
    expect(rowLengthFor(retention, { spanS: 365 * dayS, wishS: dayS })).toBe(3600);
  });
});

describe('a gone archive is kept', () => {
  test.each([
    ['5m:100d,30m:100d,2h:200d,1d:797d', 797, 100],
    ['1m:7d,1h:365d', 365, 100],
    ['5m:300d,1d:797d', 797, 300],
    ['10m:5d', 5, 5],
  ])("with %s for %d days, a real server's for %d", (text, days, serverDays) => {
    const retention = parseRetention(text);
    expect(archiveKeptS(retention, false)).toBe(days * dayS);
    expect(archiveKeptS(retention, true)).toBe(serverDays * dayS);
  });
});
