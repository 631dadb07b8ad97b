// Identifies the client: the address of the connection, or, if that is a declared reverse proxy, the address that the proxy
// added. The client can forge anything left of it in `X-Forwarded-For`, so that is ignored.
// https://developer.mozilla.org/docs/Web/HTTP/Headers/X-Forwarded-For

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { UserError } from '../../model/user-error.js';

/** Distinguishes clients: the text is an IPv4 address, or the 64-bit network of an IPv6 address, which belongs to one subscriber. */
export type ClientOf = (request: IncomingMessage) => string;

/** Declared reverse proxies, as addresses and networks. */
export interface Proxies {
  has(address: string | undefined): boolean;
}

/** Adds the proxies of an option's value, separated by commas or spaces, to `before`. Throws a `UserError`. */
export function parseProxies(text: string, before: readonly string[] = []): readonly string[] {
  const proxies = text.split(/[\s,]+/).filter((one) => one !== '');
  const wrong = proxies.find((one) => rangeOf(one) === null);
  if (proxies.length > 0 && wrong === undefined) return [...before, ...proxies];
  throw new UserError(
    'bad-proxy',
    `"${wrong ?? text}" is not the address of a proxy: write 192.0.2.1, 2001:db8::1, or a network such as 10.0.0.0/8`,
  );
}

/** The proxies that `parseProxies` returned. */
export function createProxies(texts: readonly string[]): Proxies {
  const list = new BlockList();
  for (const text of texts) {
    const range = rangeOf(text);
    if (range !== null) list.addSubnet(range.address, range.prefix, familyOf(range.address));
  }
  return {
    has: (address) => {
      const plain = unmapped(address ?? '');
      return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
    },
  };
}

/** Creates the function that distinguishes clients. */
export function createClientOf(proxies: Proxies): ClientOf {
  return ({ socket, headers }) => {
    let address = unmapped(socket.remoteAddress ?? '');
    const added = String(headers['x-forwarded-for'] ?? '').split(',');
    // Each declared proxy added the address of its client.
    while (proxies.has(address)) {
      const next = unmapped(withoutPort(added.pop()?.trim() ?? ''));
      if (isIP(next) === 0) break;
      address = next;
    }
    return networkOf(address);
  };
}

function rangeOf(text: string): { readonly address: string; readonly prefix: number } | null {
  const [address = '', prefix] = text.split('/');
  const most = isIPv4(address) ? 32 : 128;
  if (isIP(address) === 0 || address.includes('%') || text.split('/').length > 2) return null;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most)) return null;
  return { address, prefix: Number(prefix ?? most) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/** A dual-stack socket shows an IPv4 address as ::ffff:192.0.2.1. */
function unmapped(address: string): string {
  const plain = address.replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain;
}

/** Some proxies add the port: 192.0.2.1:5000, [2001:db8::1]:5000. */
function withoutPort(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}

/** A subscriber of IPv6 has 2^64 addresses. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  return `${[...groups, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':')}::/64`;
}
