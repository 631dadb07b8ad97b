// The input of the map: what the director, the policy, the agents and the data file say.

import type { NamedAddresses } from '../model/links/report.js';
import type { FleetAgent } from '../model/map/fleet.js';
import type { ServiceId } from '../model/names/identity.js';
import type { ClientNetworks } from '../model/policy/clients.js';
import type { Topology } from '../model/topology/topology.js';

/** A real server. */
export interface MapServer {
  readonly address: string;
  readonly port: number;
  /** As ipvsadm names it: Masq, Route, Tunnel, Local. */
  readonly forwarding: string;
}

/** A virtual service with its real servers. */
export interface MapService {
  readonly id: ServiceId;
  readonly servers: readonly MapServer[];
}

/** A node of the data file. */
export interface AddedNode {
  /** A host's name, or `dns:NAME`. */
  readonly name: string;
  readonly role: string | null;
  readonly dc: string | null;
  readonly addresses: readonly string[];
  /** Its place, for errors: `FILE:LINE:COLUMN`. */
  readonly at: string;
}

/** An edge of the data file; its ends are names, ids, addresses or services. */
export interface AddedEdge {
  readonly from: string;
  readonly to: string;
  /** Null if the file does not say. */
  readonly connections: number | null;
  readonly at: string;
}

/** The data file. */
export interface AddedMap {
  readonly nodes: readonly AddedNode[];
  readonly edges: readonly AddedEdge[];
}

/** No data file. */
export const nothingAdded: AddedMap = { nodes: [], edges: [] };

/** Everything that the map is made of. */
export interface MapInput {
  readonly services: readonly MapService[];
  readonly topology: Topology;
  readonly clients: ClientNetworks;
  readonly agents: readonly FleetAgent[];
  /** As in `FleetView`. */
  readonly names: readonly NamedAddresses[];
  readonly added: AddedMap;
}
