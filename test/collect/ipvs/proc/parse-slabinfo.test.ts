import { describe, expect, test } from 'vitest';
import { parseSlabinfo } from '../../../../src/collect/ipvs/proc/parse-slabinfo.js';
import { procFile } from '../../proc-fixture.js';

describe('parseSlabinfo', () => {
  test('reads the connections of a kernel that does not merge its caches', () => {
    expect(parseSlabinfo(procFile('unmerged/slabinfo'))).toBeGreaterThan(100);
  });

  test('knows nothing where they are merged with others, and does not take that for zero', () => {
    expect(procFile('traffic/slabinfo')).toMatch(/^slabinfo - version: 2\.1\n/);
    expect(parseSlabinfo(procFile('traffic/slabinfo'))).toBeNull();
  });

  test('knows nothing where it cannot be read', () => {
    expect(parseSlabinfo('')).toBeNull();
  });
});
