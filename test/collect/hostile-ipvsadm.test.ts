// Every way in which ipvsadm is known to misbehave (bin/misbehaves): the result is soon the table or a typed error with a clear
// message, and no process stays behind.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ListingLimits, usualLimits } from '../../src/collect/ipvs/ipvsadm.js';
import { parseListings } from '../../src/collect/ipvs/join.js';
import { readSnapshot } from '../../src/collect/ipvs/read-snapshot.js';
import { patienceMs } from '../until.js';
import { capture } from './capture.js';
import { misbehaving } from './fake-ipvsadm.js';
import { processesMarked } from './marked-processes.js';

const pair = { stats: 'zoo/027-stats-exact.txt', table: 'zoo/025-list.txt' } as const;
const { services } = parseListings({ statsText: capture(pair.stats), tableText: capture(pair.table) });

const patient = { ...usualLimits, timeoutMs: patienceMs };

/** Reads the table of a misbehaving ipvsadm. */
function read(how: string, limits: ListingLimits) {
  const ipvsadm = misbehaving(how, pair);
  return readSnapshot({ ipvsadm, procRoot: '/proc', nowS: () => 1, isComplete: () => true, pauseMs: 1, limits });
}

const mark = `misbehaving-${process.pid}`;

beforeEach(() => {
  process.env['MARK'] = mark;
});

afterEach(async () => {
  delete process.env['MARK'];
  await expect.poll(() => processesMarked(mark)).toEqual([]);
});

describe('an ipvsadm that', () => {
  test.each(['slowly', 'byte-by-byte', 'grumbles', 'crlf'])('works %s is read correctly', async (how) => {
    const { snapshot } = await read(how, patient);
    expect(snapshot.services).toEqual(services);
  });

  test.each([
    ['half', 'cut-off', /is cut off: its last line, ".*", has no line end; read it again/],
    ['nothing', 'no-header', /gave nothing at all, not even the header .* Run it by hand to see$/],
    ['blanks', 'no-header', /gave blanks only, not even the header/],
    ['garbage', 'no-header', /^[\x20-\x7e…]+$/],
    ['html', 'no-header', /begins with "<html>/],
    ['zeros', 'cut-off', /has no line end/],
    ['translated', 'no-header', /Serveur virtuel/],
    ['locale', 'failed', /said "LC_ALL is C"/],
    ['complains-whole', 'failed', /failed with exit status 1 and said "IPVS: memory allocation error"/],
    ['killed-whole', 'failed', /was ended by SIGKILL/],
    ['killed-half', 'failed', /was ended by SIGKILL/],
    ['gigabyte', 'too-much-output', /wrote more than \d+ bytes and was ended: no table is that large/],
    ['gigabyte-line', 'too-much-output', /wrote more than \d+ bytes and was ended: no table is that large/],
    ['gigabyte-said', 'too-much-output', /more than \d+ bytes to standard error.*beginning with "!!!!/],
    ['closes-half', 'timed-out', /did not finish within 0.5 s/],
    ['closes-all', 'timed-out', /did not finish within 0.5 s/],
    ['stops', 'timed-out', /did not finish within 0.5 s/],
    ['forks', 'timed-out', /did not finish within 0.5 s/],
    ['forks-deep', 'timed-out', /did not finish within 0.5 s/],
    ['waits', 'timed-out', /did not finish within 0.5 s/],
  ] as const)('misbehaves (%s) fails with a typed error that says how', async (how, code, says) => {
    const limits = code === 'timed-out' ? { ...usualLimits, timeoutMs: 500 } : { ...patient, outputBytes: 2 ** 21 };
    const reading = read(how, limits);
    await expect(reading).rejects.toMatchObject({ name: 'CollectError', code, message: expect.stringMatching(says) });
  });

  test('groups digits loses the entries with large numbers', async () => {
    const { snapshot, notes } = await read('groups', patient);
    expect(snapshot.services.length).toBeGreaterThan(20);
    expect(snapshot.services.length + (snapshot.unread?.size ?? 0)).toBeGreaterThanOrEqual(services.length);
    for (const { kind, text } of notes) {
      expect(kind).toBe('refused');
      expect(text).toMatch(/line \d+ of .*: expected a whole number, found "\d+\.\d\d\d/);
    }
  });

  test('prints the largest possible table stays far below the limit, a gigabyte far above', () => {
    const lines = 10_000 * 11;
    const longest = `  -> [2001:db8:1:0:aaaa:bbbb:cccc:dddd]:65535${' 18446744073709551615'.repeat(5)}\n`.length;
    expect(usualLimits.outputBytes).toBeGreaterThan(2 * lines * longest);
    // A million real servers with ordinary counters: 87 MB.
    expect(usualLimits.outputBytes).toBeGreaterThan(88e6);
    expect(usualLimits.outputBytes).toBeLessThan(2 ** 30 / 8);
  });
});
