// The beginning of an entry, the same in every listing of ipvsadm(8):
//
//   TCP  10.9.1.1:80 …    UDP  10.9.1.1:53 …    SCTP [2001:db8:9::1]:9899 …         a service
//   FWM  6 …              FWM  6 IPv6 …         FWM  -294967296 …                   a firewall mark, printed with %d
//     -> 10.1.0.11:80 …   -> [2001:db8:1::11]:80 …                                  a real server of the one above
//
// See print_service_entry() in ipvsadm.c.

import { isIP } from 'node:net';
import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import { parseEndpoint } from '../../../model/names/name.js';
import { quote } from '../../collect-error.js';
import { LineProblem } from './listing.js';

/** A service's identity, its key within a listing, and the number of words it took. */
interface ServiceHead {
  readonly id: ServiceId;
  readonly key: string;
  readonly length: number;
}

/** A real server's identity and its key within its service: one text per identity. */
interface Endpoint {
  readonly id: RealServerId;
  readonly key: string;
}

/** Words of a line that belong to a real server's head: the arrow and its address. */
export const realServerHeadLength = 2;

const protocols = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' } as const;

/** Addresses recur line after line and cycle after cycle; parsing one costs more than the rest of its line. */
const knownEndpoints = new Map<string, Endpoint>();
const maxKnownEndpoints = 250_000;

/** Are these the words of a real server's line? */
export function isRealServer(words: readonly string[]): boolean {
  return words[0] === '->';
}

/** Parses the head of a service's line; throws a `LineProblem`. */
export function parseServiceHead(words: readonly string[]): ServiceHead {
  const [protocolWord = '', name = ''] = words;
  if (protocolWord === 'FWM') return parseMark(name, words[2] === 'IPv6');
  if (protocolWord !== 'TCP' && protocolWord !== 'UDP' && protocolWord !== 'SCTP') {
    throw new LineProblem(`expected TCP, UDP, SCTP, FWM or ->, found ${quote(protocolWord)}`);
  }
  const protocol = protocols[protocolWord];
  const { id, key } = parseAddress(name);
  return { id: { kind: 'address', protocol, ...id }, key: `${protocol} ${key}`, length: 2 };
}

/**
 * The services that a line with a readable address but an unknown protocol may belong to: a damaged line belongs to one of these, a
 * line of another protocol to none.
 */
export function suspectedServices([protocolWord = '', name = '']: readonly string[]): readonly ServiceId[] {
  const id = /^[A-Za-z][A-Za-z0-9-]{1,15}$/.test(protocolWord) ? endpointOf(name) : null;
  return id === null ? [] : Object.values(protocols).map((protocol) => ({ kind: 'address', protocol, ...id.id }));
}

/** Parses the head of a real server's line; throws a `LineProblem`. */
export function parseRealServerHead(words: readonly string[]): Endpoint {
  return parseAddress(words[1] ?? '');
}

/** A mark is unsigned; ipvsadm prints marks from 2^31 on as negative numbers. */
function parseMark(word: string, isIpv6: boolean): ServiceHead {
  const printed = /^(?:0|-?[1-9]\d{0,9})$/.test(word) ? Number(word) : Number.NaN;
  if (!(printed >= -(2 ** 31) && printed < 2 ** 32)) {
    throw new LineProblem(`expected a firewall mark of 32 bits, found ${quote(word)}`);
  }
  const mark = printed < 0 ? printed + 2 ** 32 : printed;
  const family = isIpv6 ? 'ipv6' : 'ipv4';
  return { id: { kind: 'mark', mark, family }, key: `mark ${mark} ${family}`, length: isIpv6 ? 3 : 2 };
}

function parseAddress(word: string): Endpoint {
  const endpoint = endpointOf(word);
  if (endpoint !== null) return endpoint;
  throw new LineProblem(`expected ADDRESS:PORT in numbers, found ${quote(word)}; was the listing made without -n?`);
}

function endpointOf(word: string): Endpoint | null {
  const known = knownEndpoints.get(word);
  if (known !== undefined) return known;
  const id = parseEndpoint(word);
  if (id === null || !isPrinted(word, id)) return null;
  const key = id.address.includes(':') ? `[${id.address}]:${id.port}` : `${id.address}:${id.port}`;
  const endpoint = { id, key };
  if (knownEndpoints.size >= maxKnownEndpoints) knownEndpoints.clear();
  // The key's own text, never `word`, a slice that would keep the whole listing in memory.
  if (key === word) knownEndpoints.set(key, endpoint);
  return endpoint;
}

/** No number in it begins with a zero, since the kernel's never do: `:007` is not port 7 but a damaged line. */
function isPrinted(word: string, { port }: RealServerId): boolean {
  const address = word.slice(0, word.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return word.endsWith(`:${port}`) && isIP(address) !== 0;
}
