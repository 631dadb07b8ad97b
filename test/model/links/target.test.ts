import { describe, expect, test } from 'vitest';
import { parseTarget, targetText } from '../../../src/model/links/target.js';

describe('parseTarget', () => {
  test.each([
    ['10.1.2.3', '10.1.2.3', null],
    ['10.1.2.3:3306', '10.1.2.3', 3306],
    ['2001:db8::1', '2001:db8::1', null],
    ['2001:DB8:0:0::1', '2001:db8::1', null],
    ['[2001:db8::1]', '2001:db8::1', null],
    ['[2001:db8::1]:443', '2001:db8::1', 443],
    ['::ffff:10.1.2.3', '10.1.2.3', null],
    ['[::ffff:10.1.2.3]:80', '10.1.2.3', 80],
  ])('reads %s', (text, address, port) => {
    expect(parseTarget(text)).toEqual({ address, port });
  });

  test.each([
    '',
    'web01',
    '10.1.2',
    '10.1.2.300',
    '010.1.2.3',
    '10.1.2.3:0',
    '10.1.2.3:65536',
    '10.1.2.3:',
    '10.1.2.3:80:80',
    '[10.1.2.3:80',
    'fe80::1%eth0',
    '10.1.2.3 ',
    '<b>10.1.2.3</b>',
    '-f/etc/passwd',
  ])('refuses %j', (text) => {
    expect(parseTarget(text)).toBeNull();
  });

  test.each(['10.1.2.3', '10.1.2.3:3306', '2001:db8::1', '[2001:db8::1]:443'])('writes %s as it was', (text) => {
    const target = parseTarget(text);
    expect(target && targetText(target)).toBe(text);
  });
});
