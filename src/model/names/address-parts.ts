// Addresses as 16-bit parts: two of an IPv4 address, eight of an IPv6 address.

import ipaddr from 'ipaddr.js';

const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The parts of a canonical address. */
export function canonicalParts(address: string): readonly number[] {
  const match = dotted.exec(address);
  if (match === null) return ipaddr.IPv6.parse(address).parts;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** The canonical text of an address in 32-bit words: the first, or all four of IPv6. */
export function partsAddress(words: Uint32Array, isIpv6: boolean): string {
  const [first = 0] = words;
  if (!isIpv6) return `${first >>> 24}.${(first >>> 16) & 255}.${(first >>> 8) & 255}.${first & 255}`;
  const parts = Array.from({ length: 8 }, (_, i) => ((words[i >>> 1] ?? 0) >>> (i % 2 === 0 ? 16 : 0)) & 0xffff);
  return new ipaddr.IPv6(parts).toRFC5952String();
}
