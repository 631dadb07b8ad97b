// Ranges of addresses, as virtual server groups list them: `192.0.2.1-10`, `192.0.2.250-192.0.3.10`, `192.0.2.8/29`, and the same of IPv6.

import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../names/name.js';

/** The addresses of a text: a single one or a range; or why there are none. At most `most` are made. */
export function addressesOf(text: string, most: number): readonly string[] | { readonly problem: string } {
  const bounds = boundsOf(text);
  if ('problem' in bounds) return bounds;
  const { first, count, isIpv6 } = bounds;
  if (count > BigInt(most)) return { problem: `it is more than ${most} addresses` };
  return Array.from({ length: Number(count) }, (_, i) => addressOf(first + BigInt(i), isIpv6));
}

/** Whether a text is an IPv6 address or a range of them. */
export function isIpv6Text(text: string): boolean {
  return text.includes(':');
}

type Bounds =
  | { readonly first: bigint; readonly count: bigint; readonly isIpv6: boolean }
  | { readonly problem: string };

function boundsOf(text: string): Bounds {
  const [startText = '', mark = '', endText = ''] = text.split(/([-/])/, 3);
  const isIpv6 = isIpv6Text(startText);
  const first = addressNumber(startText);
  if (first === null) return { problem: 'it is not an address' };
  if (mark === '') return { first, count: 1n, isIpv6 };
  const last = mark === '-' ? lastOf(first, endText, isIpv6) : endOfNetwork(first, endText, isIpv6);
  if (typeof last === 'string') return { problem: last };
  return last < first ? { problem: 'its end is before its beginning' } : { first, count: last - first + 1n, isIpv6 };
}

/** The end of a range: a whole address, or the last part of one. */
function lastOf(first: bigint, text: string, isIpv6: boolean): bigint | string {
  if (text.includes('.') || text.includes(':')) {
    const last = addressNumber(text);
    return last === null || isIpv6Text(text) !== isIpv6 ? 'its end is not an address of the same family' : last;
  }
  const form = isIpv6 ? /^[\da-fA-F]{1,4}$/ : /^\d{1,3}$/;
  const part = form.test(text) ? Number.parseInt(text, isIpv6 ? 16 : 10) : Number.NaN;
  const size = isIpv6 ? 65_536 : 256;
  if (!(part < size)) return 'its end is not an address';
  return first - (first % BigInt(size)) + BigInt(part);
}

function endOfNetwork(first: bigint, text: string, isIpv6: boolean): bigint | string {
  const bits = isIpv6 ? 128 : 32;
  const length = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (length < 1 || length > bits) return `its prefix length is not from 1 to ${bits}`;
  const size = 1n << BigInt(bits - length);
  return first % size === 0n ? first + size - 1n : 'it is not the first address of its network';
}

/** An address as a number; null if the text is none. */
export function addressNumber(text: string): bigint | null {
  const address = canonicalAddress(text);
  if (address === null) return null;
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function addressOf(value: bigint, isIpv6: boolean): string {
  const bytes = Array.from({ length: isIpv6 ? 16 : 4 }, (_, i) =>
    Number((value >> BigInt(8 * ((isIpv6 ? 15 : 3) - i))) & 255n),
  );
  const address = ipaddr.fromByteArray(bytes);
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
}
