import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CollectError } from '../../../src/collect/collect-error.js';
import { type ListingLimits, listingSources, readListings, usualLimits } from '../../../src/collect/ipvs/ipvsadm.js';
import type { IpvsadmCommand } from '../../../src/collect/ipvs/locate-ipvsadm.js';
import { patienceMs } from '../../until.js';
import { capture, fixturePath, latin1 } from '../capture.js';
import { fake, printing } from '../fake-ipvsadm.js';

const [quick, patient] = [300, patienceMs].map((timeoutMs) => ({ ...usualLimits, timeoutMs })) as [
  ListingLimits,
  ListingLimits,
];

async function errorOf(command: IpvsadmCommand, limits = patient): Promise<CollectError> {
  try {
    await readListings(command, limits);
  } catch (error) {
    if (error instanceof CollectError) return error;
    throw error;
  }
  throw new Error('was read');
}

/** Number of processes whose command line contains the text. */
function processesWith(text: string): number {
  const isMatch = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMatch(name)).length;
}

describe('readListings', () => {
  test('returns both texts byte for byte', async () => {
    const raw = await readListings(printing('zoo/027-stats-exact.txt', 'zoo/025-list.txt'), patient);
    expect(latin1(raw.statsText)).toBe(capture('zoo/027-stats-exact.txt'));
    expect(latin1(raw.tableText)).toBe(capture('zoo/025-list.txt'));
  });

  test('keeps non-ASCII bytes and a missing last line end', async () => {
    const raw = await readListings(fake('prints', fixturePath('bin/odd-bytes'), fixturePath('bin/odd-bytes')), patient);
    expect(latin1(raw.statsText)).toBe('\u00e9\u0000\u00ff\r\nno end');
  });

  test.each([
    ['not permitted', ['fails', '2', 'access/017-loaded-nobody-stats-exact.stderr'], 'not-permitted'],
    ['without the module', ['fails', '2', 'access/001-nomodule-root-stats-exact.stderr'], 'module-not-loaded'],
    ['without the program', ['fails', '127', 'access/007-noipvsadm.stderr'], 'no-ipvsadm'],
    ['called wrongly', ['fails', '255', 'access/028-bad-option.stderr'], 'failed'],
    ['killed by a signal', ['breaks-itself'], 'failed'],
    ['missing', ['no-such-script'], 'no-ipvsadm'],
    ['not executable', ['odd-bytes'], 'failed'],
    ['a folder', [''], 'failed'],
    ['named with a zero byte', ['\0'], 'failed'],
  ] as const)('reports an ipvsadm that is %s', async (_, [script, status, stderr], code) => {
    const args = status === undefined ? [] : [status, fixturePath(`ipvs/${stderr}`)];
    const error = await errorOf(fake(script, ...args));
    expect(error.code).toBe(code);
    expect(error.message).toContain('-L -n --stats --exact"');
  });

  test('kills an ipvsadm that hangs, and its children, even if they ignore SIGTERM', async () => {
    const mark = `mark-${process.pid}-${Math.trunc(performance.now() * 1000)}`;
    const error = await errorOf(fake('hangs', mark), quick);
    expect(error.code).toBe('timed-out');
    expect(error.message).toContain('did not finish within 0.3 s');
    await expect.poll(() => processesWith(mark)).toBe(0);
  });

  test('does not wait for a child that keeps the pipe of an ended program open', async () => {
    const command = fake(
      'leaves-child',
      fixturePath('ipvs/empty/003-stats-exact.txt'),
      fixturePath('ipvs/empty/001-list.txt'),
    );
    expect((await errorOf(command, quick)).code).toBe('timed-out');
  });

  test('kills an ipvsadm that writes endlessly, even if it ignores a closed pipe and SIGTERM', async () => {
    const error = await errorOf(fake('floods'), { ...patient, outputBytes: 1 << 20 });
    expect(error.code).toBe('too-much-output');
    expect(error.message).toContain('more than 1048576 bytes');
  });

  test('accepts output up to the limit', async () => {
    const { length } = capture('zoo/027-stats-exact.txt');
    const command = printing('zoo/027-stats-exact.txt', 'empty/001-list.txt');
    expect((await readListings(command, { ...patient, outputBytes: length })).statsText).toHaveLength(length);
    expect((await errorOf(command, { ...patient, outputBytes: length - 1 })).code).toBe('too-much-output');
  });
});

describe('listingSources', () => {
  test.each([
    [{ file: '/usr/sbin/ipvsadm', args: [], isLocal: true }, '"ipvsadm -L -n"'],
    [{ file: 'sudo', args: ['ipvsadm'], isLocal: true }, '"sudo ipvsadm -L -n"'],
    [{ file: 'ssh', args: ['lb1', 'ipvsadm'], isLocal: false }, '"ssh lb1 ipvsadm -L -n"'],
  ])('name the configured command: %j', (command, table) => {
    expect(listingSources(command).table).toBe(table);
  });
});
