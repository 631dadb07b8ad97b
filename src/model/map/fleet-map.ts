// The map: who talks to whom. See docs/map.md.

/**
 * The kind of a node: a host; a virtual service; clients by network; a name whose addresses change; a connection's services where several have the
 * same real server; and the members of a role, a data centre or a rack, folded.
 */
export type MapNodeKind = 'host' | 'virtual-service' | 'clients' | 'dns' | 'one-of' | MapAxis;

/** The ways to fold a map. */
export const mapAxes = ['role', 'dc', 'rack'] as const;

/** The sort of group that nodes fold into. */
export type MapAxis = (typeof mapAxes)[number];

/** A node. */
export interface MapNode {
  /** Unique: `host:web01`, `service:192.0.2.1:80`, `clients:office`, `role:web`. */
  readonly id: string;
  readonly kind: MapNodeKind;
  /** Null if members have several. */
  readonly role: string | null;
  /** Null if unknown, or if members stand in several. */
  readonly dc: string | null;
  /** The id that its column has when folded: `role:web`, `dc:tx`, `rack:tx/r01`. */
  readonly group: string;
  /** The ids of a folded group's nodes, the networks of clients, the services of a one-of, the addresses that were seen of others; sorted. */
  readonly members: readonly string[];
}

/** Connections and links from one node to another. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** Open connections; NaN if unknown, or if a part of them is. */
  readonly connections: number;
  /** Links that agents watch, and those of them that are lost, and stale but not lost. */
  readonly links: number;
  readonly lost: number;
  readonly stale: number;
}

/** A map. Nodes are in the order of their groups, then of their names; edges in that of their nodes. */
export interface FleetMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** The roles of nodes that are not hosts, of hosts whose role nobody states, and of addresses that nothing knows. */
export const clientsRole = 'clients';
export const dnsRole = 'dns';
export const servicesRole = 'services';
export const noRole = 'no role';
export const unknownRole = 'unknown';

/**
 * The role of a host on the map. One that is named like a column of the map itself gets a name that no topology can give, `dns/hosts`, so that name
 * servers do not share a column with names.
 */
export function hostRole(stated: string | null): string {
  if (stated === null) return noRole;
  return ([clientsRole, dnsRole, servicesRole] as readonly string[]).includes(stated) ? `${stated}/hosts` : stated;
}

/** Whether a node stands for several that are folded. */
export function isFolded({ kind }: Pick<MapNode, 'kind'>): boolean {
  return (mapAxes as readonly string[]).includes(kind);
}

/** The name in an id: `web01` of `host:web01`. */
export function nameOfNode({ id }: Pick<MapNode, 'id'>): string {
  return id.slice(id.indexOf(':') + 1);
}
