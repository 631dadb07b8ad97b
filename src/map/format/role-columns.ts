// The roles of a map in the order of its nodes, with what leads from one to another.

import type { FleetMap, MapEdge, MapNode } from '../../model/map/fleet-map.js';

/** A role with its nodes on the map. */
export interface RoleColumn {
  readonly role: string;
  /** One, if the role is folded. */
  readonly nodes: readonly MapNode[];
}

/** Everything from one role to another. */
export interface RoleEdge extends Omit<MapEdge, 'from' | 'to'> {
  readonly from: string;
  readonly to: string;
}

/** The roles of a map. */
export function roleColumns({ nodes }: FleetMap): readonly RoleColumn[] {
  const columns = new Map<string, MapNode[]>();
  for (const node of nodes) {
    const own = columns.get(node.role);
    if (own === undefined) columns.set(node.role, [node]);
    else own.push(node);
  }
  return Array.from(columns, ([role, own]) => ({ role, nodes: own }));
}

/** The edges of a map between its roles, in the order of the edges. */
export function roleEdges({ nodes, edges }: FleetMap): readonly RoleEdge[] {
  const roleOf = new Map(nodes.map(({ id, role }) => [id, role]));
  const sums = new Map<string, RoleEdge>();
  for (const edge of edges) {
    const [from, to] = [roleOf.get(edge.from) ?? '', roleOf.get(edge.to) ?? ''];
    const key = JSON.stringify([from, to]);
    const { connections = 0, links = 0, lost = 0, stale = 0 } = sums.get(key) ?? {};
    sums.set(key, {
      from,
      to,
      connections: connections + edge.connections,
      links: links + edge.links,
      lost: lost + edge.lost,
      stale: stale + edge.stale,
    });
  }
  return [...sums.values()];
}
