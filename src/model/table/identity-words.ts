// The identity of an entry as five 32-bit words, so that entries are compared and found without a text: four of the address (an IPv4
// address or a mark is the first, IPv6 takes all), and one of the form and the port, `form * 65536 + port`.

import { canonicalParts, partsAddress } from '../names/address-parts.js';
import type { Protocol, RealServerId, ServiceId } from '../names/identity.js';

/** Words per identity. */
export const identityWords = 5;

const protocols: readonly Protocol[] = ['tcp', 'udp', 'sctp'];

/** The forms of an identity, each of IPv4; of IPv6 it is one more. A service's begin with its protocol: tcp, udp, sctp. */
export const forms = { tcp: 0, udp: 2, sctp: 4, mark: 6, realServer: 8 } as const;

/** Writes a service's identity at a row. */
export function putServiceId(words: Uint32Array, row: number, id: ServiceId): void {
  if (id.kind === 'address') putEndpoint(words, row, { ...id, form: forms[id.protocol] });
  else {
    words.fill(0, row * identityWords, (row + 1) * identityWords);
    words[row * identityWords] = id.mark;
    words[row * identityWords + 4] = (forms.mark + (id.family === 'ipv6' ? 1 : 0)) * 65536;
  }
}

/** Writes a real server's identity at a row. */
export function putRealServerId(words: Uint32Array, row: number, id: RealServerId): void {
  putEndpoint(words, row, { ...id, form: forms.realServer });
}

function putEndpoint(
  words: Uint32Array,
  row: number,
  { address, port, form }: RealServerId & { readonly form: number },
): void {
  const parts = canonicalParts(address);
  const at = row * identityWords;
  for (let i = 0; i < 4; i += 1) words[at + i] = (parts[2 * i] ?? 0) * 65536 + (parts[2 * i + 1] ?? 0);
  words[at + 4] = (form + (parts.length > 2 ? 1 : 0)) * 65536 + port;
}

/** The service at a row. */
export function serviceIdAt(words: Uint32Array, row: number): ServiceId {
  const at = row * identityWords;
  const form = (words[at + 4] ?? 0) >>> 16;
  if (form >= forms.mark) {
    return { kind: 'mark', mark: words[at] ?? 0, family: form === forms.mark ? 'ipv4' : 'ipv6' };
  }
  return { kind: 'address', protocol: protocols[form >>> 1] ?? 'tcp', ...realServerIdAt(words, row) };
}

/** The real server at a row. */
export function realServerIdAt(words: Uint32Array, row: number): RealServerId {
  const at = row * identityWords;
  const last = words[at + 4] ?? 0;
  const isIpv6 = ((last >>> 16) & 1) === 1;
  return { address: partsAddress(words.subarray(at, at + 4), isIpv6), port: last & 0xffff };
}

/** Is the entry at a row of one table that at a row of another? */
export function isSameEntry(words: Uint32Array, row: number, others: Uint32Array, otherRow: number): boolean {
  const at = row * identityWords;
  const otherAt = otherRow * identityWords;
  // The words that differ most often come first.
  if (words[at] !== others[otherAt] || words[at + 4] !== others[otherAt + 4]) return false;
  if (words[at + 1] !== others[otherAt + 1]) return false;
  return words[at + 2] === others[otherAt + 2] && words[at + 3] === others[otherAt + 3];
}
