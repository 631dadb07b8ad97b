import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readKernel } from '../../../../src/collect/ipvs/proc/read-kernel.js';
import { fixturePath } from '../../capture.js';

const root = mkdtempSync(join(tmpdir(), 'kernel-'));
afterAll(() => rmSync(root, { recursive: true }));

const read = (folder: string) => readKernel(fixturePath(`proc/${folder}`));

describe('readKernel', () => {
  test('reads totals, processors, the connection table and the switch', () => {
    const kernel = read('traffic');
    expect(kernel.totals?.inPkts).toBeGreaterThan(0n);
    expect(kernel.ratesPerS?.inPkts).toBeGreaterThan(0n);
    expect(kernel.processors.size).toBe(2);
    expect(kernel).toMatchObject({ tableSize: 4096, tableEntries: null, isEstimating: true, laterTotals: null });
  });

  test('finds the processors at or ahead of the totals', () => {
    const { totals, processors } = read('traffic');
    const counted = [...processors.values()].reduce((sum, { inPkts }) => sum + inPkts, 0n);
    expect(counted).toBeGreaterThanOrEqual(totals?.inPkts ?? 0n);
  });

  test('recognises frozen counters', () => {
    expect(read('frozen').isEstimating).toBe(false);
  });

  test('counts connections if they have their own cache', () => {
    expect(read('unmerged').tableEntries).toBeGreaterThan(100);
  });

  test('does not count connections in a shared cache', () => {
    cpSync(fixturePath('proc/unmerged'), join(root, 'proc'), { recursive: true });
    const sys = join(root, 'sys/kernel/slab/ip_vs_conn');
    mkdirSync(sys, { recursive: true });
    writeFileSync(join(sys, 'aliases'), '0\n');
    expect(readKernel(join(root, 'proc')).tableEntries).toBeGreaterThan(100);
    writeFileSync(join(sys, 'aliases'), '1\n');
    expect(readKernel(join(root, 'proc')).tableEntries).toBeNull();
  });

  test("reads the size and connections of Linux 7's table despite a shared cache", () => {
    expect(read('kernel-7/traffic')).toMatchObject({ tableSize: 1024, tableEntries: 40, estimationCpus: '0-1' });
    expect(read('kernel-7/stopped')).toMatchObject({ tableSize: 2048, tableEntries: 80 });
    expect(read('kernel-7/unused')).toMatchObject({ tableSize: 0, tableEntries: 0 });
  });

  test('reads an empty list of estimating processors, and none from older kernels', () => {
    expect(read('kernel-7/stopped')).toMatchObject({ isEstimating: true, estimationCpus: '' });
    expect(read('traffic')).not.toHaveProperty('estimationCpus');
  });

  describe('without permission to read the status', () => {
    const proc = join(root, 'closed/proc');
    cpSync(fixturePath('proc/kernel-7/traffic'), proc, { recursive: true });
    rmSync(join(proc, 'net/ip_vs_status'));
    // Not even root can read a folder as a file.
    mkdirSync(join(proc, 'net/ip_vs_status'));

    test('uses the status that root passed', () => {
      const handed = 'Conns:\t41\nConn buckets:\t1024 (10 bits, lfactor -4)';
      expect(readKernel(proc, handed)).toMatchObject({ tableSize: 1024, tableEntries: 41 });
    });

    test.each([
      ['without a status', null],
      [
        "with the status of another size, such as another namespace's",
        'Conns:\t41\nConn buckets:\t4096 (12 bits, lfactor -4)',
      ],
      ['with something else', 'none'],
    ])('%s returns unknown connections and reads no older file', (_, handed) => {
      writeFileSync(join(proc, 'slabinfo'), 'ip_vs_conn            1530       1550    320   25    2 : tunables\n');
      expect(readKernel(proc, handed)).toMatchObject({ tableSize: 1024, tableEntries: null });
    });
  });

  test('ignores a passed status if the kernel has no such file', () => {
    const handed = 'Conns:\t41\nConn buckets:\t4096 (12 bits, lfactor -4)';
    expect(readKernel(fixturePath('proc/traffic'), handed).tableEntries).toBeNull();
  });

  test('returns unknown without the files', () => {
    expect(readKernel(join(root, 'nowhere'))).toEqual({
      totals: null,
      ratesPerS: null,
      laterTotals: null,
      processors: new Map(),
      tableSize: null,
      tableEntries: null,
      isEstimating: null,
      syncDaemons: null,
    });
  });
});
