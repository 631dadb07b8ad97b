// The file of the probes' logins.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogins } from '../../../src/agent/peers/logins.js';

describe('the logins of probes', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-logins-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (text: string, mode = 0o600): string => {
    const path = join(folder, 'logins');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  test('are one in each line; a password may have blanks, or be missing', () => {
    const path = write('# of probes\n\nmysql lvs_stats\n  amqp probe two words \n');
    expect([...readLogins(path)]).toEqual([
      ['mysql', { user: 'lvs_stats', password: '' }],
      ['amqp', { user: 'probe', password: 'two words' }],
    ]);
  });

  test('name a database of PostgreSQL after the user', () => {
    const loginIn = (text: string): unknown => readLogins(write(text)).get('postgresql');
    expect(loginIn('postgresql probe\n')).toEqual({ user: 'probe', password: '' });
    expect(loginIn('postgresql probe two words\n')).toEqual({ user: 'probe', password: 'two words' });
    expect(loginIn('postgresql probe/app a/b\n')).toEqual({ user: 'probe', database: 'app', password: 'a/b' });
  });

  test.each([
    ['a kind that does not log in', 'redis default hunter2\n', /line 1 does not begin with one of mysql/],
    ['no user', '\nmysql\n', /line 2 does not begin/],
    ['two of a kind', 'mysql a hunter2\nmysql b hunter2\n', /line 2 is the second one for mysql/],
  ])('are refused with %s, and not shown', (_, text, message) => {
    const read = (): unknown => readLogins(write(text));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hunter2/);
  });

  test('are refused in a file that others may read, and in none', () => {
    expect(() => readLogins(write('mysql a b\n', 0o640))).toThrow(/others than its owner .* chmod 600/);
    expect(() => readLogins(join(folder, 'none'))).toThrow(/cannot be read/);
  });
});
