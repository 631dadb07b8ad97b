// The output of `lvs-stats links`: for people, for programs, and for monitoring that runs plugins.

import { findingLine, findingText, subjectText } from '../../model/finding/finding-text.js';
import type { Grade } from '../../model/finding/verdict.js';
import type { LinkVerdict } from '../../model/links/link.js';
import { linksRecord } from '../../model/links/links-record.js';
import type { LinksView } from '../../model/links/view.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../local-time.js';
import { formatColumns } from '../text-table.js';

/** The grade of the live table: unknown if no agent reports, since nobody then knows. */
export function linksGrade({ agents, findings }: LinksView): Grade {
  if (findings.some(({ kind, severity }) => kind === 'link-lost' && severity === 'critical')) return 'critical';
  if (agents.every(({ stale }) => stale === 1)) return 'unknown';
  if (findings.some(({ kind }) => kind === 'link-lost')) return 'warning';
  return findings.length > 0 ? 'unknown' : 'ok';
}

/** The formats. */
export const linksFormats: Readonly<Record<'table' | 'json' | 'nagios', (view: LinksView) => string>> = {
  table: (view) => {
    const { agents, links, findings } = view;
    if (agents.length === 0) return 'No agent has reported yet: docs/agent.md says how to start one.';
    const found = findings.map((finding) => [formatLocal(finding.sinceS), subjectText(finding), findingText(finding)]);
    const troubled = links.filter(({ verdict }) => verdict !== 'well').slice(0, mostRows);
    const rows = troubled.map(({ agent, to, verdict, loss, rtt, usualRtt }) => [
      verdict,
      agent,
      to,
      loss === null ? '' : `${Math.round(100 * loss)} %`,
      msText(rtt),
      msText(usualRtt),
    ]);
    return [
      `${findings.length === 0 ? 'Nothing is cut' : countOf(findings.length, 'finding')}: ${summaryOf(view)}`,
      ...(found.length === 0 ? [] : ['', formatColumns(['since', 'subject', 'finding'], found)]),
      ...(rows.length === 0
        ? []
        : ['', formatColumns(['link', 'from', 'to', 'loss', 'rtt', 'usual'], rows, ['loss', 'rtt', 'usual'])]),
      ...(troubled.length < countNotWell(view) ? ['', `… and ${countNotWell(view) - troubled.length} more`] : []),
    ].join('\n');
  },
  json: (view) => JSON.stringify({ status: linksGrade(view), ...linksRecord(view) }, null, 2),
  nagios: (view) => {
    const words = { ok: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' };
    const named = view.findings.slice(0, mostNamed).map(findingLine);
    const more = view.findings.length - named.length;
    const said =
      named.length === 0 ? summaryOf(view) : [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
    const data = [
      ...(['lost', 'lossy', 'slow', 'stale'] as const).map((verdict) => `${verdict}=${countWith(view, verdict)};;;0`),
      `links=${view.links.length};;;0`,
      `agents=${view.agents.length};;;0`,
      `silent=${view.agents.filter(({ stale }) => stale === 1).length};;;0`,
    ];
    return `LINKS ${words[linksGrade(view)]}: ${said.replaceAll('|', '/')} | ${data.join(' ')}`;
  },
};

/** Links that the table names, and findings that a line of monitoring names. */
const mostRows = 50;
const mostNamed = 10;

function summaryOf(view: LinksView): string {
  const { agents, links } = view;
  const silent = agents.filter(({ stale }) => stale === 1).length;
  const verdicts = (['lost', 'lossy', 'slow', 'stale'] as const)
    .map((verdict) => [countWith(view, verdict), verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  const watched = `${countOf(agents.length, 'agent')}${silent > 0 ? ` (${silent} silent)` : ''} ${agents.length === 1 ? 'watches' : 'watch'}`;
  return [`${watched} ${countOf(links.length, 'link')}`, ...verdicts].join(', ');
}

function countWith({ links }: LinksView, wanted: LinkVerdict): number {
  return links.filter(({ verdict }) => verdict === wanted).length;
}

function countNotWell({ links }: LinksView): number {
  return links.filter(({ verdict }) => verdict !== 'well').length;
}

function msText(ms: number | null): string {
  return ms === null ? '' : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}
