import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseHosts, readHosts } from '../../../src/render/look/host-names.js';

describe('a hosts file', () => {
  test.each<[string, string, [string, string[]][]]>([
    ['any number of names', '192.0.2.1 a b\tc', [['192.0.2.1', ['a', 'b', 'c']]]],
    ['several lines of one address', '192.0.2.1 a\n192.0.2.1 b a', [['192.0.2.1', ['a', 'b']]]],
    ['comments', '# all\n192.0.2.1 a # b\n#192.0.2.2 c', [['192.0.2.1', ['a']]]],
    ['IPv6 in any writing', '2001:DB8:0:0::1 six\n2001:db8::1 sechs', [['2001:db8::1', ['six', 'sechs']]]],
    ['lines that are none', 'nonsense\n192.0.2.1\n300.1.1.1 x\n\n', []],
    [
      'line ends of other systems',
      '192.0.2.1 a\r\n192.0.2.2 b\r\n',
      [
        ['192.0.2.1', ['a']],
        ['192.0.2.2', ['b']],
      ],
    ],
  ])('%s', (_title, text, expected) => {
    expect([...parseHosts(text)]).toEqual(expected);
  });
});

describe('reading it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-hosts-'));
  const path = join(folder, 'hosts');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is done again when it changed, and not otherwise', () => {
    writeFileSync(path, '192.0.2.1 old\n');
    const first = readHosts(path);
    expect(readHosts(path)).toBe(first);
    writeFileSync(path, '192.0.2.1 new\n');
    utimesSync(path, 1, 1);
    expect(readHosts(path).get('192.0.2.1')).toEqual(['new']);
  });

  test('of a file that is not there gives no names', () => {
    expect(readHosts(join(folder, 'none')).size).toBe(0);
  });
});
