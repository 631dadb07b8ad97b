import { describe, expect, test } from 'vitest';
import { parseSyncDaemons } from '../../../src/collect/ipvs/parse-sync-daemons.js';
import { procFile } from '../proc-fixture.js';

describe('parseSyncDaemons', () => {
  test("returns master and backup in ipvsadm's words", () => {
    expect(parseSyncDaemons(procFile('daemons/both.txt'))).toBe(
      'master (mcast=lo, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1), ' +
        'backup (mcast=lo, syncid=8, maxlen=65507, group=224.0.0.81, port=8848, ttl=1)',
    );
    expect(parseSyncDaemons(procFile('daemons/master.txt'))).toMatch(/^master \(mcast=lo, [^)]*\)$/);
  });

  test('accepts output without a daemon', () => {
    expect(parseSyncDaemons(procFile('daemons/none.txt'))).toBe('');
  });

  test('ignores anything else', () => {
    expect(parseSyncDaemons('IP Virtual Server version 1.2.1 (size=4096)\n')).toBeNull();
    expect(parseSyncDaemons(`${procFile('daemons/master.txt')}what is this\n`)).toBeNull();
  });
});
