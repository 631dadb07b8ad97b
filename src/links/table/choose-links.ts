// Which links an agent watches: what the policy pins, what its files name, then the peers that its host connects to, the busiest first. A host
// that balances (a director) watches its real servers, which its agent reads from the kernel's table and names like a file.

import { type AgentReport, mostDirectorLinks, mostLinks } from '../../model/links/report.js';

/** The targets of an agent, as texts: 5,000 that are pinned or that it names, and peers up to ten in all. */
export function chooseLinks(
  { connections, imports = [] }: Pick<AgentReport, 'connections' | 'imports'>,
  pinned: ReadonlySet<string> = new Set(),
): readonly string[] {
  const wanted = new Set([...new Set([...pinned, ...imports])].slice(0, mostDirectorLinks));
  const byPeer = new Map<string, number>();
  for (const { dir, peer, n } of connections) {
    if (dir === 'out' && !peer.includes('/')) byPeer.set(peer, (byPeer.get(peer) ?? 0) + n);
  }
  const busiest = [...byPeer].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  for (const [peer] of busiest) {
    if (wanted.size >= mostLinks) break;
    wanted.add(peer);
  }
  return [...wanted];
}
