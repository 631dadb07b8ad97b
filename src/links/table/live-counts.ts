// The live table as a reading for a cycle: what was counted for each agent, and for the links that have archives.

import { type ArchivedGround, archivedAgents, archivedLinks } from '../../interpret/links/archived-links.js';
import { isStale } from '../../interpret/links/link-history.js';
import type { KnownState } from '../../model/cycle.js';
import { type AgentCounts, type LinkCounts, linksSource } from '../../model/links/counts.js';
import { addressPart } from '../../model/names/name.js';
import { otherIn } from '../../model/table/other-sources.js';
import { poolsOf } from '../../model/table/pools.js';
import type { AgentState } from './agent-state.js';
import type { LiveTable } from './live-table.js';

/** The counts of agents and links. */
export interface LiveCounts {
  readonly agents: readonly AgentCounts[];
  readonly links: readonly LinkCounts[];
  /** Agents and links that should have an archive, for which there is no room. */
  readonly leftOut: number;
}

/** The counts of a table at a time, epoch seconds. */
export function liveCounts(table: LiveTable, nowS: number, ground: ArchivedGround): LiveCounts {
  const agents = [...table.agents().values()];
  const own = archivedAgents(
    agents.map((agent) => agentCounts(table, agent, nowS)),
    ground,
  );
  const links = archivedLinks(watchedLinks(table), ground);
  return {
    agents: own.chosen,
    links: links.chosen.map(({ archive, tally, lastS }) => ({
      ...tally.counts(),
      archive,
      isStale: isStale(lastS, nowS),
    })),
    leftOut: own.leftOut + links.leftOut,
  };
}

/** One after the other: few of them have archives. */
function* watchedLinks(table: LiveTable) {
  for (const agent of table.agents().values()) {
    const pinned = table.pinnedOf(agent);
    for (const { to, archive, address, history, tally } of agent.links.values()) {
      if (history === null) continue;
      const { lostS, lastS } = history;
      yield { archive, address, isLost: lostS !== null, isPinned: pinned.has(to), tally, lastS };
    }
  }
}

function agentCounts(table: LiveTable, agent: AgentState, nowS: number): AgentCounts {
  let [links, lostLinks] = [0, 0];
  for (const { history } of agent.links.values()) {
    if (history === null) continue;
    if (!isStale(history.lastS, nowS)) links += 1;
    if (history.lostS !== null) lostLinks += 1;
  }
  const { role, dc } = table.places.of(agent);
  return {
    ...agent.tally.counts(),
    agent: agent.name,
    role,
    dc,
    isSilent: isStale(agent.lastS, nowS),
    links,
    lostLinks,
    peaks: agent.peaks,
  };
}

/** The ground on which links get archives, by the table as of the newest cycle. */
export function archivedGround(known: KnownState): ArchivedGround {
  const servers = serverAddresses(known);
  return {
    known: otherIn(known, linksSource).archives,
    gone: known.gone,
    isRealServer: (address) => servers.has(addressPart(address)),
  };
}

/** The addresses of real servers, as in names. */
function serverAddresses(known: KnownState): ReadonlySet<string> {
  const all = new Set<string>();
  for (const pool of poolsOf(known).values()) {
    for (const name of pool.keys()) all.add(name.slice(0, name.lastIndexOf('_')));
  }
  return all;
}
