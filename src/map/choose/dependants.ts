// The hosts, clients and names that are connected to some hosts: these depend on them, whether or not a service does.

import { nameOfNode } from '../../model/map/fleet-map.js';
import type { FleetGraph } from '../graph/fleet-graph.js';
import type { PlacedPool } from '../placed-pools.js';

/** Those that depend on hosts. */
export interface Dependants {
  /** Nodes with open connections to them, by role, most first. */
  readonly roles: readonly { readonly role: string; readonly nodes: number }[];
  /** These connections, as far as they are known. */
  readonly connections: number;
  /** Further nodes whose connections to them are unknown. */
  readonly unsure: number;
  /** The archives of services that have usable real servers among the nodes with connections. */
  readonly services: readonly string[];
}

/** The parts of a graph that show who depends on whom. */
export type DependenceGraph = Pick<FleetGraph, 'nodes' | 'from' | 'to' | 'connections'>;

/** By node, 1 for the hosts of these names and addresses. */
export function hostFlags({ nodes }: Pick<FleetGraph, 'nodes'>, hosts: ReadonlySet<string>): Uint8Array {
  return Uint8Array.from(nodes, (node) =>
    node.kind === 'host' && (hosts.has(nameOfNode(node)) || node.members.some((own) => hosts.has(own))) ? 1 : 0,
  );
}

/** Those that depend on hosts, by the names and addresses of these. Services that lead to them are not among them. */
export function dependantsOf(
  graph: DependenceGraph,
  hosts: ReadonlySet<string>,
  pools: readonly PlacedPool[],
): Dependants {
  const isHost = hostFlags(graph, hosts);
  const counts = new Map<number, number>();
  for (const [i, to] of graph.to.entries()) {
    const from = graph.from[i] ?? 0;
    const kind = graph.nodes[from]?.kind;
    if (isHost[to] !== 1 || isHost[from] === 1 || kind === 'virtual-service' || kind === 'one-of') continue;
    const count = graph.connections[i] ?? Number.NaN;
    const known = counts.get(from) ?? Number.NaN;
    counts.set(from, Number.isNaN(known) ? count : Number.isNaN(count) ? known : known + count);
  }
  const connected = [...counts].filter(([, count]) => count > 0);
  const roles = new Map<string, number>();
  const names = new Set<string>();
  for (const [i] of connected) {
    const node = graph.nodes[i];
    if (node === undefined) continue;
    roles.set(node.role, (roles.get(node.role) ?? 0) + 1);
    if (node.kind === 'host') names.add(nameOfNode(node));
  }
  const services = pools.filter(({ servers }) =>
    servers.some(({ weight, place }) => weight > 0 && names.has(place.host)),
  );
  return {
    roles: Array.from(roles, ([role, nodes]) => ({ role, nodes })).sort((a, b) => b.nodes - a.nodes),
    connections: connected.reduce((sum, [, count]) => sum + count, 0),
    unsure: [...counts.values()].filter(Number.isNaN).length,
    services: services.map(({ service }) => service),
  };
}
