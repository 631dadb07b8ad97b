// The hosts that this one is connected with over ports of services (`--join-from`), from /proc/net/tcp: who connects to such a port here, and whose
// such port is connected to from here. Lines are described in parse-tcp.ts.

import { endianness } from 'node:os';
import { canonicalAddress } from '../../model/links/target.js';
import { addressText } from './parse-tcp.js';
import { readTcpLines } from './read-connections.js';

/** Most addresses that are kept in memory. */
const mostPeers = 10_000;

const established = '01';

/** The addresses, each once, in the order of the files. Throws what Node throws. */
export async function readConnectedPeers(procRoot: string, ports: ReadonlySet<number>): Promise<readonly string[]> {
  const isLittleEndian = endianness() === 'LE';
  const found = new Set<string>();
  await readTcpLines(procRoot, (line) => {
    const [, local = '', port = '', peer = '', peerPort = '', state] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) /.exec(line) ?? [];
    if (state !== established || local === peer || found.size >= mostPeers) return;
    if (!ports.has(Number.parseInt(port, 16)) && !ports.has(Number.parseInt(peerPort, 16))) return;
    const address = canonicalAddress(addressText(peer, isLittleEndian));
    if (address !== null && !address.startsWith('127.') && address !== '::1') found.add(address);
  });
  return [...found];
}
