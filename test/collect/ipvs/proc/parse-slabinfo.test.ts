import { describe, expect, test } from 'vitest';
import { parseSlabinfo } from '../../../../src/collect/ipvs/proc/parse-slabinfo.js';
import { procFile } from '../../proc-fixture.js';

describe('parseSlabinfo', () => {
  test('reads the connections if the kernel does not merge its caches', () => {
    expect(parseSlabinfo(procFile('unmerged/slabinfo'))).toBeGreaterThan(100);
  });

  test('returns unknown, not zero, if the kernel merges its caches', () => {
    expect(procFile('traffic/slabinfo')).toMatch(/^slabinfo - version: 2\.1\n/);
    expect(parseSlabinfo(procFile('traffic/slabinfo'))).toBeNull();
  });

  test('returns unknown for an unreadable file', () => {
    expect(parseSlabinfo('')).toBeNull();
  });
});
