import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readKernel } from '../../src/collect/read-kernel.js';
import { fixturePath } from './capture.js';

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
