// Real servers and where they stand.

import { nameWithin, serviceOf } from '../../model/names/name.js';
import { type Place, placeOfServer } from '../../model/topology/place.js';
import type { Topology } from '../../model/topology/topology.js';

/** A real server of a service. */
export interface PlacedServer extends Place {
  readonly archive: string;
  readonly service: string;
  /** Its name within the service: address and port. */
  readonly endpoint: string;
}

/** Places real servers. */
export function placerOf(topology: Topology): (archive: string) => PlacedServer {
  return (archive) => {
    const endpoint = nameWithin(archive);
    return { ...placeOfServer(topology, endpoint).place, archive, endpoint, service: serviceOf(archive) };
  };
}

/** Groups by key; those without one are left out. */
export function groupBy<T>(all: Iterable<T>, keyOf: (one: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === null) continue;
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [one]);
    else own.push(one);
  }
  return groups;
}
