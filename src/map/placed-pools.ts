// The real servers of the director's services with their weights and places, by which the loss of a place is judged: of now, or as an hour's map
// keeps them.

import { nameOfNode } from '../model/map/fleet-map.js';
import type { Pools } from '../model/table/pools.js';
import { placeOfServer, type ServerPlace } from '../model/topology/place.js';
import type { Topology } from '../model/topology/topology.js';
import type { FleetGraph } from './graph/fleet-graph.js';

/** A real server. */
export interface PlacedServer extends ServerPlace {
  /** Its name within the service. */
  readonly name: string;
  readonly weight: number;
}

/** A service, by the name of its archive, with all of its real servers. */
export interface PlacedPool {
  readonly service: string;
  readonly servers: readonly PlacedServer[];
}

/** The identities of real servers: those of the map, and the topology's for any that it lacks. */
interface PlacingGround {
  readonly graph: Pick<FleetGraph, 'nodes' | 'servers'>;
  readonly topology: Topology;
}

/** The pools with the hosts and places that the map shows them on. */
export function placedPools(pools: Pools, { graph, topology }: PlacingGround): readonly PlacedPool[] {
  const placed = (name: string): ServerPlace => {
    const { address, place } = placeOfServer(topology, name);
    const node = graph.nodes[graph.servers.get(address) ?? -1];
    if (node === undefined) return { address, place };
    const { kind, rack, dc } = node;
    return { address, place: { host: kind === 'host' ? nameOfNode(node) : address, rack, dc } };
  };
  return Array.from(pools, ([service, pool]) => ({
    service,
    servers: Array.from(pool, ([name, weight]) => ({ name, weight, ...placed(name) })),
  }));
}
