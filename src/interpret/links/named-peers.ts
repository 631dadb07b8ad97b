// The peers that agents name, each once: who says so, since when, and by which observation. Where agents name a host, that stands for its services,
// unless more agents name a service: these reach the host, or have not heard yet that it is dead.

import { type PeerReport, peerOutcomes } from '../../model/links/report.js';

/** A service of a peer, or its host, that agents name as dead. */
export interface NamedPeer {
  readonly member: string;
  /** '' is the host. */
  readonly svc: string;
  /** The outcome that most of these agents report. */
  readonly outcome: PeerReport['outcome'];
  /** The agents that name it, and the members that observed it, sorted. */
  readonly agents: readonly string[];
  readonly witnesses: readonly string[];
  /** The first observation, epoch seconds. */
  readonly sinceS: number;
}

/** The most that are named at a time: those by most agents. */
const mostNamed = 1000;

/** The peers that agents name, by agent, as of a time, epoch seconds. Nothing began later than that, whatever an agent's clock says. */
export function namedPeers(
  verdicts: Iterable<readonly [string, readonly PeerReport[]]>,
  nowS: number,
): readonly NamedPeer[] {
  const byTarget = new Map<string, Claim[]>();
  for (const [agent, own] of verdicts) {
    for (const verdict of own) {
      const key = keyOf(verdict);
      const claims = byTarget.get(key);
      if (claims === undefined) byTarget.set(key, [{ agent, verdict }]);
      else claims.push({ agent, verdict });
    }
  }
  const countOf = (member: string): number => byTarget.get(keyOf({ member, svc: '' }))?.length ?? 0;
  return [...byTarget.values()]
    .map((claims) => namedBy(claims, nowS))
    .filter(({ member, svc, agents }) => svc === '' || agents.length > countOf(member))
    .sort((a, b) => b.agents.length - a.agents.length || (keyOf(a) < keyOf(b) ? -1 : 1))
    .slice(0, mostNamed);
}

interface Claim {
  readonly agent: string;
  readonly verdict: PeerReport;
}

function keyOf({ member, svc }: Pick<PeerReport, 'member' | 'svc'>): string {
  return `${member} ${svc}`;
}

function namedBy(claims: readonly Claim[], nowS: number): NamedPeer {
  const verdicts = claims.map(({ verdict }) => verdict);
  const [first] = verdicts;
  const timesOf = (outcome: PeerReport['outcome']): number => verdicts.filter((one) => one.outcome === outcome).length;
  return {
    member: first?.member ?? '',
    svc: first?.svc ?? '',
    outcome: peerOutcomes.reduce((most, one) => (timesOf(one) > timesOf(most) ? one : most)),
    agents: claims.map(({ agent }) => agent).toSorted(byNumbers.compare),
    witnesses: [...new Set(verdicts.flatMap(({ witnesses }) => witnesses))].sort(byNumbers.compare),
    sinceS: Math.min(nowS, ...verdicts.map(({ sinceS }) => sinceS)),
  };
}

/** Natural order: web2 before web10. */
const byNumbers = new Intl.Collator('en', { numeric: true });
