// The map before anything is folded, in columns: maps of some roles are made from it within milliseconds at 5,000 nodes and 50,000 edges.

import type { MapAxis, MapNodeKind } from '../../model/map/fleet-map.js';

/** A node that is not folded. */
export interface GraphNode {
  readonly id: string;
  readonly kind: Exclude<MapNodeKind, MapAxis>;
  readonly role: string;
  readonly dc: string | null;
  /** Its identity (`rackOf`); null if unknown. */
  readonly rack: string | null;
  /** As in `MapNode`. */
  readonly members: readonly string[];
  /** Whether the table, the topology, an agent, the policy or the data file knows it. */
  readonly isKnown: boolean;
}

/** The edges, in columns; sorted by their nodes. `connections` is NaN where it is unknown. */
export interface EdgeColumns {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly connections: Float64Array;
  readonly links: Uint32Array;
  readonly lost: Uint32Array;
  readonly stale: Uint32Array;
}

/** A graph. */
export interface FleetGraph extends EdgeColumns {
  /** In the order of their roles, then of their names. */
  readonly nodes: readonly GraphNode[];
  /** In order: see `GraphBuilder.finish`. */
  readonly roles: readonly string[];
  /** By node, the index of its role. */
  readonly roleOf: Uint32Array;
  /** By link, in the order of the agents and of their links, the index of its edge; -1 if it leads nowhere else. */
  readonly linkEdges: Int32Array;
  /** By the address of a real server, the node that it is; empty for an hour that is past. */
  readonly servers: ReadonlyMap<string, number>;
}
