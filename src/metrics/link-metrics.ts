// Series of the links between hosts: how many there are by verdict, at every level; and each of them, where real servers are exported one by one.
// A link whose agent is silent has no series, since nobody knows how it is.

import { linkVerdicts } from '../model/links/link.js';
import { linksInAll, linkTotals } from '../model/links/links-summary.js';
import {
  type LinkRow,
  type LinksPart,
  type LinksView,
  type LinkTotals,
  totalsAlone,
  wholeTable,
} from '../model/links/view.js';
import { type Family, gauge, type Labels, labels, type Sample } from './exposition.js';
import { includes, type MetricOptions } from './metric-options.js';

/** The most links that are exported one by one; those that are not well come first. */
export const mostExported = 10_000;

/** The part of the live table that has series, given its totals. */
export function exportedPart(options: MetricOptions, totals: LinksView): LinksPart {
  if (!hasSingle(options)) return totalsAlone;
  return { ...wholeTable, mostLinks: mostExported + linkTotals(totals).links.stale };
}

/** The families of the live table; none where no agents report to this server. */
export function linkFamilies(view: LinksView | null, options: MetricOptions): readonly Family[] {
  if (view === null) return [];
  const { links } = linkTotals(view);
  const known = view.links.filter(({ verdict }) => verdict !== 'stale');
  const single = hasSingle(options) ? known.slice(0, mostExported) : [];
  return [
    countFamily(links),
    gauge(
      'lvs_links_omitted',
      `Links that are not stale and have no series of their own: all at the levels above real-server and with sums, those beyond ${mostExported} otherwise.`,
      [['', linksInAll(links) - links.stale - single.length]],
    ),
    ...(hasSingle(options) ? [...singleFamilies(single), reportFamily(view)] : []),
  ];
}

function hasSingle(options: MetricOptions): boolean {
  return includes(options, 'real-server') && !options.isSumByVip;
}

/** All verdicts, 0 included, so that an alert needs no `absent()`. */
function countFamily(links: LinkTotals['links']): Family {
  const samples = linkVerdicts.map((verdict): Sample => [labels({ verdict }), links[verdict]]);
  return gauge('lvs_links', 'Links that agents watch, by verdict; stale if their agent is silent.', samples);
}

function singleFamilies(links: readonly LinkRow[]): readonly Family[] {
  const named = links.map((link) => ({ link, own: labels({ agent: link.agent, to: link.to }) }));
  return [
    gauge(
      'lvs_link_loss_ratio',
      'Share of the newest 30 pings over a link that were lost, from 0 to 1; absent while its agent is silent.',
      named.flatMap(({ link, own }) => sampleOf(own, link.loss)),
    ),
    gauge(
      'lvs_link_rtt_seconds',
      'Median round-trip time of the newest round over a link that was answered; absent while it is lost, or its agent is silent.',
      named.flatMap(({ link: { rtt, verdict }, own }) =>
        sampleOf(own, rtt === null || verdict === 'lost' ? null : rtt / 1000),
      ),
    ),
  ];
}

function sampleOf(own: Labels, value: number | null): readonly Sample[] {
  return value === null ? [] : [[own, value]];
}

function reportFamily({ agents }: LinksView): Family {
  return gauge(
    'lvs_agent_last_report_timestamp_seconds',
    'When an agent last reported.',
    agents.map(({ name, lastSeen }) => [labels({ agent: name }), lastSeen]),
  );
}
