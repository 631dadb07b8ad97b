// Fleets for tests of the map: a table, a topology and agents, as short texts.

import { type MapInput, nothingAdded } from '../../src/map/map-input.js';
import type { FleetAgent, FleetLink } from '../../src/model/map/fleet.js';
import type { FleetMap } from '../../src/model/map/fleet-map.js';
import { noClients } from '../../src/model/policy/clients.js';
import { noTopology, type Topology, topologyOf } from '../../src/model/topology/topology.js';

/** A topology of hosts with one address each, in racks of their own. */
export function topologyWith(
  hosts: readonly (readonly [host: string, address: string, role: string | null])[],
): Topology {
  const built = topologyOf(
    hosts.map(([host, address, role]) => ({ host, addresses: [address], rack: null, dc: 'tx', role })),
  );
  if ('problem' in built) throw new Error(built.problem);
  return built;
}

/** An agent with packed connections, one a line: `out 10.0.0.9 10.1.2.3 3306 12`. */
export function agent(name: string, connections: readonly string[], more: Partial<FleetAgent> = {}): FleetAgent {
  const addresses = [...new Set(connections.map((line) => line.split(' ')[1] ?? ''))];
  const packed = connections.join('\n');
  return {
    name,
    role: null,
    dc: null,
    addresses,
    isSilent: false,
    connections: packed,
    leftOut: 0,
    links: [],
    ...more,
  };
}

/** A link that is well, unless something else is said. */
export function link(to: string, more: Partial<FleetLink> = {}): FleetLink {
  return { to, isLost: false, isStale: false, ...more };
}

/** A service of TCP: `service('192.0.2.1:80', 'Route', '10.0.0.1:80')`. */
export function service(vip: string, forwarding: string, ...servers: readonly string[]): MapInput['services'][number] {
  const of = (text: string) => ({
    address: text.slice(0, text.lastIndexOf(':')),
    port: Number(text.split(':').at(-1)),
  });
  return {
    id: { kind: 'address', protocol: 'tcp', ...of(vip) },
    servers: servers.map((one) => ({ ...of(one), forwarding })),
  };
}

/** An input in which only some things are there. */
export function input(some: Partial<MapInput>): MapInput {
  return {
    services: [],
    topology: noTopology,
    clients: noClients,
    agents: [],
    names: [],
    added: nothingAdded,
    ...some,
  };
}

/** Edges as texts: `host:web1 > service:192.0.2.1:80 5`, with links as `2/1/0` (all, lost, stale) where there are any. */
export function edgesOf({ edges }: FleetMap): readonly string[] {
  return edges.map(({ from, to, connections, links, lost, stale }) => {
    const count = Number.isNaN(connections) ? '?' : connections;
    return `${from} > ${to} ${count}${links > 0 ? ` ${links}/${lost}/${stale}` : ''}`;
  });
}

/** The ids of nodes. */
export function idsOf({ nodes }: FleetMap): readonly string[] {
  return nodes.map(({ id }) => id);
}
