// Connections of an agent as one text: a line for each direction, own address, peer and port, with their number. A server keeps those of
// thousands of agents, and as objects they would take several times the memory.
//
//   out 10.0.0.9 10.1.2.3 3306 12
//   in 10.0.0.9 192.0.2.0/24 80 40

import type { PeerConnections } from '../links/report.js';

/** Packs connections: those of the same direction, addresses and port are one line with their sum, in the order of the first of them. */
export function packConnections(connections: readonly PeerConnections[]): string {
  const counts = new Map<string, number>();
  for (const { dir, local, peer, port, n } of connections) {
    const key = `${dir} ${local} ${peer} ${port}`;
    counts.set(key, (counts.get(key) ?? 0) + n);
  }
  // A joined text is flat; one that grows by addition keeps all its pieces.
  return Array.from(counts, ([key, n]) => `${key} ${n}`).join('\n');
}

/** The connections of a packed text. */
export function unpackConnections(packed: string): readonly PeerConnections[] {
  if (packed === '') return [];
  return packed.split('\n').map((line) => {
    const [dir, local = '', peer = '', port = '', n = ''] = line.split(' ');
    return { dir: dir === 'in' ? 'in' : 'out', local, peer, port: Number(port), n: Number(n) };
  });
}
