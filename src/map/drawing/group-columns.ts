// The groups of a map in the order of its nodes, with what leads from one to another.

import type { FleetMap, MapEdge, MapNode } from '../../model/map/fleet-map.js';

/** A group with its nodes on the map. */
export interface GroupColumn {
  /** The id that it has when folded. */
  readonly group: string;
  /** One, if the group is folded. */
  readonly nodes: readonly MapNode[];
}

/** Everything from one group to another. */
export interface GroupEdge extends Omit<MapEdge, 'from' | 'to'> {
  readonly from: string;
  readonly to: string;
}

/** The groups of a map. */
export function groupColumns({ nodes }: FleetMap): readonly GroupColumn[] {
  const columns = new Map<string, MapNode[]>();
  for (const node of nodes) {
    const own = columns.get(node.group);
    if (own === undefined) columns.set(node.group, [node]);
    else own.push(node);
  }
  return Array.from(columns, ([group, own]) => ({ group, nodes: own }));
}

/** The edges of a map between its groups, in the order of the edges. */
export function groupEdges({ nodes, edges }: FleetMap): readonly GroupEdge[] {
  const groupOf = new Map(nodes.map(({ id, group }) => [id, group]));
  const sums = new Map<string, GroupEdge>();
  for (const edge of edges) {
    const [from, to] = [groupOf.get(edge.from) ?? '', groupOf.get(edge.to) ?? ''];
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
