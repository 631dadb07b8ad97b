import { describe, expect, test } from 'vitest';
import { parseIpVsStats } from '../../../../src/collect/ipvs/proc/parse-ip-vs-stats.js';
import { procFile } from '../../proc-fixture.js';

const zero = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

describe('parseIpVsStats', () => {
  test('reads totals and rates of a kernel, which are hexadecimal', () => {
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
    ['a row that is cut off', sample.slice(0, sample.indexOf('\n\n') - 3).replace(/ [0-9A-F]*$/, '')],
    ['a number that is none', sample.replace(/^ +[0-9A-F]+/m, ' xyz')],
    ['rates that are missing', sample.slice(0, sample.indexOf('\n\n'))],
  ])('makes nothing of %s', (_, text) => {
    expect(parseIpVsStats(text)).toBeNull();
  });
});
