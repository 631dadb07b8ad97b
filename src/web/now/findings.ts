// The findings as the viewer knows them: those of the newest cycle, and those of the moment.

import { findingRecord, silencedRecord } from '../../model/finding/finding-text.js';
import { type Verdict, verdictNow } from '../../model/finding/verdict.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';

/** The parts of the site that determine the verdict. */
export type JudgedSite = Pick<
  Site,
  'collecting' | 'nowS' | 'freeBytes' | 'policy' | 'firstSeen' | 'undelivered' | 'pushes' | 'linkFindings'
>;

/** The verdict on the director now. */
export function siteVerdict({
  collecting,
  nowS,
  freeBytes,
  policy,
  firstSeen,
  undelivered,
  pushes,
  linkFindings = null,
}: JudgedSite): Verdict {
  const { retention, lastS, failure, findings, silences = [] } = collecting();
  const fails = undelivered === undefined ? {} : { undelivered: undelivered() };
  const pushed = pushes === undefined ? {} : { pushes: pushes() };
  const watched = linkFindings === null ? {} : { links: linkFindings() };
  const moment = {
    nowS: Math.floor(nowS()),
    retention,
    lastS,
    failure,
    freeBytes: freeBytes(),
    ...fails,
    ...pushed,
    ...watched,
  };
  return verdictNow({ moment, findings, silences, policy: policy(), firstSeen });
}

/** `findings`: all that are open, worst first. */
export const findingsRoute = route({
  path: '/findings',
  parse: ({ sources }: RouteRequest<{ readonly site: JudgedSite }>) => ({
    verdict: siteVerdict(sources.site),
    lastS: sources.site.collecting().lastS,
  }),
  key: ({ verdict }) => [
    'findings',
    verdict.findings.map(({ kind, severity }) => [kind, severity]),
    verdict.silenced.map(({ finding, silence }) => [finding.kind, silence.untilS, silence.why]),
  ],
  rows: (judged) => judged,
  json: ({ verdict: { grade, counts, findings, silenced }, lastS }) => ({
    small: {
      status: grade,
      last: lastS,
      counts,
      findings: findings.map(findingRecord),
      silenced: silenced.map(silencedRecord),
    },
  }),
});
