// Targets that files and sockets of a host name.

import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { haproxyImport, parseServerNames, parseServersState } from '../../../src/agent/imports/haproxy-socket.js';
import { parseNamedTarget } from '../../../src/agent/imports/named-target.js';
import { nginxImport } from '../../../src/agent/imports/nginx-file.js';
import { openImports } from '../../../src/agent/imports/open-import.js';
import { parseDirectives } from '../../../src/agent/imports/parse-nginx.js';
import { askedName, pdnsImport } from '../../../src/agent/imports/pdns-log.js';
import { openResolver } from '../../../src/agent/imports/resolve.js';
import { fileImport, parseTargets } from '../../../src/agent/imports/target-file.js';
import type { Clock } from '../../../src/agent/timing.js';
import { targetText } from '../../../src/model/links/target.js';

const fixtures = join(import.meta.dirname, '../../fixtures/agent');

let folder = '';
let timeMs = 0;
const clock: Clock = { nowMs: () => timeMs, steadyMs: () => timeMs, sleep: async () => {} };
const zone = new Map<string, readonly string[]>();
const asked: string[] = [];
let isDnsAway = false;
const resolverOf = () =>
  openResolver(clock, async (name) => {
    asked.push(name);
    if (isDnsAway) throw new Error('no answer');
    return zone.get(name) ?? [];
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-imports-'));
  timeMs = 0;
  isDnsAway = false;
  zone.clear();
  asked.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const textsOf = async (one: { targets: () => Promise<readonly Parameters<typeof targetText>[0][]> }) =>
  (await one.targets()).map(targetText);

describe('a configuration of nginx', () => {
  const all = [
    ...[
      '10.1.3.1:80',
      '10.1.4.1:80',
      '10.1.4.2:80',
      '10.1.2.3:8080',
      '10.1.2.4:8080',
      '[2001:db8::5]:8080',
      '10.1.2.6:80',
    ],
    ...['10.1.2.9:8081', '10.1.2.10:443', '10.1.2.11:9000', '10.1.2.12:50051', '10.1.2.20:3306', '10.1.2.21:5432'],
  ];

  test('names the servers of upstreams and literal addresses, also in files that it includes', async () => {
    zone.set('localhost', ['127.0.0.1']);
    expect(await textsOf(nginxImport(join(fixtures, 'nginx/nginx.conf'), resolverOf()))).toEqual(all);
  });

  test('is read again when an included file, or a folder of them, has changed', async () => {
    cpSync(join(fixtures, 'nginx'), folder, { recursive: true });
    const nginx = nginxImport(join(folder, 'nginx.conf'), resolverOf());
    expect(await textsOf(nginx)).toEqual(all);
    writeFileSync(join(folder, 'conf.d/two.conf'), 'upstream two { server 10.1.3.2; }');
    expect(await textsOf(nginx)).toContain('10.1.3.2:80');
    writeFileSync(join(folder, 'conf.d/two.conf'), 'upstream two { server 10.1.3.33; }');
    expect(await textsOf(nginx)).toContain('10.1.3.33:80');
    rmSync(join(folder, 'conf.d/two.conf'));
    expect(await textsOf(nginx)).toEqual(all);
  });

  test('that is being written has an error, with its file', async () => {
    cpSync(join(fixtures, 'nginx'), folder, { recursive: true });
    const nginx = nginxImport(join(folder, 'nginx.conf'), resolverOf());
    await nginx.targets();
    writeFileSync(join(folder, 'conf.d/one.conf'), 'upstream one { server 10.1.3.1:80;');
    await expect(nginx.targets()).rejects.toThrow(/conf\.d\/one\.conf: it ends within a block/);
    writeFileSync(join(folder, 'conf.d/one.conf'), 'upstream one { server 10.1.3.1:80; }');
    expect(await textsOf(nginx)).toEqual(all);
  });

  test('that includes itself has an error, and ends', async () => {
    writeFileSync(join(folder, 'nginx.conf'), 'include nginx.conf;');
    await expect(nginxImport(join(folder, 'nginx.conf'), resolverOf()).targets()).rejects.toThrow(
      /includes more than .* or itself/,
    );
  });

  test.each([
    ['a quoted word', 'a "b ; { }" c;', [['a', 'b ; { }', 'c']]],
    ['a variable in braces', `a \${b}c;`, [['a', `\${b}c`]]],
    [
      'a comment',
      'a b; # c { \nd e;',
      [
        ['a', 'b'],
        ['d', 'e'],
      ],
    ],
    ['an escaped quote', `a "b\\"c";`, [['a', 'b"c']]],
    ['a block', 'a { b c; }', [['a'], ['b', 'c']]],
  ])('has words, quotes and blocks: %s', (_, text, words) => {
    expect(parseDirectives(text).map((one) => one.words)).toEqual(words);
  });

  test.each(['a {', 'a', '}', 'a { b }', 'a "b;', "a 'b;"])(
    'with a block, a directive or a quote that does not end is refused: %s',
    (text) => {
      expect(() => parseDirectives(text)).toThrow(/line \d+|it ends within/);
    },
  );
});

describe('the names of an import', () => {
  const file = (): string => join(folder, 'targets');

  test('are resolved, and again after ten minutes, and at once after a change of the file', async () => {
    zone.set('db01.example.com', ['10.1.2.3', '2001:db8::3']);
    writeFileSync(file(), 'DB01.example.com.:3306\n');
    const targets = fileImport(file(), resolverOf());
    expect(await textsOf(targets)).toEqual(['10.1.2.3:3306', '[2001:db8::3]:3306']);
    zone.set('db01.example.com', ['10.1.2.4']);
    timeMs = 599_000;
    expect(await textsOf(targets)).toEqual(['10.1.2.3:3306', '[2001:db8::3]:3306']);
    timeMs = 601_000;
    expect(await textsOf(targets)).toEqual(['10.1.2.4:3306']);
    zone.set('db01.example.com', ['10.1.2.5']);
    appendFileSync(file(), '10.9.9.9\n');
    expect(await textsOf(targets)).toEqual(['10.1.2.5:3306', '10.9.9.9']);
    expect(targets.names?.()).toEqual([{ name: 'db01.example.com', addresses: ['10.1.2.5'] }]);
    expect(asked).toEqual(['db01.example.com', 'db01.example.com', 'db01.example.com']);
  });

  test('keep their last addresses while nobody answers, and are asked for again', async () => {
    zone.set('db01', ['10.1.2.3']);
    writeFileSync(file(), 'db01\n');
    const targets = fileImport(file(), resolverOf());
    await targets.targets();
    [isDnsAway, timeMs] = [true, 700_000];
    expect(await textsOf(targets)).toEqual(['10.1.2.3']);
    [isDnsAway, timeMs] = [false, 820_000];
    zone.set('db01', []);
    expect(await textsOf(targets)).toEqual([]);
  });
});

describe('a file of targets', () => {
  test('has one per line, with comments', () => {
    expect(parseTargets('# hosts\n\n10.1.2.3\n  10.1.2.3:80 # web\n[2001:db8::1]:443\ndb01:3306\r\n')).toEqual([
      { host: '10.1.2.3', port: null },
      { host: '10.1.2.3', port: 80 },
      { host: '2001:db8::1', port: 443 },
      { host: 'db01', port: 3306 },
    ]);
  });

  test.each(['10.1.2', '10.1.2.300', '-x', 'a b', 'db01:0', 'db01:65536', 'db01:', 'http://db01', '[::1', '$(id)'])(
    'is refused with its line: %s',
    (line) => {
      expect(() => parseTargets(`10.1.2.3\n${line}\n`)).toThrow(/^line 2: /);
      expect(parseNamedTarget(line)).toBeNull();
    },
  );

  test('has at most a thousand', () => {
    expect(() => parseTargets('10.1.2.3\n'.repeat(1001))).toThrow(/it has 1001 targets/);
  });
});

describe("HAProxy's servers", () => {
  const state = readFileSync(join(fixtures, 'haproxy/servers-state.txt'), 'utf8');

  test('are those with an address of another host', () => {
    expect(parseServersState(state).map(targetText)).toEqual(['10.1.2.3:8080', '[2001:db8::7]:8080', '10.1.2.9']);
  });

  test('have names where HAProxy resolves them, with each of their addresses', () => {
    expect(parseServerNames(state)).toEqual([{ name: 'localhost', addresses: ['127.0.0.1'] }]);
    const line = '3 names 1 db01 127.0.0.1 2 0 1 1 1 1 0 2 0 0 0 0 localhost 3306 - 0 0 - - 0';
    const servers = ['203.0.113.1', '203.0.113.2', '-'].map((own) =>
      line.replace('127.0.0.1', own).replace('localhost', 'LB.example.com.'),
    );
    expect(parseServerNames(state.replace(line, servers.join('\n')))).toEqual([
      { name: 'lb.example.com', addresses: ['203.0.113.1', '203.0.113.2'] },
    ]);
    expect(parseServerNames('')).toEqual([]);
  });

  test('are none of another answer', () => {
    const refused = readFileSync(join(fixtures, 'haproxy/refused.txt'), 'utf8');
    for (const text of [refused, '', '\n'])
      expect(() => parseServersState(text)).toThrow(/does not answer "show servers state"/);
  });

  test('come from a socket', async () => {
    const path = join(folder, 'haproxy.sock');
    const questions: string[] = [];
    const server = createServer((socket) => {
      socket.once('data', (question) => {
        questions.push(String(question));
        socket.end(state);
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(await textsOf(haproxyImport(path))).toEqual(['10.1.2.3:8080', '[2001:db8::7]:8080', '10.1.2.9']);
    expect(questions).toEqual(['show servers state\n']);
    const named = haproxyImport(path);
    expect(named.names?.()).toEqual([]);
    await named.targets();
    expect(named.names?.()).toEqual([{ name: 'localhost', addresses: ['127.0.0.1'] }]);
    await new Promise((resolve) => server.close(resolve));
    await expect(haproxyImport(path).targets()).rejects.toThrow(/is HAProxy running/);
  });
});

describe("PowerDNS's log", () => {
  const linesOf = (name: string): readonly string[] =>
    readFileSync(join(fixtures, 'pdns', name), 'utf8')
      .trim()
      .split('\n');

  test.each(['authoritative.log', 'recursor.log', 'recursor-unstructured.log'])(
    'has questions for addresses: %s',
    (name) => {
      const names = linesOf(name).map(askedName);
      expect(new Set(names)).toEqual(
        new Set([
          'db01.example.com',
          'none.example.com',
          'web01.example.com',
          // Those for other records, and answers.
          null,
        ]),
      );
    },
  );

  test('gives the addresses of names that exist, as long as somebody asks for them, across a rotation', async () => {
    const path = join(folder, 'pdns.log');
    const [old = ''] = linesOf('authoritative.log');
    writeFileSync(path, `${old.replace('db01', 'before')}\n`);
    for (const [i, name] of ['before', 'db01', 'web01', 'db02'].entries())
      zone.set(`${name}.example.com`, [`10.1.2.${i}`]);
    const pdns = pdnsImport(path, { resolver: resolverOf(), clock });
    expect(await textsOf(pdns)).toEqual([]);
    appendFileSync(path, `${linesOf('authoritative.log').join('\n')}\n`);
    expect(await textsOf(pdns)).toEqual(expect.arrayContaining(['10.1.2.1', '10.1.2.2']));
    appendFileSync(path, `${old.replace('db01', 'db02')}\n`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
    timeMs = 3_000_000;
    expect(await textsOf(pdns)).toHaveLength(3);
    timeMs = 3_700_000;
    expect(await textsOf(pdns)).toEqual(['10.1.2.3']);
  });

  test('is followed for 200 names at most: the newest', async () => {
    const path = join(folder, 'pdns.log');
    writeFileSync(path, '');
    const pdns = pdnsImport(path, { resolver: resolverOf(), clock });
    await pdns.targets();
    const [line = ''] = linesOf('authoritative.log');
    for (let i = 0; i < 5000; i++) appendFileSync(path, `${line.replace('db01', `n${i}`)}\n`);
    await pdns.targets();
    expect(new Set(asked)).toEqual(new Set(Array.from({ length: 200 }, (_, i) => `n${4800 + i}.example.com`)));
  });
});

describe('the option', () => {
  test('names a kind and a path', () => {
    const texts = [
      'nginx:/etc/nginx/nginx.conf',
      'haproxy:/run/haproxy/admin.sock',
      'pdns:/var/log/pdns.log',
      'file:/etc/a b',
    ];
    expect(openImports(texts, clock).map(({ name }) => name)).toEqual(texts);
  });

  test.each(['', 'nginx', 'nginx:', 'other:/x', '/etc/nginx.conf', 'constructor:/x'])('is refused: "%s"', (text) => {
    expect(() => openImports([text], clock)).toThrow(/is not understood: write one of nginx:, haproxy:, pdns:, file:/);
  });

  test('is refused for a page of HAProxy', () => {
    expect(() => openImports(['haproxy:http://me:s3cret@lb1/stats'], clock)).toThrow(
      /is a page: name the "stats socket"/,
    );
    expect(() => openImports(['haproxy:http://me:s3cret@lb1/stats'], clock)).not.toThrow(/s3cret/);
  });
});
