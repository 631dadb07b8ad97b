// The live table for the map: every agent with its place, connections and links.

import { isStale } from '../../interpret/links/link-history.js';
import type { FleetAgent, FleetView } from '../../model/map/fleet.js';
import type { AgentState } from './agent-state.js';
import type { LiveTable } from './live-table.js';

/** The agents of a table at a time, epoch seconds. */
export function fleetOf(table: LiveTable, nowS: number): FleetView {
  const agents = [...table.agents().values()].map((agent) => agentOf(table, agent, nowS));
  return { agents: agents.sort((a, b) => (a.name < b.name ? -1 : 1)), names: table.names.changing(nowS) };
}

function agentOf(table: LiveTable, agent: AgentState, nowS: number): FleetAgent {
  const { name, addresses, lastS, links } = agent;
  const { packed, leftOut } = table.connections.of(name);
  return {
    name,
    ...table.places.of(agent),
    addresses: [...addresses].sort(),
    isSilent: isStale(lastS, nowS),
    connections: packed,
    leftOut,
    links: [...links.values()].flatMap(({ to, history }) =>
      history === null ? [] : [{ to, isLost: history.lostS !== null, isStale: isStale(history.lastS, nowS) }],
    ),
  };
}
