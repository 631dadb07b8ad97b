// Saved tables: what ipvsadm writes, what people write, and back.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatRules } from '../../../../src/collect/ipvs/rules/format-rules.js';
import { parseRules } from '../../../../src/collect/ipvs/rules/parse-rules.js';
import { readGolden } from '../../../../src/collect/ipvs/rules/read-golden.js';

const saved = `-A -t 192.0.2.1:80 -s sh -p 300 -M 255.255.255.0 -b sh-fallback,sh-port
-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1
-a -t 192.0.2.1:80 -r 198.51.100.2:80 -g -w 0 -x 100 -y 10
-A -u [2001:db8::1]:53 -s rr -o
-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 5 --tun-type gue --tun-port 6080 --tun-nocsum
-A --sctp-service 192.0.2.1:9899 -s wlc
-A -f 7 -s wrr -p 60 --pe sip
-A -f 7 -6 -s wrr
-a -f 7 -6 -r [2001:db8::2]:0 -g -w 1
`;

describe('a saved table', () => {
  test('is printed again as it was read', () => {
    const table = parseRules(saved, 'golden');
    expect(table).toMatchObject({ isWhole: true, notes: [] });
    const rules = formatRules(table);
    expect(rules).toEqual([
      '-A --sctp-service 192.0.2.1:9899 -s wlc',
      '-A -f 7 -6 -s wrr',
      '-a -f 7 -6 -r [2001:db8::2]:0 -g -w 1',
      '-A -f 7 -s wrr -p 60 --pe sip',
      '-A -t 192.0.2.1:80 -s sh -p 300 -M 255.255.255.0 -b flag-1,flag-2',
      '-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1',
      '-a -t 192.0.2.1:80 -r 198.51.100.2:80 -g -w 0',
      '-A -u [2001:db8::1]:53 -s rr -o',
      '-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 5',
    ]);
    expect(formatRules(parseRules(rules.join('\n'), 'again'))).toEqual(rules);
  });

  test('may be written by hand: long options, any order, comments, the word ipvsadm', () => {
    const table = parseRules(
      '# the front\nipvsadm --add-service --scheduler rr --tcp-service 192.0.2.1:80\r\n\n' +
        '--real-server 198.51.100.1:8080 --tcp-service 192.0.2.1:80 --add-server --masquerading --weight 3',
      'golden',
    );
    expect(formatRules(table)).toEqual(['-A -t 192.0.2.1:80 -s rr', '-a -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 3']);
    expect(table.services.get('192.0.2.1_80')?.servers[0]?.place).toEqual({ file: 'golden', line: 4 });
  });

  test.each([
    ['-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w many', 'expected a whole number'],
    ['-a -t 192.0.2.9:80 -r 198.51.100.1:80 -m -w 1', 'a real server before its service'],
    ['-A -t www.example.com:http -s rr', 'was the table saved with -n?'],
    ['-A -t 192.0.2.1:80 -s rr', 'this service is there twice'],
    ['-A -t 192.0.2.2:80 --new', 'unknown option "--new"'],
    ['-A -t', 'the value of -t is missing'],
    ['-A -s rr', 'expected -t, -u, --sctp-service or -f'],
    ['-D -t 192.0.2.1:80', 'unknown option "-D"'],
    ['-t 192.0.2.1:80', 'expected -A or -a'],
  ])('is read in part with the line %s', (line, note) => {
    const table = parseRules(`-A -t 192.0.2.1:80 -s rr\n${line}\n`, 'golden');
    expect(table).toMatchObject({ isWhole: false, services: { size: 1 } });
    expect(table.notes).toEqual([{ text: expect.stringContaining(note), place: { file: 'golden', line: 2 } }]);
  });

  test('is an error without a line that can be read, or without a file', () => {
    expect(() => parseRules('<html>\n', 'golden')).toThrow('nothing in golden can be read: line 1: ');
    expect(() => readGolden('/nonexistent/golden')).toThrow('cannot read the saved table /nonexistent/golden');
    expect(parseRules('', 'golden').services.size).toBe(0);
  });

  test('is read from its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-golden-'));
    const file = join(folder, 'golden');
    writeFileSync(file, saved);
    expect(readGolden(file).services.size).toBe(5);
    rmSync(folder, { recursive: true });
  });
});

test('marks from 2^31 on, which ipvsadm saves as negative numbers, are read as they are', () => {
  const { services, isWhole } = parseRules(
    '-A -f -294967296 -s wlc\n-a -f -294967296 -r 10.0.0.1:0 -m -w 1\n',
    'golden',
  );
  expect([[...services.keys()], isWhole]).toEqual([['fwm_4000000000'], true]);
  expect(parseRules('-A -f 1 -s rr\n-A -f -2147483649 -s rr\n', 'golden').isWhole).toBe(false);
});
