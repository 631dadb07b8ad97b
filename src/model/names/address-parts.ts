// Addresses as 16-bit parts: two of an IPv4 address, eight of an IPv6 address.

import ipaddr from 'ipaddr.js';

/** The codes of ".", "0" and "9". */
const [dot, zero, nine] = [46, 48, 57] as const;

/** The parts of a canonical address. */
export function canonicalParts(address: string): readonly number[] {
  let word = 0;
  let byte = 0;
  for (let i = 0; i < address.length; i += 1) {
    const code = address.charCodeAt(i);
    if (code === dot) {
      word = word * 256 + byte;
      byte = 0;
    } else if (code >= zero && code <= nine) byte = byte * 10 + code - zero;
    else return ipaddr.IPv6.parse(address).parts;
  }
  return [Math.floor(word / 256), (word % 256) * 256 + byte];
}

/** The canonical text of an address in 32-bit words: the first, or all four of IPv6. */
export function partsAddress(words: Uint32Array, isIpv6: boolean): string {
  const [first = 0] = words;
  if (!isIpv6) return `${first >>> 24}.${(first >>> 16) & 255}.${(first >>> 8) & 255}.${first & 255}`;
  const parts = Array.from({ length: 8 }, (_, i) => ((words[i >>> 1] ?? 0) >>> (i % 2 === 0 ? 16 : 0)) & 0xffff);
  return new ipaddr.IPv6(parts).toRFC5952String();
}
