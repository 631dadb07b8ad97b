// The page of links: what is cut now, how data centres reach each other, which links are troubled, and the agents, with queries of their table.

import { findingRecord } from '../../model/finding/finding-text.js';
import { isOfLinks } from '../../model/finding/link-text.js';
import { type LinkAxis, linkAxes } from '../../model/links/groups.js';
import { hurtText } from '../../model/links/hurt-text.js';
import { linkRecord } from '../../model/links/links-record.js';
import {
  linksGrade,
  linksHeadline,
  linksInAll,
  linksSummary,
  linkTotals,
  roundTripText,
} from '../../model/links/links-summary.js';
import { SqlError, type SqlResult } from '../../model/links/sql-result.js';
import { agentsAlone, type LinkRow, type LinksSource, type LinksView } from '../../model/links/view.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { Link, Page, Visit } from '../frame/page-frame.js';
import { findingRows } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import type { Query } from '../query.js';
import { RequestError } from '../request-error.js';
import { jsonArray, mapped } from '../routes/pieces.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';
import { viewQuery } from '../view.js';
import { agentHref, linkHref } from './link-rows.js';
import { matrixOf } from './matrix.js';

/** Troubled links, agents and rows of a query that the page shows; the interface has all. */
const mostRows = 200;

/** The page. Throws a `RequestError` where no agents report. */
export async function linksPage(site: Site, visit: Visit, query: Query): Promise<Page> {
  const { catalogue } = visit;
  const axis = query.oneOf('by', linkAxes);
  const links = linksOf(site);
  const view = links.view({ mostAgents: mostRows, mostLinks: mostRows });
  const { timeZone } = site.looks();
  const findings = siteVerdict(site).findings.filter(({ kind }) => isOfLinks(kind));
  const totals = linkTotals(view);
  const troubled = view.links.filter(({ verdict }) => verdict !== 'well');
  const sql = query.longText('sql') ?? '';
  const headed = { ...view, findings };
  return {
    template: 'links',
    path: 'links',
    title: 'Links',
    query: axis === 'dc' ? {} : { by: axis },
    content: {
      headline: linksHeadline(headed),
      isPending: findings.length === 0 && totals.links.lost > 0,
      summary: linksSummary(view),
      grade: linksGrade(headed),
      findings: findingRows(findings, { catalogue, basePath: site.basePath, timeZone }),
      matrix: matrixOf(links.groups(axis)),
      axis,
      axisLabel: axisLabels[axis],
      modes: modesOf(site, visit, axis),
      troubled: troubled.map((link) => ({
        ...link,
        href: linkHref(catalogue, site.basePath, link),
        agentHref: agentHref(catalogue, site.basePath, link.agent),
        loss: link.loss === null ? '–' : `${Math.round(100 * link.loss)} %`,
        rtt: roundTripText(link.rtt) ?? '–',
        usual: roundTripText(link.usualRtt) ?? '–',
        hurt: hurtText(link.hurts ?? []),
        since: link.lostS === null ? '' : formatLocal(timeZone, link.lostS).slice(0, 16),
      })),
      troubledCount: linksInAll(totals.links) - totals.links.well,
      hasHurt: troubled.some(({ hurts = [] }) => hurts.length > 0),
      agents: view.agents.map((agent) => ({
        ...agent,
        href: agentHref(catalogue, site.basePath, agent.name),
        seen: formatLocal(timeZone, agent.lastSeen).slice(0, 16),
      })),
      agentCount: totals.agents,
      sql,
      answer: sql === '' ? null : await answerOf(site, sql),
    },
  };
}

function linksOf({ links }: Pick<Site, 'links'>): LinksSource {
  if (links !== undefined && links !== null) return links;
  throw new RequestError(404, 'no agents report to this server: start it with "lvs-stats serve --agents FILE"');
}

/** The axes to choose from. */
const axisLabels: Readonly<Record<LinkAxis, string>> = { dc: 'data centres', role: 'roles' };

function modesOf({ basePath }: Pick<Site, 'basePath'>, { view }: Visit, current: LinkAxis): readonly Link[] {
  const plain = `${basePath}/links${viewQuery(view)}`;
  return linkAxes.map((axis) => ({
    label: axisLabels[axis],
    href: axis === 'dc' ? plain : `${plain}${plain.includes('?') ? '&' : '?'}by=${axis}`,
    isCurrent: axis === current,
  }));
}

interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly remark: string;
  readonly problem: string;
}

async function answerOf({ sql: run }: Pick<Site, 'sql'>, sql: string): Promise<Answer> {
  const none = { columns: [], rows: [], remark: '' };
  if (run === null || run === undefined) return { ...none, problem: 'this server answers no queries' };
  try {
    return shownResult(await run(sql));
  } catch (error) {
    if (error instanceof SqlError) return { ...none, problem: error.message };
    throw error;
  }
}

function shownResult({ columns, rows, isCut }: SqlResult): Answer {
  const isShort = rows.length > mostRows || isCut;
  return {
    columns,
    rows: rows.slice(0, mostRows).map((row) => row.map((value) => String(value ?? ''))),
    remark: isShort ? `the first ${Math.min(mostRows, rows.length)} rows` : countOf(rows.length, 'row'),
    problem: '',
  };
}

/** `links`: the live table for programs. */
export const linksRoute = route({
  path: '/links',
  parse: ({ sources }: RouteRequest<{ readonly site: Pick<Site, 'links' | 'collecting'> }>): WholeTable => {
    const links = linksOf(sources.site);
    return { ...links.view(agentsAlone), links: links.each() };
  },
  key: ({ timeS, findings }) => ['links', timeS, findings.length],
  rows: (table) => table,
  json: jsonPieces,
});

type WholeTable = Omit<LinksView, 'links'> & { readonly links: Iterable<LinkRow> };

/** As `linksRecord` has it, in pieces: 50,000 links have 10 MB. */
function* jsonPieces({ timeS, findings, agents, links }: WholeTable): Generator<string> {
  yield `${JSON.stringify({ time: timeS, findings: findings.map(findingRecord) }).slice(0, -1)},"agents":`;
  yield* jsonArray(agents);
  yield ',"links":';
  yield* jsonArray(mapped(links, linkRecord));
  yield '}';
}
