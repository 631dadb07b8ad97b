// The live table in a few words, and how bad it is.

import type { Grade } from '../finding/verdict.js';
import { countOf } from '../text/count-of.js';
import { type LinkVerdict, linkVerdicts } from './link.js';
import type { LinksView } from './view.js';

/** The grade of the live table: unknown if no agent reports, since nobody then knows. */
export function linksGrade({ agents, findings }: LinksView): Grade {
  if (findings.some(({ kind, severity }) => kind === 'link-lost' && severity === 'critical')) return 'critical';
  if (agents.every(({ stale }) => stale === 1)) return 'unknown';
  if (findings.some(({ kind }) => kind === 'link-lost')) return 'warning';
  return findings.length > 0 ? 'unknown' : 'ok';
}

/** "24 agents (1 silent) watch 144 links, 38 lost". */
export function linksSummary(view: LinksView): string {
  const { agents, links } = view;
  const silent = silentCount(view);
  const watched = `${countOf(agents.length, 'agent')}${silent > 0 ? ` (${silent} silent)` : ''} ${agents.length === 1 ? 'watches' : 'watch'}`;
  const counts = linkVerdicts
    .map((verdict) => [linkCount(view, verdict), verdict] as const)
    .filter(([count, verdict]) => count > 0 && verdict !== 'well')
    .map(([count, verdict]) => `${count} ${verdict}`);
  return [`${watched} ${countOf(links.length, 'link')}`, ...counts].join(', ');
}

/** The number of links with a verdict. */
export function linkCount({ links }: LinksView, wanted: LinkVerdict): number {
  return links.filter(({ verdict }) => verdict === wanted).length;
}

/** The number of silent agents. */
export function silentCount({ agents }: LinksView): number {
  return agents.filter(({ stale }) => stale === 1).length;
}

/** A round-trip time in milliseconds; null if unknown. */
export function roundTripText(ms: number | null): string | null {
  return ms === null ? null : `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
}
