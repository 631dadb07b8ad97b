// The findings of links: a cut is one, whatever it cuts, and so are an agent that is silent and a peer that agents name. Those that cut a virtual
// server off from its real servers name these.

import { type Finding, type FindingNumbers, hostSubject, type Severity } from '../../model/finding/finding.js';
import { agentSubject, linkSubject, waySubject } from '../../model/finding/link-text.js';
import type { Blame, Cut } from '../../model/links/link.js';
import { directorName } from '../../model/names/name.js';
import type { NamedPeer } from './named-peers.js';
import { peerFindings } from './peer-findings.js';

/** The judgement on all links. */
export interface LinksJudgement {
  readonly cuts: readonly Cut[];
  /** Links that are lost, also those whose cut it is too early to name. */
  readonly lost: number;
  readonly silent: readonly { readonly name: string; readonly lastS: number }[];
  /** How many agents there are. */
  readonly agents: number;
  readonly peers: readonly NamedPeer[];
}

const subjects: Readonly<Record<Blame, (subject: string) => string>> = {
  observer: agentSubject,
  target: hostSubject,
  dcs: waySubject,
  pair: linkSubject,
};

const severities: Readonly<Record<Blame, Severity>> = {
  observer: 'warning',
  target: 'warning',
  dcs: 'critical',
  pair: 'warning',
};

/** The findings; `serversOf` gives the archives of the real servers on a host. */
export function linkFindings(
  { cuts, silent, agents, peers }: Omit<LinksJudgement, 'lost'>,
  serversOf: (target: string) => readonly string[],
): readonly Finding[] {
  const lost = cuts.map((cut) => cutFinding(cut, serversOf));
  return [...lost, ...peerFindings(peers, serversOf), ...silentFindings(silent, agents)];
}

/** So many agents at least, and more than half of all, are silent for one reason: their way to this server. */
const fewestTogether = 5;

function silentFindings(silent: LinksJudgement['silent'], agents: number): readonly Finding[] {
  const own = { kind: 'agent-silent', severity: 'warning', archives: [directorName] } as const;
  if (silent.length >= fewestTogether && 2 * silent.length > agents) {
    const sinceS = Math.min(...silent.map(({ lastS }) => lastS));
    return [{ ...own, subject: directorName, sinceS, numbers: { silent: silent.length, agents } }];
  }
  return silent.map(({ name, lastS }) => ({ ...own, subject: agentSubject(name), sinceS: lastS, numbers: {} }));
}

function cutFinding(cut: Cut, serversOf: (target: string) => readonly string[]): Finding {
  const { blame, subject, sinceS, lost, links, observers, targets } = cut;
  const archives = blame === 'observer' ? [] : targets.flatMap(serversOf);
  const numbers: FindingNumbers = { blame, lost, links, observers: observers.length, targets: targets.length };
  return {
    kind: 'link-lost',
    subject: subjects[blame](subject),
    severity: severities[blame],
    sinceS,
    archives: archives.length === 0 ? [directorName] : archives,
    numbers,
  };
}
