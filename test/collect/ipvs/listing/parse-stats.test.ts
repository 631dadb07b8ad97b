import { describe, expect, test } from 'vitest';
import { CollectError } from '../../../../src/collect/collect-error.js';
import { parseStatsListing } from '../../../../src/collect/ipvs/listing/parse-stats.js';
import { serviceName } from '../../../../src/model/names/name.js';
import type { Counters } from '../../../../src/model/snapshot.js';
import { capture, hostileLines } from '../../capture.js';

const header = capture('empty/003-stats-exact.txt');
const oneService = `${header}TCP  10.9.1.1:80    0 0 0 0 0\n  -> 10.1.0.11:80   0 0 0 0 0\n`;

function errorOf(text: string): CollectError {
  try {
    parseStatsListing(text);
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
  test('a table without services is valid', () => {
    expect(parseStatsListing(header).services.size).toBe(0);
  });

  test('every kind of service keeps its identity', () => {
    const stats = parseStatsListing(capture('zoo/027-stats-exact.txt')).services;
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

  test('every counter of every line is kept: their sums equal those of the columns', () => {
    const text = capture('zoo/027-stats-exact.txt');
    const columns = text
      .split('\n')
      .slice(3, -1)
      .map((line) => line.trim().split(/\s+/).slice(-5).map(BigInt));
    const expected = [0, 1, 2, 3, 4].map((column) => columns.reduce((sum, row) => sum + (row[column] ?? 0n), 0n));
    const sums = [0n, 0n, 0n, 0n, 0n];
    for (const service of parseStatsListing(text).services.values()) {
      for (const { counters } of [service, ...service.realServers.values()]) {
        for (const [column, value] of Object.values(counters).entries()) sums[column] = (sums[column] ?? 0n) + value;
      }
    }
    expect(sums).toEqual(expected);
    expect(sums[0]).toBeGreaterThan(0n);
  });

  test('a service and its real servers keep their own counters', () => {
    const service = parseStatsListing(capture('zoo/027-stats-exact.txt')).services.get('tcp 10.9.1.1:80');
    expect(numbers(service?.counters)).toBe('24 128 94 8064 32145');
    expect(numbers(service?.realServers.get('10.1.0.11:80')?.counters)).toBe('12 62 46 3890 13458');
    expect(numbers(service?.realServers.get('10.1.0.12:80')?.counters)).toBe('12 66 48 4174 18687');
  });

  test('numbers beside the address column or above 32 bits are exact', () => {
    const service = parseStatsListing(capture('big/025-fake-set-4294967297-stats-exact.txt')).services.get(
      'tcp [2001:db8:9:0:aaaa:bbbb:cccc:dddd]:80',
    );
    expect(numbers(service?.counters)).toBe('4294967297 4294967297 4294967297 4294967297 4294967297');
    const [realServer] = service?.realServers.values() ?? [];
    expect(numbers(realServer?.counters)).toBe('1 1 1 4294967297 4294967297');
  });

  test.each([
    ['zoo/010-stats-exact-nosort.txt', 'zoo/003-stats-exact.txt'],
    ['zoo/034-stats-exact-nosort.txt', 'zoo/027-stats-exact.txt'],
  ])('%s, in another order, yields the entries of the sorted listing', (unsorted, sorted) => {
    const keys = (name: string) =>
      [...parseStatsListing(capture(name)).services].flatMap(([key, { realServers }]) => [
        key,
        ...[...realServers.keys()].map((realServer) => `${key} ${realServer}`),
      ]);
    expect(keys(unsorted).toSorted()).toEqual(keys(sorted).toSorted());
    expect(keys(unsorted)).not.toEqual(keys(sorted));
  });

  test('a listing torn by a rebuild, which repeats a service, keeps all others', () => {
    const { services, refused, isTorn, notes } = parseStatsListing(capture('race/002-odd-1-exit-0-1-bare.txt'));
    expect({ isTorn, services: services.size, refused: [...refused.keys()] }).toEqual({
      isTorn: true,
      services: 249,
      refused: [],
    });
    expect(notes.map(({ kind, entry }) => `${kind} ${entry}`)).toEqual(['remark 10.9.1.185_80']);
    expect(parseStatsListing(capture('race/001-quiet-stats-exact.txt')).services.size).toBe(250);
  });

  test('2,000 services with 10 real servers each are complete', () => {
    const stats = [...parseStatsListing(capture('scale/003-after-stats-exact.txt')).services.values()];
    expect(new Set(stats.map(({ id }) => serviceName(id))).size).toBe(2000);
    expect(stats.every(({ realServers }) => realServers.size === 10)).toBe(true);
  });
});

describe('a line', () => {
  test.each(hostileLines('stats-invalid.txt'))('is omitted, and its number and text reported: %s', (line) => {
    const { services, notes } = parseStatsListing(`${oneService}${line}\n`);
    expect([...services.keys()]).toEqual(['tcp 10.9.1.1:80']);
    expect([...(services.get('tcp 10.9.1.1:80')?.realServers.keys() ?? [])]).toEqual(['10.1.0.11:80']);
    const [{ kind, text } = { kind: null, text: '' }] = notes;
    expect(kind).toBe(/^(Prot|Segm|Kill)/.test(line) ? 'remark' : 'refused');
    expect(text).toContain('line 6 of "ipvsadm -L -n --stats --exact"');
    expect(text).toContain(
      line
        .slice(0, 60)
        .trim()
        .split(/[^\x20-\x7e]|\\/)[0],
    );
    expect(text).toMatch(/^[\x20-\x7e…]+$/);
  });

  test.each(hostileLines('stats-valid.txt'))('is accepted: %s', (line) => {
    const stats = [...parseStatsListing(`${oneService}${line}\n`).services.values()];
    expect(stats.length + (stats[0]?.realServers.size ?? 0)).toBe(3);
    const counters = line.includes('18446744073709551615')
      ? Array(5).fill(18446744073709551615n).join(' ')
      : '1 2 3 4 5';
    const last = stats.length === 2 ? stats[1] : [...(stats[0]?.realServers.values() ?? [])][1];
    expect(numbers(last?.counters)).toBe(counters);
  });

  test.each([
    ['a carriage return inside', 'TCP  10.9.1.2:80\r1 2 3 4 5'],
    ['a NUL in a number', 'TCP  10.9.1.2:80 1 2 3 4 5\0'],
    ['a NUL in an address', 'TCP  10.9.1.\0:80 1 2 3 4 5'],
    ['no-break spaces', 'TCP\u00a010.9.1.2:80\u00a01 2 3 4 5'],
    ['an escape sequence', '\u001b[31mTCP  10.9.1.2:80 1 2 3 4 5'],
    ['a megabyte of digits', `TCP  10.9.1.2:80 1 2 3 4 ${'9'.repeat(1 << 20)}`],
    ['a megabyte of words', 'x '.repeat(1 << 20)],
  ])('with %s is omitted with one short printable note', (_, line) => {
    const { services, notes } = parseStatsListing(`${oneService}${line}\n`);
    expect(services.size).toBe(1);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.text).toMatch(/^[\x20-\x7e…]{20,400}$/);
  });

  test.each([
    ['a carriage return at the end', 'TCP  10.9.1.2:80 1 2 3 4 5\r'],
    ['two carriage returns at the end', 'TCP  10.9.1.2:80 1 2 3 4 5\r\r'],
    ['blanks at the end', 'TCP  10.9.1.2:80 1 2 3 4 5 \t '],
    ['an empty line before it', '\nTCP  10.9.1.2:80 1 2 3 4 5'],
    ['a blank line before it', '     \r\nTCP  10.9.1.2:80 1 2 3 4 5'],
  ])('with %s is read normally', (_, line) => {
    const { services, notes } = parseStatsListing(`${oneService}${line}\n`);
    expect(numbers(services.get('tcp 10.9.1.2:80')?.counters)).toBe('1 2 3 4 5');
    expect(notes).toEqual([]);
  });

  test.each([
    ['a service', 'TCP  10.9.1.2:80 1 2 3 4 x', '10.9.1.2_80', []],
    ['a mark', 'FWM  4 1 2 3 4 18446744073709551616', 'fwm_4', []],
    ['a line that is too long', `TCP  10.9.1.2:80 1 2 3 4 ${'9'.repeat(2000)}`, '10.9.1.2_80', []],
    ['a service that a valid line repeats', 'TCP  10.9.1.2:80 x\nTCP  10.9.1.2:80 1 2 3 4 5', '10.9.1.2_80', []],
  ])('names %s that cannot be read, and real servers below join no other service', (_, line, name) => {
    const below = '  -> 10.1.0.12:80 1 2 3 4 5\n  -> 10.1.0.13:80 1 2 3 4 5\n';
    const { services, refused, notes } = parseStatsListing(
      `${oneService}${line}\n${below}UDP  10.9.1.9:53 1 2 3 4 5\n${below}`,
    );
    expect([...services.keys()]).toEqual(['tcp 10.9.1.1:80', 'udp 10.9.1.9:53']);
    expect([...services.values()].map(({ realServers }) => realServers.size)).toEqual([1, 2]);
    expect([...refused.values()].map(serviceName)).toEqual([name]);
    expect(notes).toMatchObject([
      { kind: 'refused', entry: name, text: expect.stringMatching(new RegExp(`^${name} is left out`)) },
    ]);
  });

  test.each(['Killed', 'Connection to lb1 closed.', "Can't initialize ipvs: Protocol not available"])(
    'of program output is no entry, and entries below it stay: %s',
    (said) => {
      const { services, strayLines, notes } = parseStatsListing(`${oneService}${said}\n  -> 10.1.0.12:80 1 2 3 4 5\n`);
      expect([...services.values()].map(({ realServers }) => realServers.size)).toEqual([2]);
      expect(strayLines).toBe(0);
      expect(notes).toMatchObject([{ kind: 'remark', text: expect.stringContaining(`line 6 of`) }]);
    },
  );

  test.each([
    ['Killed', true],
    ['Connection to lb1 closed by remote host.', true],
    ['Connection to lb1 closed.', false],
  ])('that may be the last words of a killed program tears the listing: %s', (said, isTorn) => {
    expect(parseStatsListing(`${oneService}${said}\n`).isTorn).toBe(isTorn);
    expect(parseStatsListing(`${oneService}${said}\n  -> 10.1.0.12:80 1 2 3 4 5\n`).isTorn).toBe(false);
  });

  test('of an unreadable service does not affect the real servers above it', () => {
    const { services } = parseStatsListing(`${oneService}TCP  192.0.2.256:80 1 2 3 4 5\n  -> 10.1.0.12:80 1 2 3 4 5\n`);
    expect([...services.values()].map(({ hasStray }) => hasStray)).toEqual([false]);
  });

  test('with an unknown protocol may belong to any known one', () => {
    const { services, suspects, strayLines, notes } = parseStatsListing(
      `${oneService}QUIC 10.9.1.2:443 1 2 3 4 5\n  -> 10.1.0.12:443 1 2 3 4 5\n`,
    );
    expect(services.size).toBe(1);
    expect([...suspects.keys()]).toEqual(['10.9.1.2_443', '10.9.1.2_443_udp', '10.9.1.2_443_sctp']);
    expect(strayLines).toBe(0);
    expect(notes).toMatchObject([{ entry: '"QUIC 10.9.1.2:443"' }]);
    expect(notes[0]?.text).toMatch(
      /^an entry is left out with the real server below it: line 6 of .*expected TCP, UDP, SCTP/,
    );
  });

  test('is noted individually a thousand times; further bad ones are only counted', () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `TCP  10.9.2.${n & 255}:${n} 1 2 3 4 x\n`).join('');
    const { notes } = parseStatsListing(oneService + lines);
    expect(notes).toHaveLength(1001);
    expect(notes.at(-1)).toMatchObject({ kind: 'refused', entry: '', count: 2000 });
    expect(notes.at(-1)?.text).toMatch(/^2000 more entries are left out/);
  });

  test.each([
    ['a service', 'TCP  10.9.1.1:80 1 2 3 4 5', '10.9.1.1_80'],
    ['a service and its real servers', 'TCP  10.9.1.1:80 1 2 3 4 5\n  -> 10.1.0.11:80 9 9 9 9 9', '10.9.1.1_80'],
    ['a real server', '  -> 10.1.0.11:80 1 2 3 4 5', '10.9.1.1_80/10.1.0.11_80'],
  ])('that repeats %s with higher counters counts once', (_, line, name) => {
    const { services, isTorn, notes } = parseStatsListing(`${oneService}${line}\n`);
    expect([...services.values()].map(({ counters, realServers }) => [numbers(counters), realServers.size])).toEqual([
      ['0 0 0 0 0', 1],
    ]);
    expect(isTorn).toBe(true);
    expect(notes).toMatchObject([{ kind: 'remark', entry: name }]);
  });

  test.each([
    ['a service', 'TCP  10.9.1.2:80 5 5 5 5 5\nTCP  10.9.1.2:80 1 5 5 5 5', '10.9.1.2_80'],
    ['a real server', '  -> 10.1.0.12:80 5 5 5 5 5\n  -> 10.1.0.12:80 5 5 5 5 4', '10.9.1.1_80/10.1.0.12_80'],
  ])('that repeats %s with lower counters is omitted', (_, lines, name) => {
    const { services, isTorn, notes } = parseStatsListing(`${oneService}${lines}\n`);
    expect(services.size).toBe(1);
    expect(services.get('tcp 10.9.1.1:80')?.realServers.size).toBe(1);
    expect(isTorn).toBe(true);
    expect(notes).toMatchObject([{ kind: 'refused', entry: name, text: expect.stringContaining('listed twice') }]);
  });

  test('identifies a mark whether signed or unsigned', () => {
    const { services, isTorn } = parseStatsListing(`${header}FWM  -1 1 2 3 4 5\nFWM  4294967295 1 2 3 4 5\n`);
    expect({ size: services.size, isTorn }).toEqual({ size: 1, isTorn: true });
  });

  test('with a real server before any service is omitted and quoted', () => {
    const { strayLines, notes } = parseStatsListing(
      `${header}  -> 10.1.0.11:80 1 2 3 4 5\nTCP  10.9.1.1:80 0 0 0 0 0\n`,
    );
    expect(strayLines).toBe(1);
    expect(notes[0]?.text).toMatch(/line 4 of .*" {2}-> 10.1.0.11:80 1 2 3 4 5": a real server before any service/);
  });
});

describe('a listing', () => {
  test.each([
    ['the table', 'zoo/025-list.txt', 'wrong-listing', '"ipvsadm -L -n"'],
    ['rates', 'zoo/029-rate-exact.txt', 'wrong-listing', 'InPPS'],
    ['thresholds', 'zoo/030-thresholds.txt', 'wrong-listing', 'Uthreshold'],
    ['one service', 'zoo/049-one-tcp-stats-exact.txt', 'no-header', 'Prot LocalAddress:Port'],
    ['connections', 'empty/013-connections.txt', 'no-header', 'IPVS connection entries'],
    ['rules', 'zoo/039-save.txt', 'no-header', '-A '],
    ['the help', 'access/030-help.txt', 'no-header', 'ipvsadm v1.31'],
    ['the version', 'empty/023-version.txt', 'no-header', 'ipvsadm v1.31'],
    ['the kernel file', 'zoo/043-proc-ip_vs.txt', 'wrong-listing', '"ipvsadm -L -n"'],
    ['nothing', 'access/031-write-to-full-disk.txt', 'no-header', 'nothing at all'],
  ])('of another kind is rejected: %s', (_, name, code, said) => {
    const error = errorOf(capture(name));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('truncated within a line is an error', () => {
    const text = capture('big/022-fake-set-4294967295-stats-exact.txt');
    for (let length = 0; length < text.length; length++) {
      const cut = text.slice(0, length);
      if (length > header.length && cut.endsWith('\n')) continue;
      if (length === header.length) expect(parseStatsListing(cut).services.size).toBe(0);
      else expect(errorOf(cut).code).toBe(length === 0 ? 'no-header' : 'cut-off');
    }
  });

  test.each([
    ['after 101 other lines', `${'Welcome to lb1\n'.repeat(101)}${oneService}`, 'no-header'],
    ['that is blank', ' \r\n\n', 'no-header'],
    ['in UTF-16', Buffer.from(oneService, 'utf16le').toString('latin1'), 'no-header'],
    ['of 16 MB of zero bytes', '\0'.repeat(1 << 24), 'no-header'],
    ['with 16 MB in one line', header + 'x'.repeat(1 << 24), 'cut-off'],
  ])('%s is rejected', (_, text, code) => {
    expect(errorOf(text).code).toBe(code);
  });

  const second = oneService.replaceAll('0 0 0 0 0', '7 7 7 7 7');
  const table = capture('zoo/025-list.txt');

  test.each([
    ['with CRLF line ends', oneService.replaceAll('\n', '\r\n'), '0', ''],
    ['with CR CR LF line ends, as after two terminals', oneService.replaceAll('\n', '\r\r\n'), '0', ''],
    ['with an empty line after each', oneService.replaceAll('\n', '\n\n'), '0', ''],
    ['after a byte order mark', `\u00ef\u00bb\u00bf${oneService}`, '0', ''],
    ['after escape sequences of a shell', `\u001b[?2004l\r${oneService}`, '0', ''],
    ['after an empty line', `\n${oneService}`, '0', ''],
    ['after a greeting', `Welcome to lb1\n\n${oneService}`, '0', 'ignored, beginning with "Welcome to lb1"'],
    ['after a prompt', `lb1# ipvsadm -L -n ${oneService}`, '0', 'ignored, beginning with "lb1# ipvsadm -L -n"'],
    ['twice in a row', `${oneService}${second}`, '7', 'holds the listing 2 times: the last is taken'],
    [
      'twice, the second truncated',
      `${oneService}${second.slice(0, -3)}`,
      '0',
      'the last that is not cut off is taken',
    ],
    ['twice, the first truncated', `${oneService.slice(0, -3)}${second}`, '7', 'the last is taken'],
    ['after the table', `${table}${second}`, '7', 'also holds the listing of "ipvsadm -L -n"'],
    ['before the table', `${second}${table}`, '7', 'also holds the listing of "ipvsadm -L -n"'],
    ['before a truncated table', `${second}${table.slice(0, -9)}`, '7', 'also holds'],
  ])('%s is read', (_, text, conns, remark) => {
    const { services, notes } = parseStatsListing(text);
    expect([...services.values()].map(({ counters }) => String(counters.conns))).toEqual([conns]);
    expect(notes.map(({ kind }) => kind)).toEqual(remark === '' ? [] : ['remark']);
    expect(notes.map(({ text }) => text).join()).toContain(remark);
    expect(notes.map(({ text }) => text).join()).toMatch(/^[\x20-\x7e…]*$/);
  });

  test.each([
    ['without --exact', 'numbers are rounded', 'big/005-real-over-100M-stats.txt', '--exact'],
    ['without -n', 'addresses are names', 'zoo/036-stats-exact-names.txt', '-n'],
  ])('%s loses the entries whose %s, and says why', (_, __, name, said) => {
    const { notes } = parseStatsListing(capture(name));
    expect(notes.length).toBeGreaterThan(0);
    for (const { text } of notes) expect(text).toContain(said);
  });

  test('without a single nameable entry is rejected with its first line', () => {
    const { code, message } = errorOf(`${header}TCP  lb1:http 1 2 3 4 5\nTCP  lb2:http 1 2 3 4 5\n`);
    expect(code).toBe('bad-line');
    expect(message).toMatch(
      /^nothing in "ipvsadm .*" can be read: an entry is left out: line 4 of .*made without -n\?$/,
    );
  });

  test('with 8 million empty lines is an empty table', () => {
    expect(parseStatsListing(header + '\n'.repeat(1 << 23)).services.size).toBe(0);
  });

  test('with a megabyte of headers, in one line or many, is rejected or read quickly', () => {
    const words = 'IP Virtual Server version ';
    expect(parseStatsListing(`${words.repeat(40_000)}\n${oneService}`).services.size).toBe(1);
    expect(errorOf(`${words}\n`.repeat(40_000)).code).toBe('wrong-listing');
  });
});
