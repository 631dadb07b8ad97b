// Folds the graph into a map: the nodes of a role become one, unless they are shown one by one.

import type { FleetMap, MapNode } from '../../model/map/fleet-map.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';

/** The part of a graph that is shown, by its nodes and its edges: 1 if so. */
export interface Shown {
  readonly nodes: Uint8Array;
  readonly edges: Uint8Array;
  /** Nodes that are not folded. */
  readonly single: Uint8Array;
}

/** Folds what is shown of a graph. */
export function fold(graph: FleetGraph, { nodes: shown, edges, single }: Shown): FleetMap {
  const { nodes, roles, roleOf } = graph;
  const placeOf = new Int32Array(nodes.length).fill(-1);
  const groupOf = new Int32Array(roles.length).fill(-1);
  const groups: Group[] = [];
  for (let i = 0; i < nodes.length; i += 1) {
    const node = nodes[i];
    if (shown[i] === 0 || node === undefined) continue;
    const role = roleOf[i] ?? 0;
    let place = single[i] === 1 ? -1 : (groupOf[role] ?? -1);
    if (place < 0) {
      place = groups.push({ role: single[i] === 1 ? null : node.role, nodes: [] }) - 1;
      if (single[i] !== 1) groupOf[role] = place;
    }
    placeOf[i] = place;
    groups[place]?.nodes.push(node);
  }
  const mapNodes = groups.map(nodeOf);
  return { nodes: mapNodes, edges: edgesOf(graph, { edges, placeOf, mapNodes }) };
}

interface Group {
  /** Null for a node of its own. */
  readonly role: string | null;
  readonly nodes: GraphNode[];
}

function nodeOf({ role, nodes }: Group): MapNode {
  const [first] = nodes;
  const dc = first !== undefined && nodes.every((node) => node.dc === first.dc) ? first.dc : null;
  if (role !== null) return { id: `role:${role}`, kind: 'role', role, dc, members: nodes.map(({ id }) => id) };
  const { id = '', kind = 'host', role: own = '', members = [] } = first ?? {};
  return { id, kind, role: own, dc, members };
}

interface Folding {
  readonly edges: Uint8Array;
  readonly placeOf: Int32Array;
  readonly mapNodes: readonly MapNode[];
}

function edgesOf(graph: FleetGraph, { edges, placeOf, mapNodes }: Folding): FleetMap['edges'] {
  const count = mapNodes.length;
  const slots = new Map<number, number>();
  const sums: { key: number; connections: number; links: number; lost: number; stale: number }[] = [];
  for (let i = 0; i < graph.from.length; i += 1) {
    const from = placeOf[graph.from[i] ?? 0] ?? -1;
    const to = placeOf[graph.to[i] ?? 0] ?? -1;
    if (edges[i] === 0 || from < 0 || to < 0) continue;
    const key = from * count + to;
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = sums.push({ key, connections: 0, links: 0, lost: 0, stale: 0 }) - 1;
      slots.set(key, slot);
    }
    const sum = sums[slot];
    if (sum === undefined) continue;
    sum.connections += graph.connections[i] ?? Number.NaN;
    sum.links += graph.links[i] ?? 0;
    sum.lost += graph.lost[i] ?? 0;
    sum.stale += graph.stale[i] ?? 0;
  }
  sums.sort((a, b) => a.key - b.key);
  return sums.map(({ key, ...own }) => ({
    from: mapNodes[Math.floor(key / count)]?.id ?? '',
    to: mapNodes[key % count]?.id ?? '',
    ...own,
  }));
}
