// Logins and certificates of receivers, from files and the environment.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { receiverOf } from '../../../src/cli/options/push-options.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-push-options-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = { to: '--to', login: '--login', ca: '--ca' };

function file(text: string, mode = 0o600): string {
  const path = join(folder, 'file');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['of a file', 'lb1:secret\n', null],
  ['of the environment', null, 'lb1:secret'],
  ['of both, the file comes first', 'lb1:secret\n', 'Bearer other'],
])('a login %s', (_, text, variable) => {
  const login = text === null ? undefined : file(text);
  const env = variable === null ? {} : { LVS_STATS_PUSH_LOGIN: variable };
  const { authorization } = receiverOf({ to: 'http://h', login, ca: undefined, names }, env);
  expect(authorization).toBe(basic('lb1:secret'));
});

test('a bearer token', () => {
  const login = file('Bearer abc.def\n');
  expect(receiverOf({ to: 'http://h', login, ca: undefined, names }, {}).authorization).toBe('Bearer abc.def');
});

test.each(['', 'secret', 'a:secret\nb:secret', 'Bearer secret token'])('"%s" is no login, and is not shown', (text) => {
  const login = file(text);
  const parse = () => receiverOf({ to: 'http://h', login, ca: undefined, names }, {});
  expect(parse).toThrow(/holds no login: write USER:PASSWORD/);
  expect(parse).not.toThrow(/secret/);
});

test('a file that others may read is refused', () => {
  const login = file('a:b', 0o604);
  expect(() => receiverOf({ to: 'http://h', login, ca: undefined, names }, {})).toThrow(/chmod 600/);
});

test.each(['login', 'ca'] as const)('a file of --%s that is missing is an error that names the option', (name) => {
  const options = { to: 'http://h', login: undefined, ca: undefined, names, [name]: join(folder, 'none') };
  expect(() => receiverOf(options, {})).toThrow(new RegExp(`cannot read .*none: .*correct --${name}`));
});

test('authorities are PEM', () => {
  expect(() => receiverOf({ to: 'https://h', login: undefined, ca: file('hello'), names }, {})).toThrow(
    /no certificates/,
  );
});
