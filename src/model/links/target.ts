// The far end of a link: an address, which is pinged, or an address and a port, which is connected to. `10.1.2.3`, `10.1.2.3:3306`,
// `2001:db8::1`, `[2001:db8::1]:3306`.

import ipaddr from 'ipaddr.js';

/** A target. */
export interface LinkTarget {
  /** Canonical. */
  readonly address: string;
  /** Null where the host is pinged. */
  readonly port: number | null;
}

/** The target of a text; null if the text is none. */
export function parseTarget(text: string): LinkTarget | null {
  if (text.length > 56) return null;
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const [, address = text, digits] =
    bracketed ?? (isPlainIpv6(text) ? [] : (/^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? []));
  const canonical = canonicalAddress(address);
  if (canonical === null) return null;
  if (digits === undefined) return { address: canonical, port: null };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { address: canonical, port } : null;
}

function isPlainIpv6(text: string): boolean {
  return text.includes(':', text.indexOf(':') + 1);
}

/** An address in its canonical form (RFC 5952; an IPv4 address inside IPv6 as IPv4); null if the text is none. */
export function canonicalAddress(text: string): string | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text))
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text).toString() : null;
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  const parsed = ipaddr.IPv6.parse(text);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
}

/** The canonical text of a target; the text itself if it is none. */
export function canonicalTarget(text: string): string {
  const target = parseTarget(text);
  return target === null ? text : targetText(target);
}

/** The address of a canonical text of a target. */
export function addressOfTarget(text: string): string {
  if (text.startsWith('[')) return text.slice(1, text.indexOf(']'));
  const [address = text, ...more] = text.split(':');
  return more.length === 1 ? address : text;
}

/** Whether a text of a target is the loopback address that agents ping. */
export function isOwnLoopback(text: string): boolean {
  return text === '127.0.0.1' || text === '::1';
}

/** The text of a target. */
export function targetText({ address, port }: LinkTarget): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
