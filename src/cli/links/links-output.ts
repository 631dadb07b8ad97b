// The output of `lvs-stats links`: for people, for programs, and for monitoring that runs plugins.

import { findingLine, findingText, subjectText } from '../../model/finding/finding-text.js';
import { hurtText } from '../../model/links/hurt-text.js';
import { linksRecord } from '../../model/links/links-record.js';
import { linkCount, linksGrade, linksSummary, roundTripText, silentCount } from '../../model/links/links-summary.js';
import type { LinkRow, LinksView } from '../../model/links/view.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../local-time.js';
import { formatColumns } from '../text-table.js';

/** The formats. */
export const linksFormats: Readonly<Record<'table' | 'json' | 'nagios', (view: LinksView) => string>> = {
  table: (view) => {
    const { agents, links, findings } = view;
    if (agents.length === 0) return 'No agent has reported yet: docs/agent.md says how to start one.';
    const found = findings.map((finding) => [formatLocal(finding.sinceS), subjectText(finding), findingText(finding)]);
    const troubled = links.filter(({ verdict }) => verdict !== 'well').slice(0, mostRows);
    return [
      `${findings.length === 0 ? 'Nothing is cut' : countOf(findings.length, 'finding')}: ${linksSummary(view)}`,
      ...(found.length === 0 ? [] : ['', formatColumns(['since', 'subject', 'finding'], found)]),
      ...(troubled.length === 0 ? [] : ['', troubledTable(troubled)]),
      ...(troubled.length < countNotWell(view) ? ['', `… and ${countNotWell(view) - troubled.length} more`] : []),
    ].join('\n');
  },
  json: (view) => JSON.stringify({ status: linksGrade(view), ...linksRecord(view) }, null, 2),
  nagios: (view) => {
    const words = { ok: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' };
    const named = view.findings.slice(0, mostNamed).map(findingLine);
    const more = view.findings.length - named.length;
    const said =
      named.length === 0 ? linksSummary(view) : [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
    const data = [
      ...(['lost', 'lossy', 'slow', 'stale'] as const).map((verdict) => `${verdict}=${linkCount(view, verdict)};;;0`),
      `links=${view.links.length};;;0`,
      `agents=${view.agents.length};;;0`,
      `silent=${silentCount(view)};;;0`,
    ];
    return `LINKS ${words[linksGrade(view)]}: ${said.replaceAll('|', '/')} | ${data.join(' ')}`;
  },
};

/** Links that are not well, with the services that they hurt where there are any. */
function troubledTable(links: readonly LinkRow[]): string {
  const hurting = links.some(({ hurts = [] }) => hurts.length > 0);
  const rows = links.map(({ agent, to, verdict, loss, rtt, usualRtt, hurts = [] }) => [
    verdict,
    agent,
    to,
    loss === null ? '' : `${Math.round(100 * loss)} %`,
    roundTripText(rtt) ?? '',
    roundTripText(usualRtt) ?? '',
    ...(hurting ? [hurtText(hurts)] : []),
  ]);
  const titles = ['link', 'from', 'to', 'loss', 'rtt', 'usual', ...(hurting ? ['hurts'] : [])];
  return formatColumns(titles, rows, ['loss', 'rtt', 'usual']);
}

/** Links that the table names, and findings that a line of monitoring names. */
const mostRows = 50;
const mostNamed = 10;

function countNotWell({ links }: LinksView): number {
  return links.filter(({ verdict }) => verdict !== 'well').length;
}
