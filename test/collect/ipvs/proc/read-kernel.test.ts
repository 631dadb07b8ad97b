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
  test('tells totals, processors, the connection table and the switch of a kernel', () => {
    const kernel = read('traffic');
    expect(kernel.totals?.inPkts).toBeGreaterThan(0n);
    expect(kernel.ratesPerS?.inPkts).toBeGreaterThan(0n);
    expect(kernel.processors.size).toBe(2);
    expect(kernel).toMatchObject({ tableSize: 4096, tableEntries: null, isEstimating: true, laterTotals: null });
  });

  test('finds the processors ahead of the totals by no more than a refresh', () => {
    const { totals, processors } = read('traffic');
    const counted = [...processors.values()].reduce((sum, { inPkts }) => sum + inPkts, 0n);
    expect(counted).toBeGreaterThanOrEqual(totals?.inPkts ?? 0n);
  });

  test('sees that counters are frozen', () => {
    expect(read('frozen').isEstimating).toBe(false);
  });

  test('counts the connections where the kernel keeps them apart', () => {
    expect(read('unmerged').tableEntries).toBeGreaterThan(100);
  });

  test('does not count connections together with what others keep in the same cache', () => {
    cpSync(fixturePath('proc/unmerged'), join(root, 'proc'), { recursive: true });
    const sys = join(root, 'sys/kernel/slab/ip_vs_conn');
    mkdirSync(sys, { recursive: true });
    writeFileSync(join(sys, 'aliases'), '0\n');
    expect(readKernel(join(root, 'proc')).tableEntries).toBeGreaterThan(100);
    writeFileSync(join(sys, 'aliases'), '1\n');
    expect(readKernel(join(root, 'proc')).tableEntries).toBeNull();
  });

  test('tells a table of Linux 7 exactly, though its kernel keeps connections together with others, and which size it has by now', () => {
    expect(read('kernel-7/traffic')).toMatchObject({ tableSize: 1024, tableEntries: 40, estimationCpus: '0-1' });
    expect(read('kernel-7/stopped')).toMatchObject({ tableSize: 2048, tableEntries: 80 });
    expect(read('kernel-7/unused')).toMatchObject({ tableSize: 0, tableEntries: 0 });
  });

  test('sees that there is no processor on which the kernel may estimate, and knows of no such setting before', () => {
    expect(read('kernel-7/stopped')).toMatchObject({ isEstimating: true, estimationCpus: '' });
    expect(read('traffic')).not.toHaveProperty('estimationCpus');
  });

  describe('without the right to read the status', () => {
    const proc = join(root, 'closed/proc');
    cpSync(fixturePath('proc/kernel-7/traffic'), proc, { recursive: true });
    rmSync(join(proc, 'net/ip_vs_status'));
    // A folder cannot be read as a file, not even by root.
    mkdirSync(join(proc, 'net/ip_vs_status'));

    test('takes the one that root has handed over', () => {
      const handed = 'Conns:\t41\nConn buckets:\t1024 (10 bits, lfactor -4)';
      expect(readKernel(proc, handed)).toMatchObject({ tableSize: 1024, tableEntries: 41 });
    });

    test.each([
      ['nothing was handed over', null],
      [
        'that is of a table of another size, as of another namespace',
        'Conns:\t41\nConn buckets:\t4096 (12 bits, lfactor -4)',
      ],
      ['that is something else', 'none'],
    ])('does not know the connections where %s, and asks no older file', (_, handed) => {
      writeFileSync(join(proc, 'slabinfo'), 'ip_vs_conn            1530       1550    320   25    2 : tunables\n');
      expect(readKernel(proc, handed)).toMatchObject({ tableSize: 1024, tableEntries: null });
    });
  });

  test('does not believe a status that was handed over where the kernel has no such file', () => {
    const handed = 'Conns:\t41\nConn buckets:\t4096 (12 bits, lfactor -4)';
    expect(readKernel(fixturePath('proc/traffic'), handed).tableEntries).toBeNull();
  });

  test('knows nothing without the files, which is no error', () => {
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
