// The live table as rows.

import { isStale, lossOf, verdictOnLink } from '../../interpret/links/link-history.js';
import { type LinkHistory, type LinkVerdict, linkVerdicts } from '../../model/links/link.js';
import { noLinks } from '../../model/links/links-summary.js';
import type { LiveRow } from '../../model/links/live-row.js';
import { type LinkRow, type LinksPart, type LinkTotals, wholeTable } from '../../model/links/view.js';
import type { LinkThresholds } from '../../model/policy/links.js';
import type { AgentState } from './agent-state.js';
import type { LiveTable } from './live-table.js';
import type { FarEnd } from './places.js';

/** Agents with their links, and how many there are. */
export interface LiveRows {
  readonly totals: LinkTotals;
  readonly agents: readonly LiveRow[];
  readonly links: readonly LinkRow[];
}

/** The rows of a part of a table at a time, epoch seconds. */
export function liveRows(table: LiveTable, nowS: number, { mostAgents, mostLinks }: LinksPart = wholeTable): LiveRows {
  const named = mostAgents === 0 ? [] : table.agentsInOrder().slice(0, mostAgents);
  const totals = totalsIn(table, nowS);
  return {
    totals,
    agents: named.map((agent) => rowOf(table, agent, nowS)),
    links: mostLinks === 0 ? [] : [...worstLinks(table, { nowS, totals, mostLinks })],
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

interface LinksWanted {
  readonly nowS: number;
  readonly totals: LinkTotals;
  readonly mostLinks: number;
}

/** All links, worst first, as of a time, epoch seconds. They become rows one by one, so that others may have a turn between them. */
export function everyLink(table: LiveTable, nowS: number): Iterable<LinkRow> {
  return worstLinks(table, { nowS, totals: totalsIn(table, nowS), mostLinks: Number.MAX_SAFE_INTEGER });
}

/** So many links, worst first, in the order of agents within a verdict. Only they become rows: there may be 200,000 others. */
function worstLinks(table: LiveTable, { nowS, totals, mostLinks }: LinksWanted): Iterable<LinkRow> {
  const found = new Map<LinkVerdict, Found[]>();
  const room = roomsOf(totals, mostLinks);
  const thresholds = table.thresholds();
  let left = Object.values(room).reduce((sum, count) => sum + count, 0);
  for (const agent of table.agentsInOrder()) {
    if (left === 0) break;
    for (const { to, history } of agent.links.values()) {
      if (history === null) continue;
      const verdict = verdictOnLink(history, nowS, thresholds);
      if (room[verdict] === 0) continue;
      room[verdict] -= 1;
      left -= 1;
      const own = found.get(verdict);
      if (own === undefined) found.set(verdict, [{ agent, to, history }]);
      else own.push({ agent, to, history });
    }
  }
  return rowsOf(table, found);
}

function* rowsOf(table: LiveTable, found: ReadonlyMap<LinkVerdict, readonly Found[]>): Generator<LinkRow> {
  const rowOfLink = linkRows(table);
  for (const verdict of linkVerdicts) {
    for (const own of found.get(verdict) ?? []) yield rowOfLink(own, verdict);
  }
}

/** How many links of each verdict are among the worst ones. */
function roomsOf({ links }: LinkTotals, mostLinks: number): Record<LinkVerdict, number> {
  const room = noLinks();
  let left = mostLinks;
  for (const verdict of linkVerdicts) {
    room[verdict] = Math.min(left, links[verdict]);
    left -= room[verdict];
  }
  return room;
}

/** A link that was reported. */
interface Found {
  readonly agent: AgentState;
  readonly to: string;
  readonly history: LinkHistory;
}

function linkRows({ places }: LiveTable): (link: Found, verdict: LinkVerdict) => LinkRow {
  const endOf = places.ends();
  let [last, from]: [AgentState | null, Pick<FarEnd, 'dc' | 'role'>] = [null, { dc: null, role: null }];
  return ({ agent, to, history }, verdict) => {
    if (agent !== last) [last, from] = [agent, places.of(agent)];
    const { rtt, usualRtt, lostS, lastS } = history;
    const { dc: toDc, role: toRole } = endOf(to);
    return {
      agent: agent.name,
      to,
      verdict,
      loss: orNull(lossOf(history)),
      // The newest round that was answered may be long ago.
      rtt: lostS === null ? orNull(rtt) : null,
      usualRtt: orNull(usualRtt),
      lostS,
      lastS,
      fromDc: from.dc,
      toDc,
      fromRole: from.role,
      toRole,
    };
  };
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
  const { dc, role } = table.places.of(agent);
  const { links, lost, lossy, slow } = countsOf(agent, table.thresholds(), nowS);
  const isSilent = isStale(lastS, nowS);
  const own = isSilent ? {} : about;
  return {
    name,
    disconnect: lost,
    dataCenter: dc,
    role,
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
