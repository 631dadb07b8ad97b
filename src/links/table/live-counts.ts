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
  const links = archivedLinks(
    agents.flatMap((agent) => watchedBy(agent, table.pinnedOf(agent))),
    ground,
  );
  return {
    agents: own.chosen,
    links: links.chosen.map(({ archive, tally, lastS }) => {
      return { archive, ...tally.counts(), isStale: isStale(lastS, nowS) };
    }),
    leftOut: own.leftOut + links.leftOut,
  };
}

function watchedBy({ links }: AgentState, pinned: ReadonlySet<string>) {
  return [...links.values()].flatMap(({ to, archive, address, history, tally }) => {
    if (history === null) return [];
    const { lostS, lastS } = history;
    return [{ archive, address, isLost: lostS !== null, isPinned: pinned.has(to), tally, lastS }];
  });
}

function agentCounts(table: LiveTable, agent: AgentState, nowS: number): AgentCounts {
  const histories = [...agent.links.values()].flatMap(({ history }) => history ?? []);
  return {
    agent: agent.name,
    ...table.places.of(agent),
    ...agent.tally.counts(),
    isSilent: isStale(agent.lastS, nowS),
    links: histories.filter(({ lastS }) => !isStale(lastS, nowS)).length,
    lostLinks: histories.filter(({ lostS }) => lostS !== null).length,
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
