import { describe, expect, test } from 'vitest';
import {
  agentKey,
  authorizationOf,
  equalDigits,
  parseAuthorization,
  signatureOf,
} from '../../../src/links/protocol/authorization.js';

const secret = 'correct horse battery staple';
const request = { method: 'POST', path: '/api/v1/agents/web01/results', timeS: 1_764_642_000, body: Buffer.from('{}') };

describe('the authorization of agents', () => {
  test('derives keys and signatures as openssl does', () => {
    // printf %s web01 | openssl dgst -sha256 -hmac 'correct horse battery staple'
    const key = agentKey(secret, 'web01');
    expect(key).toBe('5cfb5aa1085b30dbe738a9912f86dd2b87c95223840d8578fe65f48a8c8ef9fd');
    // printf 'POST\n/api/v1/agents/web01/results\n1764642000\n%s' "$(printf %s '{}' | sha256sum | cut -c1-64)" | openssl dgst -sha256 -hmac KEY
    expect(signatureOf(key, request)).toBe('a4e3ce6f5926a5626d31ab598b7ce8cd1e600c61137d25a687343728adf0afe1');
  });

  test('is read as it is written', () => {
    const key = agentKey(secret, 'web01');
    expect(parseAuthorization(authorizationOf(key, 'web01', request))).toEqual({
      scheme: 'hmac',
      name: 'web01',
      timeS: 1_764_642_000,
      signature: signatureOf(key, request),
    });
    expect(parseAuthorization(`Bearer ${key}`)).toEqual({ scheme: 'bearer', token: key });
  });

  test.each([
    undefined,
    '',
    'Basic dXNlcjpwYXNz',
    `Bearer ${'a'.repeat(63)}`,
    `Bearer ${'A'.repeat(64)}`,
    `HMAC-SHA256 name=web01, time=1, signature=${'0'.repeat(63)}`,
    `HMAC-SHA256 name=../x, time=1, signature=${'0'.repeat(64)}`,
    `HMAC-SHA256 name=<b>, time=1, signature=${'0'.repeat(64)}`,
    `HMAC-SHA256 name=web01, time=-1, signature=${'0'.repeat(64)}`,
  ])('refuses %j', (header) => {
    expect(parseAuthorization(header)).toBeNull();
  });

  test.each([
    ['method', { ...request, method: 'GET' }],
    ['path', { ...request, path: '/api/v1/agents/web02/results' }],
    ['time', { ...request, timeS: request.timeS + 1 }],
    ['body', { ...request, body: Buffer.from('{ }') }],
  ])('signs the %s', (_, other) => {
    const key = agentKey(secret, 'web01');
    expect(signatureOf(key, other)).not.toBe(signatureOf(key, request));
  });

  test('compares digits', () => {
    expect([equalDigits('ab', 'ab'), equalDigits('ab', 'ac'), equalDigits('ab', 'abc')]).toEqual([true, false, false]);
  });
});
