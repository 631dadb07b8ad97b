// The findings as the viewer knows them: those of the newest cycle, and those of the moment.

import { openFindings } from '../../model/finding/finding.js';
import { findingRecord } from '../../model/finding/finding-text.js';
import { momentFindings } from '../../model/finding/moment.js';
import { type Verdict, verdictOf } from '../../model/finding/verdict.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';

/** The parts of the site that determine the verdict. */
export type JudgedSite = Pick<Site, 'collecting' | 'nowS' | 'freeBytes'>;

/** The verdict on the director now. */
export function siteVerdict({ collecting, nowS, freeBytes }: JudgedSite): Verdict {
  const { retention, lastS, failure, findings } = collecting();
  const moment = { nowS: Math.floor(nowS()), retention, lastS, failure, freeBytes: freeBytes() };
  return verdictOf([...momentFindings(moment), ...openFindings(findings)], lastS !== null);
}

/** `findings`: all that are open, worst first. */
export const findingsRoute = route({
  path: '/findings',
  parse: ({ sources }: RouteRequest<{ readonly site: JudgedSite }>) => ({
    verdict: siteVerdict(sources.site),
    lastS: sources.site.collecting().lastS,
  }),
  key: ({ verdict }) => ['findings', verdict.findings.map(({ kind, severity }) => [kind, severity])],
  rows: (judged) => judged,
  json: ({ verdict: { grade, counts, findings }, lastS }) => ({
    small: { status: grade, last: lastS, counts, findings: findings.map(findingRecord) },
  }),
});
