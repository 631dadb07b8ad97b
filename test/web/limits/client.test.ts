// The client of a request: the address of its connection, unless a declared proxy supplies another.

import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createClientOf, createProxies, parseProxies } from '../../../src/web/limits/client.js';

/** The parts of a request that matter here. */
function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('a client', () => {
  const clientOf = createClientOf(createProxies(['127.0.0.1', '10.0.0.0/8', '2001:db8:f::1']));

  test.each<readonly [title: string, address: string, forwarded: string | undefined, client: string]>([
    ['is the address of its connection', '192.0.2.7', undefined, '192.0.2.7'],
    ['is not the address it claims', '192.0.2.7', '203.0.113.1', '192.0.2.7'],
    ['is the address that a declared proxy adds', '127.0.0.1', '203.0.113.1', '203.0.113.1'],
    ["is not an address from before the proxy's", '127.0.0.1', '203.0.113.99, 203.0.113.1', '203.0.113.1'],
    ['is found behind two declared proxies', '127.0.0.1', '203.0.113.9, 203.0.113.1, 10.1.2.3', '203.0.113.1'],
    ['is the proxy if that adds nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['is the proxy if that adds nonsense', '127.0.0.1', '203.0.113.1, unknown', '127.0.0.1'],
    ['is the last proxy if all addresses are proxies', '127.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['is an address without its port', '127.0.0.1', '203.0.113.1:5000', '203.0.113.1'],
    ['is an IPv6 address without its port', '127.0.0.1', '[2001:db8::1]:5000', '2001:db8:0:0::/64'],
    ['is a network of 64 bits', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['is the same network in any notation', '2001:0DB8:1:2::1', undefined, '2001:db8:1:2::/64'],
    ['is an IPv4 address, even on a dual-stack socket', '::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['is found behind a proxy, even on a dual-stack socket', '::ffff:127.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['is found behind a proxy with an IPv6 address', '2001:db8:f::1', '203.0.113.1', '203.0.113.1'],
    ['is not behind a proxy that only shares its network', '2001:db8:f::2', '203.0.113.1', '2001:db8:f:0::/64'],
  ])('%s', (_title, address, forwarded, client) => {
    expect(clientOf(request(address, forwarded))).toBe(client);
  });
});

describe('proxies', () => {
  test('add to earlier ones, separated by commas or spaces', () => {
    expect(parseProxies('10.0.0.0/8, 2001:db8::1', parseProxies('127.0.0.1'))).toEqual([
      '127.0.0.1',
      '10.0.0.0/8',
      '2001:db8::1',
    ]);
  });

  test.each([
    '',
    ',',
    'proxy.example.com',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '2001:db8::/129',
    'fe80::1%eth0',
  ])('reject %j', (text) => {
    expect(() => parseProxies(text)).toThrow(/is not the address of a proxy: write 192\.0\.2\.1/);
  });
});
