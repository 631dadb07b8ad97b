// Parses /proc/net/tcp and tcp6: the listening ports of a network namespace, and its connections, counted by direction, addresses and port. Lines
// come first for listening sockets, then for connections (net/ipv4/tcp_ipv4.c, tcp4_seq_show; proc(5)):
//
//     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
//      0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 436 1 …
//
// An address is printed as words of 32 bits in the machine's byte order. A connection is incoming if its own port is listened on; then its port is
// this one, and the peer a network of /24 or /48: who a client is, is nobody's business here. Otherwise it is the peer's port.

import type { PeerConnections } from '../../model/links/report.js';
import { canonicalAddress } from '../../model/links/target.js';
import type { AddressKey } from '../../model/topology/network.js';

/** Most distinct counts that are kept in memory. */
const mostCounts = 20_000;

const established = '01';
const listening = '0A';

/** Connections while they are counted, line by line: the files of IPv6 and IPv4, one after the other. */
export class ConnectionCounts {
  readonly #isLittleEndian: boolean;
  readonly #listening = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** Whether there were more distinct counts than are kept. */
  isOverflown = false;

  constructor(isLittleEndian: boolean) {
    this.#isLittleEndian = isLittleEndian;
  }

  /** Takes a line; headings and lines of other forms count nothing. */
  addLine(line: string): void {
    const at = line.indexOf(': ') + 2;
    const colon = line.indexOf(':', at);
    const digits = colon - at;
    if (at < 2 || (digits !== 8 && digits !== 32)) return;
    const state = line.slice(at + 2 * digits + 12, at + 2 * digits + 14);
    const port = line.slice(colon + 1, colon + 5);
    if (state === listening) this.#listening.add(port);
    if (state !== established) return;
    const local = line.slice(at, colon);
    const peer = line.slice(at + digits + 6, at + 2 * digits + 6);
    if (local === peer || this.#isLoopback(local)) return;
    const isIn = this.#listening.has(port);
    const peerPort = line.slice(at + 2 * digits + 7, at + 2 * digits + 11);
    this.#count(isIn ? `in ${local} ${this.#networkOf(peer)} ${port}` : `out ${local} ${peer} ${peerPort}`);
  }

  #count(key: string): void {
    const before = this.#counts.get(key);
    if (before === undefined && this.#counts.size >= mostCounts) this.isOverflown = true;
    else this.#counts.set(key, (before ?? 0) + 1);
  }

  /** The busiest counts, at most `most` of them. */
  busiest(most: number): readonly PeerConnections[] {
    // Addresses inside IPv6 and plain ones are the same.
    const counts = new Map<string, PeerConnections>();
    for (const [key, n] of this.#counts) {
      const [dir, local = '', peer = '', port = ''] = key.split(' ');
      const one = { local: this.#textOf(local), peer: this.#textOf(peer), port: Number.parseInt(port, 16) };
      const text = `${dir} ${one.local} ${one.peer} ${one.port}`;
      counts.set(text, { dir: dir === 'in' ? 'in' : 'out', ...one, n: n + (counts.get(text)?.n ?? 0) });
    }
    return [...counts.values()].sort((a, b) => b.n - a.n).slice(0, most);
  }

  /** The digits of each byte in network order. */
  #bytesOf(hex: string): string {
    return networkOrder(hex, this.#isLittleEndian);
  }

  #isLoopback(hex: string): boolean {
    const bytes = this.#bytesOf(hex);
    if (bytes.length === 8) return bytes.startsWith('7F');
    return bytes === '00000000000000000000000000000001' || (bytes.startsWith(mapped) && bytes.startsWith('7F', 24));
  }

  /** The digits of an address with those of its hosts cleared, and the length of the network. */
  #networkOf(hex: string): string {
    const bytes = this.#bytesOf(hex);
    if (bytes.length === 8) return `${this.#bytesOf(`${bytes.slice(0, 6)}00`)}/24`;
    if (bytes.startsWith(mapped)) return `${this.#bytesOf(`${bytes.slice(0, 30)}00`)}/24`;
    return `${this.#bytesOf(bytes.slice(0, 12).padEnd(32, '0'))}/48`;
  }

  #textOf(digits: string): string {
    const [hex = '', length] = digits.split('/');
    const text = addressText(hex, this.#isLittleEndian);
    return length === undefined ? text : `${text}/${length}`;
  }
}

/** The address of its digits in /proc/net/tcp. */
export function addressText(hex: string, isLittleEndian: boolean): string {
  const bytes = networkOrder(hex, isLittleEndian);
  if (bytes.length === 8) return (bytes.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
  return canonicalAddress((bytes.match(/..../g) ?? []).join(':')) ?? '';
}

/** The number of an address of its digits; that of IPv4 inside IPv6 is the plain one's. */
export function addressKeyOf(hex: string, isLittleEndian: boolean): AddressKey {
  const bytes = networkOrder(hex, isLittleEndian);
  if (bytes.startsWith(mapped)) return { isIpv6: false, value: BigInt(Number.parseInt(bytes.slice(24), 16)) };
  if (bytes.length === 8) return { isIpv6: false, value: BigInt(Number.parseInt(bytes, 16)) };
  return { isIpv6: true, value: BigInt(`0x${bytes}`) };
}

function networkOrder(hex: string, isLittleEndian: boolean): string {
  return isLittleEndian ? hex.replace(/(..)(..)(..)(..)/g, '$4$3$2$1') : hex;
}

/** The beginning of an IPv4 address inside IPv6. */
const mapped = '00000000000000000000FFFF';
