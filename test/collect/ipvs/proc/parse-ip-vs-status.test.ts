import { describe, expect, test } from 'vitest';
import { parseIpVsStatus } from '../../../../src/collect/ipvs/proc/parse-ip-vs-status.js';
import { procFile } from '../../proc-fixture.js';

describe('parseIpVsStatus', () => {
  test.each([
    ['traffic', { entries: 40, buckets: 1024 }],
    ['stopped', { entries: 80, buckets: 2048 }],
    ['unused', { entries: 0, buckets: 0 }],
  ])('reads the connections and the buckets of a kernel in "%s"', (folder, expected) => {
    expect(parseIpVsStatus(procFile(`kernel-7/${folder}/net/ip_vs_status`))).toEqual(expected);
  });

  test('reads its first two lines alone, without the end of the second', () => {
    expect(parseIpVsStatus('Conns:\t40\nConn buckets:\t1024 (10 bits, lfactor -4)')).toEqual({
      entries: 40,
      buckets: 1024,
    });
  });

  test.each([
    ['nothing', ''],
    ['the word that stands for a file that is not there', 'none'],
    ['a number that was cut', 'Conns:\t40\nConn buckets:\t10'],
    ['a number below zero', 'Conns:\t-1\nConn buckets:\t1024 (10 bits, lfactor -4)\n'],
    ['a number without end', `Conns:\t${'9'.repeat(40)}\nConn buckets:\t1024 (10 bits, lfactor -4)\n`],
    ['lines in another order', 'Conn buckets:\t1024 (10 bits, lfactor -4)\nConns:\t40\n'],
    ['another file', 'IP Virtual Server version 1.2.1 (size=1024)\n'],
  ])('knows nothing from %s', (_, text) => {
    expect(parseIpVsStatus(text)).toBeNull();
  });
});
