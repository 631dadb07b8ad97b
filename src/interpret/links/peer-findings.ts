// The findings of peers: an application, or a host, that agents beside Serf name as dead. One agent may err, or its key may be in wrong hands, so
// that two are needed for a critical one.

import type { Finding, FindingNumbers } from '../../model/finding/finding.js';
import { peerSubject } from '../../model/finding/link-text.js';
import { directorName, nameWithin, parseRealServerName } from '../../model/names/name.js';
import { countOf } from '../../model/text/count-of.js';
import type { NamedPeer } from './named-peers.js';

/** Agents that must name a peer before that is critical. */
const fewestAgents = 2;

/** Members that are named in the sentence. */
const mostSeen = 5;

/** The findings; `serversOf` gives the archives of the real servers on a host. */
export function peerFindings(
  peers: readonly NamedPeer[],
  serversOf: (host: string) => readonly string[],
): readonly Finding[] {
  return peers.map(({ member, svc, outcome, agents, witnesses, sinceS }) => {
    const servers = serversOf(member).filter((archive) => svc === '' || portOf(archive) === Number(svc.split('/')[1]));
    const numbers: FindingNumbers = { outcome, agents: agents.length, seenBy: seenText(witnesses, agents) };
    return {
      kind: 'peer-down',
      subject: peerSubject(member, svc),
      severity: agents.length >= fewestAgents ? 'critical' : 'warning',
      sinceS,
      archives: servers.length === 0 ? [directorName] : servers,
      numbers,
    };
  });
}

function portOf(archive: string): number {
  return parseRealServerName(nameWithin(archive))?.port ?? Number.NaN;
}

/** "web1, db7 and 2 others": the members that observed it, or the agents that say so where these name none. */
function seenText(witnesses: readonly string[], agents: readonly string[]): string {
  const all = witnesses.length > 0 ? witnesses : agents;
  const others = all.length - mostSeen;
  return `${all.slice(0, mostSeen).join(', ')}${others > 0 ? ` and ${countOf(others, 'other')}` : ''}`;
}
