// A target as files name it: an address or a name, with or without a port.

import { dnsNamePattern } from '../../model/links/report.js';
import { canonicalAddress, type LinkTarget, parseTarget } from '../../model/links/target.js';

/** A target whose host may be a name that DNS resolves. */
export interface NamedTarget {
  /** A canonical address, or a name in lower case. */
  readonly host: string;
  readonly port: number | null;
}

/** A name in lower case, without a dot at its end. */
export function plainName(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

/** Whether a text is a name that may be resolved. */
export function isDnsName(text: string): boolean {
  return dnsNamePattern.test(plainName(text));
}

/** The target of a text such as `10.1.2.3`, `[2001:db8::1]:80` or `db01.example.com:3306`; null if it is none. */
export function parseNamedTarget(text: string): NamedTarget | null {
  const target = parseTarget(text);
  if (target !== null) return { host: target.address, port: target.port };
  const [, host = '', digits] = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (!isDnsName(host) || (port !== null && (port < 1 || port > 65_535))) return null;
  return { host: plainName(host), port };
}

/** Whether it is an address already; null if its host is a name. */
export function asAddress({ host, port }: NamedTarget): LinkTarget | null {
  const address = canonicalAddress(host);
  return address === null ? null : { address, port };
}

/** Whether a target is on this host itself, which is no link. */
export function isOwnAddress(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address === '0.0.0.0' || address === '::';
}
