import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseShowStat } from '../../src/collect/parse-show-stat.js';
import { haproxyName } from '../../src/model/haproxy-name.js';
import { fixturePath } from './capture.js';

const before = readFileSync(fixturePath('haproxy/before.txt'), 'utf8');

const header = '# pxname,svname,qcur,scur,stot,bin,bout,status,weight,type,hrsp_2xx,last_chk,check_status,\n';

function entriesOf(text: string) {
  return parseShowStat(text, 'here').reading.entries;
}

describe('the statistics of a real HAProxy', () => {
  test('tell its process, its proxies and servers, and no listener', () => {
    const { reading, notes } = parseShowStat(before, 'here');
    expect(reading.process).toEqual({ pid: 5811, uptimeS: 22 });
    expect(reading.entries.map(({ id }) => haproxyName(id))).toEqual([
      'haproxy_fe_web',
      'haproxy_be_web/a%2D1',
      'haproxy_be_web/b%3A2',
      'haproxy_be_web',
      'haproxy_fe_tcp_l.x',
      'haproxy_be_tcp_l.x/s',
      'haproxy_be_tcp_l.x',
      'haproxy_fe_stats',
      'haproxy_be_stats',
    ]);
    expect(notes).toEqual([]);
    expect(reading.entries[0]).toEqual({
      id: { kind: 'frontend', proxy: 'web', server: '' },
      values: [0n, 10n, 829n, 10135n, 0n, 8n, 0n, 2n, 0n, 0n, 1n, 0n],
      mode: 'http',
      status: 'OPEN',
      weight: null,
      check: '',
    });
    expect(reading.entries[1]).toMatchObject({ status: 'UP', weight: 10, check: 'L7OK: Layer7 check passed' });
    expect(reading.entries[5]).toMatchObject({ mode: 'tcp', status: 'no check', weight: 1 });
    expect(reading.entries[5]?.values.slice(5, 10)).toEqual([null, null, null, null, null]);
  });

  test('are the same over HTTP, but for the process', () => {
    const { reading } = parseShowStat(readFileSync(fixturePath('haproxy/http.csv'), 'utf8'), 'here');
    expect(reading).toMatchObject({ process: null });
    expect(reading.entries).toHaveLength(9);
  });

  test('that were cut anywhere are a typed error, or lack whole lines only', () => {
    const whole = entriesOf(before);
    for (let length = 0; length < before.length; length += 7) {
      try {
        expect(whole.slice(0, entriesOf(before.slice(0, length)).length)).toEqual(entriesOf(before.slice(0, length)));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(cut-off|no-header)$/) });
      }
    }
  });
});

describe('the statistics', () => {
  test('may have quotes, 64-bit counters, and columns in any order', () => {
    const text = `${header}"a, ""b""",s,,3,18446744073709551615,0,0,DOWN 1/2,9,2,,"no\nluck",* L4TOUT,\n`;
    expect(entriesOf(text)[0]).toMatchObject({
      id: { proxy: 'a, "b"', server: 's' },
      status: 'DOWN',
      weight: 9,
      check: 'L4TOUT: no\\x0aluck',
      values: expect.arrayContaining([18446744073709551615n, 3n]),
    });
  });

  test('with a name twice, or one that is too long, go without it and say so', () => {
    const line = (name: string): string => `${name},BACKEND,,0,1,0,0,UP,,1,,,,\n`;
    const { reading, notes } = parseShowStat(`${header}${line('a')}${line('a')}${line('-'.repeat(80))}`, 'here');
    expect(reading.entries).toHaveLength(1);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringContaining('two of that name'),
      expect.stringContaining('too long'),
    ]);
  });

  test.each([
    ['<html>', 'no-header', 'expected the statistics of HAProxy as CSV'],
    ['# pxname,svname,\n', 'no-header', 'no column "type"'],
    [`${header}a,BACKEND,\n`, 'cut-off', 'line 2 of here: expected 14 fields, found 3'],
    [`${header}a,BACKEND,,0,many,0,0,UP,,1,,,,\n`, 'bad-line', 'column stot: expected a whole number, found "many"'],
    [`${header}a,BACKEND,,0,1,0,0,UP,,7,,,,\n`, 'bad-line', 'expected a frontend, a backend or a server'],
    [`${header}a,BACKEND,,0,1,0,0,UP,,1,,"x`, 'cut-off', 'field 12'],
  ])('%j are the error %s', (text, code, message) => {
    let found: unknown;
    try {
      entriesOf(text);
    } catch (error) {
      found = error;
    }
    expect(found).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
