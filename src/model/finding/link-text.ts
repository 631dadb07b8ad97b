// Findings of links in words. Their subjects are agents, hosts, ways between data centres, links, and peers, none of which
// has an archive.

import type { Finding, FindingNumbers } from './finding.js';

/** The kinds, in the order of lists. */
export const linkFindingKinds = ['link-lost', 'peer-down', 'agent-silent'] as const;

/** The kind of a finding of links. */
type LinkFindingKind = (typeof linkFindingKinds)[number];

/** Whether a kind is one of links. */
export function isOfLinks(kind: string): kind is LinkFindingKind {
  return linkFindingKinds.some((own) => own === kind);
}

/** Titles of the kinds. */
export const linkTitles: Readonly<Record<LinkFindingKind, string>> = {
  'link-lost': 'link lost',
  'peer-down': 'peer down',
  'agent-silent': 'agent silent',
};

type Words = Pick<Finding, 'subject' | 'numbers'>;

/** The sentence of each kind, without its subject. */
export const linkSentences: Readonly<Record<LinkFindingKind, (finding: Words) => string>> = {
  'link-lost': ({ numbers }) => lostText(numbers),
  'peer-down': downText,
  'agent-silent': ({ numbers: { silent, agents } }) =>
    silent === undefined
      ? 'has stopped reporting: its links are not watched'
      : `${silent} of ${agents} agents have stopped reporting: do they reach this server?`,
};

function lostText(numbers: FindingNumbers): string {
  const { blame, lost, links, observers, targets } = numbers;
  if (blame === 'observer') return `loses ${lost} of its ${links} links, to hosts that others reach`;
  if (blame === 'target') return `does not answer ${observers} agents: ${lost} of ${links} links to it are lost`;
  if (blame === 'dcs')
    return `${lost} of ${links} links between them are lost, from ${observers} agents to ${targets} hosts`;
  return 'most of its newest ten pings are lost';
}

const downTexts: ReadonlyMap<unknown, string> = new Map([
  ['closed', 'it refuses clients'],
  ['wrong', 'something else answers'],
  ['silent', 'it does not answer'],
]);

function downText({ subject, numbers: { outcome, seenBy } }: Words): string {
  const isHost = peerOfSubject(subject)?.svc === '';
  return `${isHost ? 'is dead' : `is down (${downTexts.get(outcome)})`}: seen by ${seenBy}`;
}

/** The subject of an agent. */
export function agentSubject(name: string): string {
  return `agent/${name}`;
}

/** The subject of the way between two data centres, `fr~tx`. */
export function waySubject(way: string): string {
  return `dcs/${way}`;
}

/** The subject of a link, `web01/10.1.2.3`. */
export function linkSubject(link: string): string {
  return `link/${link}`;
}

/** The subject of a service of a peer, `peer/db3/redis/6379`, or of its host, `peer/db3`, for an empty service. */
export function peerSubject(member: string, svc: string): string {
  return `peer/${member}${svc === '' ? '' : `/${svc}`}`;
}

/** The peer of a subject; null if it is about none. */
export function peerOfSubject(subject: string): { readonly member: string; readonly svc: string } | null {
  const [, member, svc = ''] = /^peer\/([^/]+)(?:\/(.+))?$/.exec(subject) ?? [];
  return member === undefined ? null : { member, svc };
}

/**
 * The subject as people write it: `agent web01`, `data centres fr and tx`, `web01 to 10.1.2.3`, `db3 redis/6379`, `peer db3`; null if it is none of
 * links.
 */
export function linkSubjectText(subject: string): string | null {
  const peer = peerOfSubject(subject);
  if (peer !== null) return peer.svc === '' ? `peer ${peer.member}` : `${peer.member} ${peer.svc}`;
  const [, kind, rest = ''] = /^(agent|dcs|link)\/(.+)$/.exec(subject) ?? [];
  if (kind === 'agent') return `agent ${rest}`;
  if (kind === 'dcs') return `data centres ${rest.replace('~', ' and ')}`;
  return kind === 'link' ? rest.replace('/', ' to ') : null;
}
