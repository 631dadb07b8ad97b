// The bounds of reading a configuration, and texts that are none.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../../seed.js';
import { usualBounds } from '../../../src/collect/keepalived/bounds.js';
import { isMatch } from '../../../src/collect/keepalived/lines/glob.js';
import { readKeepalived } from '../../../src/collect/keepalived/read-keepalived.js';
import { requireServices } from '../../../src/collect/keepalived/require-services.js';
import type { ExpectedTable } from '../../../src/model/drift/expected.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-keepalived-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, bounds = {}): ExpectedTable {
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, text);
  return readKeepalived({ file, configId: 'lb1', bounds: { ...usualBounds, ...bounds } });
}

function service(vip: string, inner: string): string {
  return `virtual_server ${vip} 80 {\nprotocol TCP\n${inner}\n}\n`;
}

const one = service('192.0.2.1', 'real_server 198.51.100.1 80 {\n}');

describe('a configuration beyond the bounds', () => {
  test.each<readonly [title: string, text: string, note: string, bounds: object]>([
    ['a sequence of a billion', `${one}~SEQ(N, 1, 1000000000) foo $N`, 'more than 5000 lines', { lines: 5000 }],
    [
      'sequences within sequences',
      `${one}~SEQ(A,1,999) ~SEQ(B,1,999) ~SEQ(C,1,999) foo`,
      'more than 5000 lines',
      { lines: 5000 },
    ],
    ['a parameter that stands for itself', `${one}$A=x \${A} y\n\${A}`, 'has no end', {}],
    [
      'parameters that double',
      `${one}${Array.from({ length: 40 }, (_, i) => `$A${i}=\${A${i + 1}} \${A${i + 1}}`).join('\n')}\n\${A0}`,
      'makes it too long',
      {},
    ],
    ['a value of several lines that holds itself', `${one}$A= \\\nfoo \\\n$A \\\nbar\n$A`, 'stands for itself', {}],
    ['a huge range', `${one}virtual_server_group g {\n10.0.0.0/8 80\n}\n`, 'more than 100000 addresses', {}],
    ['a huge range of IPv6', `${one}virtual_server_group g {\n2001:db8::/32 80\n}\n`, 'more than 100000 addresses', {}],
    [
      'too many services',
      `${one}${service('192.0.2.2', 'real_server 198.51.100.1 80 {\n}')}`,
      'services are left out',
      { services: 1 },
    ],
    [
      'too many real servers',
      `${one}${service('192.0.2.2', 'real_server 198.51.100.1 80 {\n}')}`,
      'services are left out',
      { servers: 1 },
    ],
  ])('is read up to them, and noted: %s', (_, text, note, bounds) => {
    const table = read(text, bounds);
    expect([...table.services.keys()]).toContain('192.0.2.1_80');
    expect(table.isWhole).toBe(false);
    expect(table.notes.map((own) => own.text).join('\n')).toContain(note);
  });

  test('ends at files that are too large, too many, or too deep', () => {
    mkdirSync(join(folder, 'd'));
    for (let i = 0; i < 50; i += 1) writeFileSync(join(folder, 'd', `${i}.conf`), i === 49 ? one : '');
    expect(read('include d/*.conf', { files: 10 }).isWhole).toBe(false);
    expect(read('include d/*.conf').services.size).toBe(1);
    writeFileSync(join(folder, 'large.conf'), one.padEnd(5000, '\n'));
    expect(read('include large.conf', { fileBytes: 4000 }).notes.map(({ text }) => text)).toEqual([
      expect.stringContaining('is left out'),
    ]);
    for (let i = 0; i < 40; i += 1) writeFileSync(join(folder, `${i}.conf`), i === 39 ? one : `include ${i + 1}.conf`);
    expect(read('include 0.conf')).toMatchObject({ isWhole: false, services: new Map() });
    expect(read('include 10.conf').services.size).toBe(1);
  });

  test('that includes itself in a circle, also through a link, is read once', () => {
    writeFileSync(join(folder, 'a.conf'), `include b.conf\n${one}`);
    symlinkSync('a.conf', join(folder, 'b.conf'));
    const table = read('include a.conf');
    expect([...table.services.keys()]).toEqual(['192.0.2.1_80']);
    expect(table.isWhole).toBe(false);
  });

  test('keeps at most some hundred notes', () => {
    const { notes } = read('wrong\n'.repeat(5000));
    expect(notes).toHaveLength(201);
    expect(notes.at(-1)?.text).toBe('and 4800 more notes');
  });
});

describe('a file', () => {
  test('that is missing, a folder or unreadable is an error that names it', () => {
    const file = join(folder, 'none.conf');
    expect(() => readKeepalived({ file, configId: '' })).toThrow(`cannot read keepalived's configuration ${file}`);
    expect(() => readKeepalived({ file: folder, configId: '' })).toThrow('it is not a regular file');
  });

  test('is passed over when it is included and executable, as keepalived does', () => {
    const script = join(folder, 'script.conf');
    writeFileSync(script, one);
    chmodSync(script, 0o755);
    const table = read('include script.conf');
    expect(table).toMatchObject({ isWhole: true, services: new Map() });
    expect(table.notes.map(({ text }) => text)).toEqual([expect.stringContaining('it is executable')]);
  });
});

test('a configuration that asks for nothing is no reference, unless a part of it was left out', () => {
  const file = join(folder, 'keepalived.conf');
  expect(() => requireServices(read('root:x:0:0:root\n'), file)).toThrow(/asks for no service .*unknown word: "root:x/);
  expect(() => requireServices(read(''), file)).toThrow(/asks for no service: is it the right file/);
  expect(requireServices(read(one), file).services.size).toBe(1);
  expect(requireServices(read('virtual_server 192.0.2.1 http {\n}\n'), file).isWhole).toBe(false);
});

describe('reading any text', () => {
  const words = [
    'virtual_server',
    '192.0.2.1',
    '80',
    '{',
    '}',
    'real_server',
    '~SEQ(',
    'A,1,3)',
    '$A',
    `$${'{A}'}`,
    '$A=',
    '"',
    '\\',
    '\n',
    '@lb1',
    '#',
    'include',
    '*',
    '~LST({A,B},{1,2})',
    'protocol',
    'TCP',
    'fwmark',
    '::1',
    '/8',
    '-9',
    'group',
  ];

  test('neither fails nor gives an address that is none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 60 }),
        (parts) => {
          const { services } = read(parts.join(' '), { lines: 2000, services: 300 });
          for (const { servers } of services.values())
            for (const { address } of servers) expect(address).toMatch(/^[\da-f.:]+$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a pattern of file names', () => {
  test.each([
    ['*.conf', 'a.conf', true],
    ['*.conf', '.conf', false],
    ['.*', '.conf', true],
    ['[a-c]?', 'b1', true],
    ['[!a-c]?', 'b1', false],
    ['[]x]', ']', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    [`${'*a'.repeat(2000)}b`, 'a'.repeat(5000), false],
  ])('%.20s matches %.20s: %s', (pattern, name, expected) => {
    expect(isMatch(pattern, name)).toBe(expected);
  });
});
