import { describe, expect, test } from 'vitest';
import { parseIpVsStatsPercpu } from '../../../../src/collect/ipvs/proc/parse-ip-vs-stats-percpu.js';
import { procFile } from '../../proc-fixture.js';

const sample = procFile('traffic/net/ip_vs_stats_percpu');

describe('parseIpVsStatsPercpu', () => {
  test('reads what each processor of a kernel has counted', () => {
    const processors = parseIpVsStatsPercpu(sample);
    expect([...processors.keys()]).toEqual([0, 1]);
    for (const { inPkts, inBytes } of processors.values()) expect(inBytes).toBeGreaterThan(inPkts);
  });

  test('takes the number of a processor for hexadecimal, as it is', () => {
    const row = sample.split('\n')[2] ?? '';
    const many = Array.from({ length: 18 }, (_, i) => i.toString(16).toUpperCase().padStart(3) + row.slice(3));
    const lines = sample.split('\n');
    const text = [...lines.slice(0, 2), ...many, ...lines.slice(4)].join('\n');
    expect([...parseIpVsStatsPercpu(text).keys()]).toEqual(many.map((_, i) => i));
  });

  test.each([
    ['nothing', ''],
    ['other columns', sample.replace('CPU ', 'xyz ')],
    ['a text that is cut off before its sum', sample.slice(0, sample.indexOf('  ~'))],
    ['a row that lacks a counter', sample.replace(/ [0-9A-F]+\n {2}~/, '\n  ~')],
  ])('makes nothing of %s', (_, text) => {
    expect(parseIpVsStatsPercpu(text).size).toBe(0);
  });
});
