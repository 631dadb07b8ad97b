// The findings about peers as series for Prometheus. A target that this agent has not probed lately has no series: it is unknown here.

import { exposition, type Family, formats, gauge } from '../../metrics/exposition.js';
import { isBad } from '../../peers/votes.js';
import type { PeerFindings } from './journal.js';

/** The media type of the text. */
export const metricsType = formats.text;

/** The text of the findings. */
export function peerMetrics(findings: PeerFindings): string {
  return [...exposition(familiesOf(findings), 'text')].join('');
}

function familiesOf({ probes, verdicts, members, hasQuorum }: PeerFindings): readonly Family[] {
  const labels = (peer: string, svc: string | null): string => `peer="${escaped(peer)}",svc="${escaped(svc ?? '')}"`;
  return [
    gauge(
      'lvs_peer_up',
      'Whether the service of a peer answered the newest probe of this agent, not older than 15 minutes.',
      probes.map(({ target, outcome }) => [labels(target.member, target.service), isBad(outcome) ? 0 : 1]),
    ),
    gauge(
      'lvs_peer_probe_seconds',
      'Duration of the newest probe of this agent.',
      probes.map(({ target, ms }) => [labels(target.member, target.service), ms / 1000]),
    ),
    gauge(
      'lvs_peer_named',
      'Verdicts of this agent in force: the service, or with an empty svc the host, is dead.',
      verdicts.map(({ target, outcome }) => [`${labels(target.member, target.service)},outcome="${outcome}"`, 1]),
    ),
    gauge(
      'lvs_peer_members',
      'Members of the Serf pool by their status.',
      Object.entries(members).map(([status, count]) => [`status="${status}"`, count]),
    ),
    gauge('lvs_peer_quorum', 'Whether this agent reaches a majority of the pool, and so may judge.', [
      ['', hasQuorum ? 1 : 0],
    ]),
  ];
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
}
