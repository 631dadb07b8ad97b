import { describe, expect, test } from 'vitest';
import { parseIpVsStatus } from '../../../../src/collect/ipvs/proc/parse-ip-vs-status.js';
import { procFile } from '../../proc-fixture.js';

describe('parseIpVsStatus', () => {
  test.each([
    ['traffic', { entries: 40, buckets: 1024 }],
    ['stopped', { entries: 80, buckets: 2048 }],
    ['unused', { entries: 0, buckets: 0 }],
  ])('reads the connections and buckets in "%s"', (folder, expected) => {
    expect(parseIpVsStatus(procFile(`kernel-7/${folder}/net/ip_vs_status`))).toEqual(expected);
  });

  test('needs only two lines, the second without its end', () => {
    expect(parseIpVsStatus('Conns:\t40\nConn buckets:\t1024 (10 bits, lfactor -4)')).toEqual({
      entries: 40,
      buckets: 1024,
    });
  });

  test.each([
    ['nothing', ''],
    ['the placeholder of a missing file', 'none'],
    ['a truncated number', 'Conns:\t40\nConn buckets:\t10'],
    ['a negative number', 'Conns:\t-1\nConn buckets:\t1024 (10 bits, lfactor -4)\n'],
    ['an endless number', `Conns:\t${'9'.repeat(40)}\nConn buckets:\t1024 (10 bits, lfactor -4)\n`],
    ['lines in another order', 'Conn buckets:\t1024 (10 bits, lfactor -4)\nConns:\t40\n'],
    ['another file', 'IP Virtual Server version 1.2.1 (size=1024)\n'],
  ])('ignores %s', (_, text) => {
    expect(parseIpVsStatus(text)).toBeNull();
  });
});
