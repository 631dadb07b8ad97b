// The real servers of the director's services with their weights and places, by which the loss of a place is judged: of now, or as an hour's map
// keeps them.

import type { Pools } from '../model/table/pools.js';
import { placeOfServer, type ServerPlace } from '../model/topology/place.js';
import type { Topology } from '../model/topology/topology.js';

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

/** The pools with the places of a topology. */
export function placedPools(pools: Pools, topology: Topology): readonly PlacedPool[] {
  return Array.from(pools, ([service, pool]) => ({
    service,
    servers: Array.from(pool, ([name, weight]) => ({ name, weight, ...placeOfServer(topology, name) })),
  }));
}
