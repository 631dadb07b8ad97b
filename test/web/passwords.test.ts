// The password file, as htpasswd writes it.

import { hashSync } from 'bcryptjs';
import { describe, expect, test } from 'vitest';
import { createVerifier, parseBasic, parsePasswords } from '../../src/web/passwords.js';

const hash = hashSync('secret', 4);
const apacheHash = hash.replace('$2b$', '$2y$');

describe('a password file', () => {
  test('has one user per line', () => {
    const text = `# operators\nalice:${hash}\r\n\nbob:${apacheHash}\n`;
    expect([...parsePasswords(text, 'f').keys()]).toEqual(['alice', 'bob']);
  });

  test.each<readonly [text: string, message: string]>([
    ['', 'f has no users'],
    ['# only words\n', 'f has no users'],
    [`alice:${hash}\nbob:$apr1$abcdefgh$0123456789abcdefghijkl`, 'line 2 of f is malformed'],
    ['alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'line 1 of f'],
    ['alice', 'line 1 of f'],
    [`:${hash}`, 'line 1 of f'],
  ])('with the text %j is rejected', (text, message) => {
    expect(() => parsePasswords(text, 'f')).toThrow(message);
  });
});

describe('a password', () => {
  const { isSettling, verify } = createVerifier(() => parsePasswords(`alice:${hash}\nbob:${apacheHash}\n`, 'f'));

  test.each<readonly [user: string, password: string, isRight: boolean]>([
    ['alice', 'secret', true],
    ['bob', 'secret', true],
    ['alice', 'Secret', false],
    ['alice', '', false],
    ['carol', 'secret', false],
    ['', '', false],
  ])('of %j given as %j verifies as %j; only a right one is remembered', async (user, password, isRight) => {
    expect(isSettling({ user, password })).toBe(false);
    expect(await verify({ user, password })).toBe(isRight);
    expect(isSettling({ user, password })).toBe(isRight);
  });

  test('is forgotten when the file changes', async () => {
    let text = `alice:${hash}`;
    const changing = createVerifier(() => parsePasswords(text, 'f'));
    const alice = { user: 'alice', password: 'secret' };
    expect(await changing.verify(alice)).toBe(true);
    text = `alice:${hashSync('other', 4)}`;
    expect(changing.isSettling(alice)).toBe(false);
    expect(await changing.verify(alice)).toBe(false);
  });
});

test.each<readonly [header: string | undefined, user: string | null, password: string]>([
  [`Basic ${btoa('alice:a:b')}`, 'alice', 'a:b'],
  [`basic ${btoa(':')}`, '', ''],
  [undefined, null, ''],
  ['Bearer abc', null, ''],
  [`Basic ${btoa('nobody')}`, null, ''],
  ['Basic !!!', null, ''],
  [`Basic ${'A'.repeat(2000)}`, null, ''],
])('the header %j names %j', (header, user, password) => {
  expect(parseBasic(header)).toEqual(user === null ? null : { user, password });
});
