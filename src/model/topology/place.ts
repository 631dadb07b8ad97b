// Where an address stands.

import { hostOfAddress, rackOf, type Topology } from './topology.js';

/** Where an address stands: the names of its host, its rack (`rackOf`) and its data centre. A host that the topology lacks is its address. */
export interface Place {
  readonly host: string;
  readonly rack: string | null;
  readonly dc: string | null;
}

/** The place of an address. */
export function placeOf(topology: Topology, address: string): Place {
  const host = hostOfAddress(topology, address);
  return host === null ? { host: address, rack: null, dc: null } : { host: host.host, rack: rackOf(host), dc: host.dc };
}
