import { describe, expect, test } from 'vitest';
import { parseIpVsStats, parseIpVsStatsPercpu } from '../../../../src/collect/ipvs/proc/parse-ip-vs-stats.js';
import { procFile } from '../../proc-fixture.js';

const zero = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

describe('parseIpVsStats', () => {
  test('reads hexadecimal totals and rates', () => {
    expect(parseIpVsStats(procFile('idle/net/ip_vs_stats'))).toEqual({ totals: zero, ratesPerS: zero });
    const stats = parseIpVsStats(procFile('traffic/net/ip_vs_stats'));
    expect(stats).not.toBeNull();
    for (const value of Object.values(stats?.totals ?? {})) expect(value).toBeGreaterThan(0n);
    for (const value of Object.values(stats?.ratesPerS ?? {})) expect(value).toBeGreaterThan(0n);
  });

  test('reads counters of 64 bits exactly', () => {
    const text = procFile('idle/net/ip_vs_stats').replace(
      '       0        0        0                0                0',
      'FFFFFFFF 123456789 A FFFFFFFFFFFFFFFF 20000000000001',
    );
    expect(parseIpVsStats(text)?.totals).toEqual({
      conns: 0xffffffffn,
      inPkts: 0x123456789n,
      outPkts: 10n,
      inBytes: 2n ** 64n - 1n,
      outBytes: 2n ** 53n + 1n,
    });
  });

  const sample = procFile('traffic/net/ip_vs_stats');
  test.each([
    ['nothing', ''],
    ['other columns', sample.replace('Conns ', 'Flows ')],
    ['a truncated row', sample.slice(0, sample.indexOf('\n\n') - 3).replace(/ [0-9A-F]*$/, '')],
    ['an invalid number', sample.replace(/^ +[0-9A-F]+/m, ' xyz')],
    ['a text without rates', sample.slice(0, sample.indexOf('\n\n'))],
  ])('ignores %s', (_, text) => {
    expect(parseIpVsStats(text)).toBeNull();
  });
});

describe('parseIpVsStatsPercpu', () => {
  const sample = procFile('traffic/net/ip_vs_stats_percpu');

  test('reads the counters of each processor', () => {
    const processors = parseIpVsStatsPercpu(sample);
    expect([...processors.keys()]).toEqual([0, 1]);
    for (const { inPkts, inBytes } of processors.values()) expect(inBytes).toBeGreaterThan(inPkts);
  });

  test('reads hexadecimal processor numbers', () => {
    const row = sample.split('\n')[2] ?? '';
    const many = Array.from({ length: 18 }, (_, i) => i.toString(16).toUpperCase().padStart(3) + row.slice(3));
    const lines = sample.split('\n');
    const text = [...lines.slice(0, 2), ...many, ...lines.slice(4)].join('\n');
    expect([...parseIpVsStatsPercpu(text).keys()]).toEqual(many.map((_, i) => i));
  });

  test.each([
    ['nothing', ''],
    ['other columns', sample.replace('CPU ', 'xyz ')],
    ['a text truncated before its sum', sample.slice(0, sample.indexOf('  ~'))],
    ['a row that lacks a counter', sample.replace(/ [0-9A-F]+\n {2}~/, '\n  ~')],
  ])('ignores %s', (_, text) => {
    expect(parseIpVsStatsPercpu(text).size).toBe(0);
  });
});
