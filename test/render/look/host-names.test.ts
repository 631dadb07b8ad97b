import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseHosts, readHosts } from '../../../src/render/look/host-names.js';

describe('a hosts file', () => {
  test.each<[string, string, [string, string[]][]]>([
    ['may give an address several names', '192.0.2.1 a b\tc', [['192.0.2.1', ['a', 'b', 'c']]]],
    ['may give an address several lines', '192.0.2.1 a\n192.0.2.1 b a', [['192.0.2.1', ['a', 'b']]]],
    ['comments', '# all\n192.0.2.1 a # b\n#192.0.2.2 c', [['192.0.2.1', ['a']]]],
    ['may write IPv6 in any form', '2001:DB8:0:0::1 six\n2001:db8::1 sechs', [['2001:db8::1', ['six', 'sechs']]]],
    ['may contain malformed lines', 'nonsense\n192.0.2.1\n300.1.1.1 x\n\n', []],
    [
      'may have line ends of other systems',
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

describe('reading a hosts file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-hosts-'));
  const path = join(folder, 'hosts');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('happens again only if the file has changed', () => {
    writeFileSync(path, '192.0.2.1 old\n');
    const first = readHosts(path);
    expect(readHosts(path)).toBe(first);
    writeFileSync(path, '192.0.2.1 new\n');
    utimesSync(path, 1, 1);
    expect(readHosts(path).get('192.0.2.1')).toEqual(['new']);
  });

  test('gives no names if the file is missing', () => {
    expect(readHosts(join(folder, 'none')).size).toBe(0);
  });
});
