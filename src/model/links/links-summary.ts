// The live table in a few words, and how bad it is.

import type { Grade } from '../finding/verdict.js';
import { countOf } from '../text/count-of.js';
import { type LinkVerdict, linkVerdicts } from './link.js';
import type { LinksView, LinkTotals } from './view.js';

/** The grade of the live table: unknown if no agent reports, since nobody then knows. */
export function linksGrade(view: LinksView): Grade {
  const { findings } = view;
  const { agents, silent } = linkTotals(view);
  const faults = findings.filter(({ kind }) => kind !== 'agent-silent');
  if (faults.some(({ severity }) => severity === 'critical')) return 'critical';
  if (silent === agents) return 'unknown';
  if (faults.length > 0) return 'warning';
  return findings.length > 0 ? 'unknown' : 'ok';
}

/** "Nothing is cut", "2 findings"; links may be lost for minutes before it is known what is to blame. */
export function linksHeadline(view: LinksView): string {
  const { findings } = view;
  if (findings.length > 0) return countOf(findings.length, 'finding');
  return linkTotals(view).links.lost > 0 ? 'No cut is named yet' : 'Nothing is cut';
}

/** "24 agents (1 silent) watch 144 links, 38 lost". */
export function linksSummary(view: LinksView): string {
  const { agents, silent, links } = linkTotals(view);
  const watched = `${countOf(agents, 'agent')}${silent > 0 ? ` (${silent} silent)` : ''} ${agents === 1 ? 'watches' : 'watch'}`;
  const counts = linkVerdicts
    .filter((verdict) => links[verdict] > 0 && verdict !== 'well')
    .map((verdict) => `${links[verdict]} ${verdict}`);
  return [`${watched} ${countOf(linksInAll(links), 'link')}`, ...counts].join(', ');
}

/** How many agents and links there are. */
export function linkTotals({ totals, agents, links }: LinksView): LinkTotals {
  if (totals !== undefined) return totals;
  const byVerdict = noLinks();
  for (const { verdict } of links) byVerdict[verdict] += 1;
  return { agents: agents.length, silent: agents.filter(({ stale }) => stale === 1).length, links: byVerdict };
}

/** No link of any verdict, to be counted. */
export function noLinks(): Record<LinkVerdict, number> {
  return { lost: 0, lossy: 0, slow: 0, stale: 0, well: 0 };
}

/** The number of all links. */
export function linksInAll(links: LinkTotals['links']): number {
  return linkVerdicts.reduce((sum, verdict) => sum + links[verdict], 0);
}

/** A round-trip time in milliseconds; null if unknown. */
export function roundTripText(ms: number | null): string | null {
  return ms === null ? null : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}
