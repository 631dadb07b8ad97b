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
  const sums: { -readonly [K in keyof GroupEdge]: GroupEdge[K] }[] = [];
  const places = new Map<string, Map<string, number>>();
  for (const { from: start, to: end, connections, links, lost, stale } of edges) {
    const [from, to] = [groupOf.get(start) ?? '', groupOf.get(end) ?? ''];
    const own = places.get(from) ?? new Map<string, number>();
    if (own.size === 0) places.set(from, own);
    const sum = sums[own.get(to) ?? -1];
    if (sum === undefined) {
      own.set(to, sums.push({ from, to, connections, links, lost, stale }) - 1);
      continue;
    }
    sum.connections += connections;
    sum.links += links;
    sum.lost += lost;
    sum.stale += stale;
  }
  return sums;
}
