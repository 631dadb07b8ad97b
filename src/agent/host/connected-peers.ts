// The hosts that this one is connected with over ports of services (`--join-from`), from /proc/net/tcp: who connects to such a port here, and whose
// such port is connected to from here. Lines are described in parse-tcp.ts. A proxy has a million of them, nearly all of customers: a line is looked at
// in place, and only addresses in the networks of peers are kept.

import { endianness } from 'node:os';
import { type AddressKey, isInNetwork, type Network } from '../../model/topology/network.js';
import { addressKeyOf, addressText } from './parse-tcp.js';
import { readTcpLines } from './read-connections.js';

/** Connections that are looked for. */
export interface PeerSearch {
  readonly ports: ReadonlySet<number>;
  readonly networks: readonly Network[];
}

/** The addresses, each once, in the order of the files. */
export interface ConnectedPeers {
  readonly addresses: readonly string[];
  /** Whether there were more lines, or more peers, than are read. */
  readonly isCut: boolean;
}

/** Most addresses that are kept in memory. */
const mostPeers = 10_000;

/** Most lines that are read from both files. */
const mostLines = 2_000_000;

const established = '01';

/** Reads them below `procRoot`. Throws what Node throws. */
export async function readConnectedPeers(procRoot: string, { ports, networks }: PeerSearch): Promise<ConnectedPeers> {
  const isLittleEndian = endianness() === 'LE';
  const portTexts = new Set([...ports].map((port) => port.toString(16).toUpperCase().padStart(4, '0')));
  const found = new Set<string>();
  let isFull = false;
  const left = await readTcpLines(procRoot, mostLines, (line) => {
    const peer = peerOf(line, portTexts);
    if (peer === null || found.has(peer)) return;
    const key = addressKeyOf(peer, isLittleEndian);
    if (isLoopback(key) || !networks.some((network) => isInNetwork(network, key))) return;
    if (found.size >= mostPeers) isFull = true;
    else found.add(peer);
  });
  // An IPv4 address inside IPv6 is the plain one.
  const addresses = new Set([...found].map((peer) => addressText(peer, isLittleEndian)));
  return { addresses: [...addresses], isCut: left <= 0 || isFull };
}

/** The digits of the other end's address; null for a line of another form, state or port, and for connections of the host to itself. */
function peerOf(line: string, portTexts: ReadonlySet<string>): string | null {
  const at = line.indexOf(': ') + 2;
  const colon = line.indexOf(':', at);
  const digits = colon - at;
  if (at < 2 || (digits !== 8 && digits !== 32)) return null;
  if (!line.startsWith(established, at + 2 * digits + 12)) return null;
  const port = line.slice(colon + 1, colon + 5);
  const peerPort = line.slice(at + 2 * digits + 7, at + 2 * digits + 11);
  if (!portTexts.has(port) && !portTexts.has(peerPort)) return null;
  const peer = line.slice(at + digits + 6, at + 2 * digits + 6);
  return /^[0-9A-F]+$/.test(peer) && peer !== line.slice(at, colon) ? peer : null;
}

function isLoopback({ isIpv6, value }: AddressKey): boolean {
  return isIpv6 ? value === 1n : value >> 24n === 127n;
}
