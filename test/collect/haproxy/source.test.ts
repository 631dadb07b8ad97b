// The sources of HAProxy as users write them. No message contains a user or a password.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { haproxySourceText, parseHaproxySource } from '../../../src/collect/haproxy/source.js';

const before = process.cwd();
afterEach(() => process.chdir(before));

function refusalOf(source: string): string {
  try {
    parseHaproxySource(source);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-command' });
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`${source} was taken`);
}

describe('a source of HAProxy', () => {
  test.each([
    ['/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
    ['unix@/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
    ['/run/user@1000/h.sock', '/run/user@1000/h.sock'],
    ['stats.csv', 'stats.csv'],
    ['./lb1:9999', './lb1:9999'],
  ])('%s is a path', (source, path) => {
    expect(parseHaproxySource(source)).toEqual({ kind: 'path', path, text: source });
  });

  test.each([
    ['tcp@lb1:9999', 'lb1', 9999, 0],
    ['tcp4@lb1:9999', 'lb1', 9999, 4],
    ['ipv4@127.0.0.1:9999', '127.0.0.1', 9999, 4],
    ['ipv4@*:9999', '127.0.0.1', 9999, 4],
    ['ipv4@:9999', '127.0.0.1', 9999, 4],
    ['ipv4@0.0.0.0:9999', '127.0.0.1', 9999, 4],
    ['ipv6@::1:9999', '::1', 9999, 6],
    ['ipv6@:::9999', '::1', 9999, 6],
    ['ipv6@[2001:db8::1]:9999', '2001:db8::1', 9999, 6],
    ['lb1.example.com:9999', 'lb1.example.com', 9999, 0],
    ['127.0.0.1:9999', '127.0.0.1', 9999, 0],
    ['[::1]:9999', '::1', 9999, 0],
    ['*:9999', '127.0.0.1', 9999, 0],
    [':9999', '127.0.0.1', 9999, 0],
  ] as const)('%s is a stats socket over TCP', (source, host, port, family) => {
    expect(parseHaproxySource(source)).toEqual({ kind: 'tcp', host, port, family, text: source });
  });

  test.each([
    '::1:9999',
    '::1',
    '2001:db8::1:9999',
    'tcp@lb1',
    'tcp@lb1:0',
    'tcp@lb1:65536',
    'tcp@lb1:9999-10000',
    'ipv4@127.0.0.1:9999 level admin',
    'ipv4@::1:9999',
    'ipv6@127.0.0.1:9999',
    'tcp@',
    'unix@',
    'abns@haproxy',
    'fd@3',
    'lb1:99999',
    '[lb1]:9999',
    'ftp://lb1/stats',
    'tcp://lb1:9999',
    'unix:///run/h.sock',
  ])('%s is rejected with the correct form', (source) => {
    expect(refusalOf(source)).toMatch(/write .*PORT/);
  });

  test('that could be a file or an address is rejected', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-source-'));
    writeFileSync(join(folder, 'lb1:9999'), '');
    writeFileSync(join(folder, 'a@b.csv'), '');
    process.chdir(folder);
    expect(refusalOf('lb1:9999')).toContain('write ./lb1:9999 or tcp@lb1:9999');
    expect(parseHaproxySource('a@b.csv')).toMatchObject({ kind: 'path' });
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['http://lb1:8404/stats', 'http://lb1:8404/stats;csv', null],
    ['HTTP://lb1/', 'http://lb1/;csv', null],
    ['http://lb1/haproxy?stats', 'http://lb1/haproxy?stats;csv', null],
    ['http://lb1/stats;csv;norefresh#top', 'http://lb1/stats;csv;norefresh', null],
    ['http://user:pass@[::1]:8404/stats', 'http://[::1]:8404/stats;csv', 'user:pass'],
    ['http://user:p%40s%25s%2f@lb1/', 'http://lb1/;csv', 'user:p@s%s/'],
    ['http://user:a:b c\\d"é@lb1/', 'http://lb1/;csv', 'user:a:b c\\d"é'],
    ['https://user@lb1/', 'https://lb1/;csv', 'user:'],
    ['https://:pass@lb1/', 'https://lb1/;csv', ':pass'],
    ['https://@lb1/', 'https://lb1/;csv', null],
  ])('%s is a page', (source, href, login) => {
    const found = parseHaproxySource(source);
    expect(found).toMatchObject({ kind: 'page' });
    if (found.kind !== 'page') return;
    expect([found.url.href, found.login?.toString() ?? null]).toEqual([href, login]);
    expect(found.url).toMatchObject({ username: '', password: '', hash: '' });
  });

  test('keeps the bytes of a password that is not UTF-8', () => {
    expect(parseHaproxySource('http://u:%e9@lb1/')).toMatchObject({ login: Buffer.from('u:\xe9', 'latin1') });
  });

  test.each([
    'http://adm:fo$$w@rd#1%x@127.0.0.1:22102/haproxy?stats',
    'http://user@h:p@ss@host/',
    'http://adm:hun#ter@host/',
    'http://adm:hun/ter@host/',
    'http://adm:hun?ter@host/',
    'http://adm:hun%ter@host/',
    'http://adm:hun%zz@host/',
    'http://adm:%@host/',
    'http://ad/m:hunter@host/',
    'http://:hun#ter@host/',
    'https://adm:hun#ter@[::1]:8404/',
  ])('%s is rejected with the correct form, without any part of user or password', (source) => {
    const message = refusalOf(source);
    expect(message).toMatch(/# as %23.*\/ as %2F.*\? as %3F.*@ as %40.*% as %25/);
    expect(message).not.toMatch(/adm|hun|\bter\b|fo\$|\brd\b|%x|%zz|ss@/);
  });

  test.each(['http://adm:hunter', 'http://adm:hunter@', 'http://adm:hunter@/stats', 'http://', 'http://adm:hunter@?x'])(
    '%s is rejected without user or password',
    (source) => {
      expect(refusalOf(source)).toContain('http://HOST:PORT/PATH');
      expect(refusalOf(source)).not.toMatch(/adm|hunter/);
      expect(haproxySourceText(source)).not.toMatch(/adm|hunter/);
    },
  );

  test.each([
    'adm:hunter@lb1:8404/stats',
    'htp://adm:hunter@lb1/',
    'http:/adm:hunter@lb1/',
    'http:adm:hunter@lb1/',
    '//adm:hunter@lb1/',
    'tcp@adm:hunter@lb1:9999',
    ' http://adm:hunter@lb1/',
  ])('%s never shows user or password', (source) => {
    expect(haproxySourceText(source)).not.toMatch(/adm|hunter/);
    if (!source.startsWith('//')) expect(refusalOf(source)).not.toMatch(/adm|hunter/);
  });
});

describe('any user and password', () => {
  const special = fc.constantFrom(
    '#',
    '/',
    '?',
    '@',
    '%',
    ':',
    '\\',
    '[',
    ']',
    '&',
    ' ',
    '%zz',
    '%41',
    ';',
    '"',
    "'",
    '$',
    '\t',
    'é',
  );
  const secret = fc
    .array(fc.oneof(special, fc.constantFrom('Qx', 'Zk', 'Jw', 'Vq')), { minLength: 2, maxLength: 12 })
    .map((parts) => `Qz${parts.join('')}Xj`);
  const part = /Qz|Xj|Qx|Zk|Jw|Vq/;

  test('appear in no message and in no address', () => {
    const form = fc.constantFrom(
      'http://U:P@lb1:8404/stats',
      'https://U:P@[::1]/',
      'http://U@lb1/',
      'http://:P@lb1/s?x',
      'U:P@lb1:1',
    );
    fc.assert(
      fc.property(form, secret, secret, (text, user, password) => {
        const source = text.replace('U', () => user).replace('P', () => password);
        expect(haproxySourceText(source)).not.toMatch(part);
        try {
          const found = parseHaproxySource(source);
          expect(found.text).not.toMatch(part);
          if (found.kind === 'page') expect(found.url.href).not.toMatch(part);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-command' });
          expect(String(error)).not.toMatch(part);
        }
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test('are decoded before they are sent', () => {
    fc.assert(
      fc.property(secret, secret, (user, password) => {
        const source = `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@lb1/`;
        expect(parseHaproxySource(source)).toMatchObject({ login: Buffer.from(`${user}:${password}`) });
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
