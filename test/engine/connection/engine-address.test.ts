// Addresses of receivers: the paths that follow from them, and logins, which no message shows.

import { expect, test } from 'vitest';
import { parseEngineAddress } from '../../../src/engine/connection/engine-address.js';

const parse = (text: string, login: string | null = null) =>
  parseEngineAddress(text, { option: '--to', login, ca: null });

test.each([
  ['http://h:8428', 'http://h:8428/api/v1/write', 'http://h:8428/'],
  ['http://h:8428/', 'http://h:8428/api/v1/write', 'http://h:8428/'],
  ['https://h/prom/api/v1/write', 'https://h/prom/api/v1/write', 'https://h/prom/'],
  ['http://h/api/v1/write?tenant=a', 'http://h/api/v1/write?tenant=a', 'http://h/'],
  ['http://h/api/v1/receive', 'http://h/api/v1/receive', null],
])('%s', (text, writeUrl, baseUrl) => {
  const address = parse(text);
  expect([String(address.writeUrl), address.baseUrl && String(address.baseUrl)]).toEqual([writeUrl, baseUrl]);
});

test.each([
  ['http://u:p%40ss@h:1', null, `Basic ${Buffer.from('u:p@ss').toString('base64')}`],
  ['http://u:p@h:1', 'other:word', `Basic ${Buffer.from('other:word').toString('base64')}`],
  ['http://h:1', 'Bearer abc', 'Bearer abc'],
  ['http://h:1', null, null],
])('the login of %s and %s', (text, login, authorization) => {
  const address = parse(text, login);
  expect(address.authorization).toBe(authorization);
  expect([address.name, String(address.writeUrl)].join(' ')).not.toMatch(/p@|p%40|word/);
});

test.each(['h:9090', 'ftp://h', '', 'http://', 'http://u:secret@h/#x'])(
  '"%s" is an error that shows no login',
  (text) => {
    expect(() => parse(text)).toThrow(/--to/);
    expect(() => parse(text)).not.toThrow(/secret/);
  },
);
