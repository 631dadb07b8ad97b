// The output of `lvs-stats links`: for people, for programs, and for monitoring that runs plugins.

import { findingLine, findingText, subjectText } from '../../model/finding/finding-text.js';
import { hurtText } from '../../model/links/hurt-text.js';
import { linksRecord } from '../../model/links/links-record.js';
import {
  linksGrade,
  linksHeadline,
  linksInAll,
  linksSummary,
  linkTotals,
  roundTripText,
} from '../../model/links/links-summary.js';
import { type LinkRow, type LinksPart, type LinksView, totalsAlone, wholeTable } from '../../model/links/view.js';
import { formatLocal } from '../local-time.js';
import { formatColumns } from '../text-table.js';

/** The formats. */
export const linksFormats: Readonly<Record<'table' | 'json' | 'nagios', (view: LinksView) => string>> = {
  table: (view) => {
    const { links, findings } = view;
    if (linkTotals(view).agents === 0) return 'No agent has reported yet: docs/agent.md says how to start one.';
    const found = findings.map((finding) => [formatLocal(finding.sinceS), subjectText(finding), findingText(finding)]);
    const troubled = links.filter(({ verdict }) => verdict !== 'well').slice(0, mostRows);
    return [
      `${linksHeadline(view)}: ${linksSummary(view)}`,
      ...(found.length === 0 ? [] : ['', formatColumns(['since', 'subject', 'finding'], found)]),
      ...(troubled.length === 0 ? [] : ['', troubledTable(troubled)]),
      ...(troubled.length < countNotWell(view) ? ['', `… and ${countNotWell(view) - troubled.length} more`] : []),
    ].join('\n');
  },
  json: (view) => JSON.stringify({ status: linksGrade(view), ...linksRecord(view) }, null, 2),
  nagios: (view) => {
    const { agents, silent, links } = linkTotals(view);
    const words = { ok: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' };
    const named = view.findings.slice(0, mostNamed).map(findingLine);
    const more = view.findings.length - named.length;
    const said =
      named.length === 0 ? linksSummary(view) : [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
    const data = [
      ...(['lost', 'lossy', 'slow', 'stale'] as const).map((verdict) => `${verdict}=${links[verdict]};;;0`),
      `links=${linksInAll(links)};;;0`,
      `agents=${agents};;;0`,
      `silent=${silent};;;0`,
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

/** The part of the table that a format shows. */
export const linksParts: Readonly<Record<keyof typeof linksFormats, LinksPart>> = {
  table: { mostAgents: 0, mostLinks: mostRows },
  json: wholeTable,
  nagios: totalsAlone,
};

function countNotWell(view: LinksView): number {
  const { links } = linkTotals(view);
  return linksInAll(links) - links.well;
}
