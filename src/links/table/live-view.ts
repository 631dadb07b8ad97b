// The live table as rows.

import { isStale, lossOf, verdictOnLink } from '../../interpret/links/link-history.js';
import { linkVerdicts } from '../../model/links/link.js';
import { noLinks } from '../../model/links/links-summary.js';
import type { LiveRow } from '../../model/links/live-row.js';
import { type LinkRow, type LinksPart, type LinkTotals, wholeTable } from '../../model/links/view.js';
import type { LinkThresholds } from '../../model/policy/links.js';
import type { AgentState } from './agent-state.js';
import type { LiveTable } from './live-table.js';

/** Natural order: web2 before web10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/** Agents with their links, and how many there are. */
export interface LiveRows {
  readonly totals: LinkTotals;
  readonly agents: readonly LiveRow[];
  readonly links: readonly LinkRow[];
}

/** The rows of a part of a table at a time, epoch seconds. */
export function liveRows(table: LiveTable, nowS: number, { mostAgents, mostLinks }: LinksPart = wholeTable): LiveRows {
  const agents = mostAgents === 0 && mostLinks === 0 ? [] : sortedAgents(table);
  const named = agents.slice(0, mostAgents);
  return {
    totals: totalsIn(table, nowS),
    agents: named.map((agent) => rowOf(table, agent, nowS)),
    links: mostLinks === 0 ? [] : worstLinks(table, agents, nowS).slice(0, mostLinks),
  };
}

function totalsIn(table: LiveTable, nowS: number): LinkTotals {
  const links = noLinks();
  const thresholds = table.thresholds();
  let silent = 0;
  for (const agent of table.agents().values()) {
    if (isStale(agent.lastS, nowS)) silent += 1;
    for (const { history } of agent.links.values()) {
      if (history !== null) links[verdictOnLink(history, nowS, thresholds)] += 1;
    }
  }
  return { agents: table.agents().size, silent, links };
}

/** All links, worst first, in the order of agents within a verdict. */
function worstLinks(table: LiveTable, agents: readonly AgentState[], nowS: number): readonly LinkRow[] {
  const byVerdict = new Map(linkVerdicts.map((verdict) => [verdict, [] as LinkRow[]]));
  for (const agent of agents) {
    for (const link of linksOf(table, agent, nowS)) byVerdict.get(link.verdict)?.push(link);
  }
  return [...byVerdict.values()].flat();
}

function sortedAgents(table: LiveTable): readonly AgentState[] {
  return [...table.agents().values()].toSorted((a, b) => byNumbers.compare(a.name, b.name));
}

function linksOf(table: LiveTable, agent: AgentState, nowS: number): readonly LinkRow[] {
  const [fromDc, fromRole] = [table.dcOf(agent), table.roleOf(agent)];
  const thresholds = table.thresholds();
  const rows: LinkRow[] = [];
  for (const { to, history } of agent.links.values()) {
    if (history === null) continue;
    const { rtt, usualRtt, lostS, lastS } = history;
    const { dc: toDc, role: toRole } = table.placeOfTarget(to);
    rows.push({
      agent: agent.name,
      to,
      verdict: verdictOnLink(history, nowS, thresholds),
      loss: orNull(lossOf(history)),
      // The newest round that was answered may be long ago.
      rtt: lostS === null ? orNull(rtt) : null,
      usualRtt: orNull(usualRtt),
      lostS,
      lastS,
      fromDc,
      toDc,
      fromRole,
      toRole,
    });
  }
  return rows;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The numbers of an agent's links that have been reported. */
function countsOf({ links }: AgentState, thresholds: LinkThresholds, nowS: number) {
  const counts = { links: 0, lost: 0, lossy: 0, slow: 0 };
  for (const { history } of links.values()) {
    if (history === null) continue;
    counts.links += 1;
    // A link that was lost stays so while its agent is silent.
    if (history.lostS !== null) counts.lost += 1;
    const verdict = verdictOnLink(history, nowS, thresholds);
    if (verdict === 'lossy' || verdict === 'slow') counts[verdict] += 1;
  }
  return counts;
}

function rowOf(table: LiveTable, agent: AgentState, nowS: number): LiveRow {
  const { name, about, lastS } = agent;
  const { links, lost, lossy, slow } = countsOf(agent, table.thresholds(), nowS);
  const isSilent = isStale(lastS, nowS);
  const own = isSilent ? {} : about;
  return {
    name,
    disconnect: lost,
    dataCenter: table.dcOf(agent),
    role: table.roleOf(agent),
    load: own.load ?? null,
    nginxErrRate: own.nginxErrRate ?? null,
    connectivity: isSilent || links === 0 ? null : (100 * (links - lost)) / links,
    nginxAccessRate: own.nginxAccessRate ?? null,
    nginx4xx: own.nginx4xx ?? null,
    nginx5xx: own.nginx5xx ?? null,
    nginx504: own.nginx504 ?? null,
    links,
    lossy,
    slow,
    stale: isSilent ? 1 : 0,
    lastSeen: lastS,
  };
}
