import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { haproxyName, parseHaproxyName } from '../../../src/model/names/haproxy-name.js';
import { nameMatcher } from '../../../src/model/names/match-name.js';
import { pathOfName } from '../../../src/model/names/name.js';
import { parseName, resolveName } from '../../../src/model/names/parse-name.js';

const word = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'binary-ascii', minLength: 1 }));
const id = fc.oneof(
  fc.record({ kind: fc.constantFrom('frontend', 'backend'), proxy: word, server: fc.constant('') }),
  fc.record({ kind: fc.constant('server'), proxy: word, server: word }),
) as fc.Arbitrary<Parameters<typeof haproxyName>[0]>;

describe('the name of an archive of HAProxy', () => {
  test.each([
    [{ kind: 'frontend', proxy: 'www', server: '' }, 'haproxy_fe_www'],
    [{ kind: 'backend', proxy: 'www', server: '' }, 'haproxy_be_www'],
    [{ kind: 'server', proxy: 'a-b', server: 'srv:1' }, 'haproxy_be_a%2Db/srv%3A1'],
    [{ kind: 'server', proxy: '..', server: '.x.' }, 'haproxy_be_%2E./%2Ex.'],
    [{ kind: 'frontend', proxy: 'a/b%41é', server: '' }, 'haproxy_fe_a%2Fb%2541%C3%A9'],
  ] as const)('of %j is %s', (of, name) => {
    expect(haproxyName(of)).toBe(name);
    expect(parseName(name)).toEqual({ kind: 'haproxy', of });
  });

  test('parses back to its proxy and server, and is safe in a file name and an address', () => {
    fc.assert(
      fc.property(id, (of) => {
        const name = haproxyName(of);
        expect(parseHaproxyName(name)).toEqual(of);
        expect(resolveName(name)).toBe(name);
        expect(name).toMatch(/^haproxy_(fe|be)_[A-Za-z0-9_.%]+(\/[A-Za-z0-9_%][A-Za-z0-9_.%]*)?$/);
        expect(decodeURIComponent(pathOfName(name))).toBe(name);
      }),
    );
  });

  test.each(['haproxy_fe_', 'haproxy_fe_a/b', 'haproxy_be_a%2d', 'haproxy_be_a%41', 'haproxy_be_.a', 'haproxy_xx_a'])(
    'is not %s',
    (text) => expect(parseName(text)).toBeNull(),
  );

  test('is found by an unambiguous spelling of a user', () => {
    expect(resolveName('haproxy_be_a-b/srv:1')).toBe('haproxy_be_a%2Db/srv%3A1');
    expect(() => resolveName('haproxy_be_a%2d')).toThrow(/is not the name of an archive/);
    expect(nameMatcher('a-*')('haproxy_be_a%2Db', [])).toBe(true);
    expect(nameMatcher('a-b/*')('haproxy_be_a%2Db/srv%3A1', [])).toBe(true);
    expect(nameMatcher('haproxy_fe_*')('haproxy_be_a%2Db', [])).toBe(false);
  });
});
