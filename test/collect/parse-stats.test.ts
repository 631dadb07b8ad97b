import { describe, expect, test } from 'vitest';
import { CollectError } from '../../src/collect/collect-error.js';
import { parseStats } from '../../src/collect/parse-stats.js';
import { serviceName } from '../../src/model/name.js';
import type { Counters } from '../../src/model/snapshot.js';
import { capture, hostileLines } from './capture.js';

const header = capture('empty/003-stats-exact.txt');
const oneService = `${header}TCP  10.9.1.1:80    0 0 0 0 0\n  -> 10.1.0.11:80   0 0 0 0 0\n`;

function errorOf(text: string): CollectError {
  try {
    parseStats(text);
  } catch (error) {
    if (error instanceof CollectError) return error;
    throw error;
  }
  throw new Error('was parsed');
}

function numbers(counters: Counters | undefined): string {
  return counters === undefined ? 'missing' : Object.values(counters).join(' ');
}

describe('captures', () => {
  test('a table without virtual servers is a result', () => {
    expect(parseStats(header).size).toBe(0);
  });

  test('every kind of virtual server is read by its identity', () => {
    const stats = parseStats(capture('zoo/027-stats-exact.txt'));
    const ids = [...stats.values()].map(({ id }) => id);
    expect(stats.size).toBe(86);
    expect(ids).toContainEqual({ kind: 'mark', mark: 4000000000, family: 'ipv4' });
    expect(ids).toContainEqual({ kind: 'mark', mark: 7, family: 'ipv4' });
    expect(ids).toContainEqual({ kind: 'mark', mark: 7, family: 'ipv6' });
    expect(ids).toContainEqual({ kind: 'address', protocol: 'sctp', address: '2001:db8:9::1', port: 9899 });
    expect(ids).toContainEqual({ kind: 'address', protocol: 'udp', address: '10.9.1.2', port: 5060 });
    expect(ids).toContainEqual({
      kind: 'address',
      protocol: 'tcp',
      address: '2001:db8:9:0:aaaa:bbbb:cccc:dddd',
      port: 65535,
    });
  });

  test('every counter of every line is kept: the sums are those of the columns', () => {
    const text = capture('zoo/027-stats-exact.txt');
    const columns = text
      .split('\n')
      .slice(3, -1)
      .map((line) => line.trim().split(/\s+/).slice(-5).map(BigInt));
    const expected = [0, 1, 2, 3, 4].map((column) => columns.reduce((sum, row) => sum + (row[column] ?? 0n), 0n));
    const sums = [0n, 0n, 0n, 0n, 0n];
    for (const service of parseStats(text).values()) {
      for (const { counters } of [service, ...service.realServers.values()]) {
        for (const [column, value] of Object.values(counters).entries()) sums[column] = (sums[column] ?? 0n) + value;
      }
    }
    expect(sums).toEqual(expected);
    expect(sums[0]).toBeGreaterThan(0n);
  });

  test('a virtual server and its real servers keep their own counters', () => {
    const service = parseStats(capture('zoo/027-stats-exact.txt')).get('tcp 10.9.1.1:80');
    expect(numbers(service?.counters)).toBe('24 128 94 8064 32145');
    expect(numbers(service?.realServers.get('10.1.0.11:80')?.counters)).toBe('12 62 46 3890 13458');
    expect(numbers(service?.realServers.get('10.1.0.12:80')?.counters)).toBe('12 66 48 4174 18687');
  });

  test('numbers that touch the address column, or exceed 32 bits, are exact', () => {
    const service = parseStats(capture('big/025-fake-set-4294967297-stats-exact.txt')).get(
      'tcp [2001:db8:9:0:aaaa:bbbb:cccc:dddd]:80',
    );
    expect(numbers(service?.counters)).toBe('4294967297 4294967297 4294967297 4294967297 4294967297');
    const [realServer] = service?.realServers.values() ?? [];
    expect(numbers(realServer?.counters)).toBe('1 1 1 4294967297 4294967297');
  });

  test.each([
    ['zoo/010-stats-exact-nosort.txt', 'zoo/003-stats-exact.txt'],
    ['zoo/034-stats-exact-nosort.txt', 'zoo/027-stats-exact.txt'],
  ])('%s, in another order, has the entries of the sorted listing', (unsorted, sorted) => {
    const keys = (name: string) =>
      [...parseStats(capture(name))].flatMap(([key, { realServers }]) => [
        key,
        ...[...realServers.keys()].map((realServer) => `${key} ${realServer}`),
      ]);
    expect(keys(unsorted).toSorted()).toEqual(keys(sorted).toSorted());
    expect(keys(unsorted)).not.toEqual(keys(sorted));
  });

  test('a listing torn by a rebuild, which shows a virtual server twice, is refused as such', () => {
    const { code, message } = errorOf(capture('race/002-odd-1-exit-0-1-bare.txt'));
    expect(code).toBe('duplicate');
    expect(message).toContain('line 2018');
    expect(message).toContain('10.9.1.185:80');
    expect(parseStats(capture('race/001-quiet-stats-exact.txt')).size).toBe(250);
  });

  test('2,000 virtual servers of 10 real servers are all there', () => {
    const stats = [...parseStats(capture('scale/003-after-stats-exact.txt')).values()];
    expect(new Set(stats.map(({ id }) => serviceName(id))).size).toBe(2000);
    expect(stats.every(({ realServers }) => realServers.size === 10)).toBe(true);
  });
});

describe('lines', () => {
  test.each(hostileLines('stats-invalid.txt'))('is refused, with its number and text: %s', (line) => {
    const error = errorOf(`${oneService}${line}\n`);
    expect(error.code).toBe('bad-line');
    expect(error.message).toContain('line 6 of "ipvsadm -L -n --stats --exact"');
    expect(error.message).toContain(
      line
        .slice(0, 60)
        .trim()
        .split(/[^\x20-\x7e]|\\/)[0],
    );
    expect(error.message).toMatch(/^[\x20-\x7e…]+$/);
  });

  test.each(hostileLines('stats-valid.txt'))('is taken: %s', (line) => {
    const stats = [...parseStats(`${oneService}${line}\n`).values()];
    expect(stats.length + (stats[0]?.realServers.size ?? 0)).toBe(3);
    const counters = line.includes('18446744073709551615')
      ? Array(5).fill(18446744073709551615n).join(' ')
      : '1 2 3 4 5';
    const last = stats.length === 2 ? stats[1] : [...(stats[0]?.realServers.values() ?? [])][1];
    expect(numbers(last?.counters)).toBe(counters);
  });

  test.each([
    ['a carriage return at the end', 'TCP  10.9.1.2:80 1 2 3 4 5\r'],
    ['a NUL in a number', 'TCP  10.9.1.2:80 1 2 3 4 5\0'],
    ['a NUL in an address', 'TCP  10.9.1.\0:80 1 2 3 4 5'],
    ['no-break spaces', 'TCP\u00a010.9.1.2:80\u00a01 2 3 4 5'],
    ['an escape sequence', '\u001b[31mTCP  10.9.1.2:80 1 2 3 4 5'],
    ['an empty line', ''],
    ['blanks only', '     '],
    ['a megabyte of digits', `TCP  10.9.1.2:80 1 2 3 4 ${'9'.repeat(1 << 20)}`],
    ['a megabyte of words', 'x '.repeat(1 << 20)],
  ])('with %s is refused in one printable, short message', (_, line) => {
    const { code, message } = errorOf(`${oneService}${line}\n`);
    expect(code).toBe('bad-line');
    expect(message).toMatch(/^[\x20-\x7e…]{20,400}$/);
  });

  test.each([
    ['a virtual server', 'TCP  10.9.1.1:80 1 2 3 4 5', 'virtual server is listed twice'],
    ['a real server', '  -> 10.1.0.11:80 1 2 3 4 5', 'real server is listed twice'],
  ])('%s listed twice is told as such', (_, line, said) => {
    const { code, message } = errorOf(`${oneService}${line}\n`);
    expect(code).toBe('duplicate');
    expect(message).toContain(said);
  });

  test('the same mark printed signed and unsigned is one identity', () => {
    expect(errorOf(`${header}FWM  -1 1 2 3 4 5\nFWM  4294967295 1 2 3 4 5\n`).code).toBe('duplicate');
  });

  test('a real server before any virtual server is refused', () => {
    expect(errorOf(`${header}  -> 10.1.0.11:80 1 2 3 4 5\n`).message).toContain('before any virtual server');
  });
});

describe('listings', () => {
  test.each([
    ['without --exact', 'big/005-real-over-100M-stats.txt', 'bad-line', '--exact'],
    ['without -n', 'zoo/036-stats-exact-names.txt', 'bad-line', '-n'],
    ['the table', 'zoo/025-list.txt', 'wrong-listing', '"ipvsadm -L -n"'],
    ['rates', 'zoo/029-rate-exact.txt', 'wrong-listing', 'InPPS'],
    ['thresholds', 'zoo/030-thresholds.txt', 'wrong-listing', 'Uthreshold'],
    ['one virtual server', 'zoo/049-one-tcp-stats-exact.txt', 'no-header', 'Prot LocalAddress:Port'],
    ['connections', 'empty/013-connections.txt', 'no-header', 'IPVS connection entries'],
    ['rules', 'zoo/039-save.txt', 'no-header', '-A '],
    ['the help', 'access/030-help.txt', 'no-header', 'ipvsadm v1.31'],
    ['the version', 'empty/023-version.txt', 'no-header', 'ipvsadm v1.31'],
    ['the kernel file', 'zoo/043-proc-ip_vs.txt', 'wrong-listing', '"ipvsadm -L -n"'],
    ['nothing', 'access/031-write-to-full-disk.txt', 'no-header', 'nothing at all'],
  ])('of another kind are refused: %s', (_, name, code, said) => {
    const error = errorOf(capture(name));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('cut off at any character is an error, or ends exactly at the end of a line', () => {
    const text = capture('big/022-fake-set-4294967295-stats-exact.txt');
    for (let length = 0; length < text.length; length++) {
      const cut = text.slice(0, length);
      if (length > header.length && cut.endsWith('\n')) continue;
      if (length === header.length) expect(parseStats(cut).size).toBe(0);
      else expect(errorOf(cut).code).toBe(length === 0 ? 'no-header' : 'cut-off');
    }
  });

  test.each([
    ['with CRLF line ends', capture('zoo/027-stats-exact.txt').replaceAll('\n', '\r\n'), 'wrong-listing'],
    ['behind a byte order mark', `\u00ef\u00bb\u00bf${oneService}`, 'no-header'],
    ['behind a greeting', `Welcome to lb1\n${oneService}`, 'no-header'],
    ['behind an empty line', `\n${oneService}`, 'no-header'],
    ['in UTF-16', Buffer.from(oneService, 'utf16le').toString('latin1'), 'no-header'],
    ['twice in a row', `${oneService}${oneService}`, 'bad-line'],
    ['16 MB of zero bytes', '\0'.repeat(1 << 24), 'no-header'],
    ['16 MB in one line', header + 'x'.repeat(1 << 24), 'cut-off'],
    ['8 million empty lines', header + '\n'.repeat(1 << 23), 'bad-line'],
  ])('%s are refused', (_, text, code) => {
    expect(errorOf(text).code).toBe(code);
  });
});
