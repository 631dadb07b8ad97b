// Patterns of names: their matches, and that none takes exponential time.

import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameMatcher } from '../../../src/model/names/match-name.js';
import { patienceMs } from '../../until.js';

describe('a pattern', () => {
  test.each<readonly [pattern: string, name: string, isMatch: boolean]>([
    ['192.0.2.1_80', '192.0.2.1_80', true],
    ['192.0.2.1:80', '192.0.2.1_80', true],
    ['192.0.2.*', '192.0.2.1_80', true],
    ['*:443', '192.0.2.1_443', true],
    ['*:443', '192.0.2.1_4430', false],
    ['*', '192.0.2.1_80', true],
    ['*', '192.0.2.1_80/10.0.0.5_8080', false],
    ['192.0.2.1_80/*', '192.0.2.1_80/10.0.0.5_8080', true],
    ['*/*_8080', '192.0.2.1_80/10.0.0.5_8080', true],
    ['{all,fwm_1}', 'fwm_1', true],
    ['{all,fwm_1}', 'fwm_2', false],
    ['192.0.2.{1,2}_{80,443}', '192.0.2.2_443', true],
    ['192.0.2.?:80', '192.0.2.7_80', true],
    ['192.0.2.?:80', '192.0.2.70_80', false],
    ['[2001:db8::1]:443', '2001-db8--1_443', true],
    ['[2001:db8::*]:443', '2001-db8--1_443', true],
    ['{', '192.0.2.1_80', false],
    ['', '192.0.2.1_80', false],
  ])('%j matches %j: %j', (pattern, name, isMatch) => {
    expect(nameMatcher(pattern)(name, [])).toBe(isMatch);
  });

  test('matches host names', () => {
    expect(nameMatcher('www.*')('192.0.2.1_80', ['shop', 'www.example.com'])).toBe(true);
    expect(nameMatcher('ftp.*')('192.0.2.1_80', ['shop', 'www.example.com'])).toBe(false);
  });

  test('matches like the equivalent regular expression', () => {
    const text = fc.stringMatching(/^[ab]{0,8}$/);
    const glob = fc.stringMatching(/^[ab*?]{0,8}$/);
    fc.assert(
      fc.property(glob, text, (pattern, host) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(nameMatcher(pattern)('all', [host])).toBe(expression.test(host) || expression.test('all'));
      }),
    );
  });

  test.each(['(?:(*)+)+$x*', '((*)+)+x', `${'*1'.repeat(140)}x`, '{a,b}'.repeat(50), '{'.repeat(300), '*'.repeat(300)])(
    '%j takes no longer than others',
    (pattern) => {
      const matchAll = (): void => {
        const isMatch = nameMatcher(pattern);
        for (let n = 0; n < 2000; n += 1) isMatch(`10.111.111.${n}_11180`, ['www.111.example.com']);
      };
      // It takes milliseconds; exponential time would be years, and only a timeout of `vm` can interrupt it.
      runInNewContext('matchAll()', { matchAll }, { timeout: patienceMs });
    },
  );
});
