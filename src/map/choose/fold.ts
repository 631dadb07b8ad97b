// Folds the graph into a map: the nodes of a group become one, unless they are shown one by one.

import type { FleetMap, MapNode } from '../../model/map/fleet-map.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import type { Grouping, MapGroup } from './group.js';

/** The part of a graph that is shown, by its nodes and its edges: 1 if so. */
export interface Shown {
  readonly nodes: Uint8Array;
  readonly edges: Uint8Array;
  /** Nodes that are not folded. */
  readonly single: Uint8Array;
}

/** A map with the graph that it is of. */
export interface FoldedMap {
  readonly map: FleetMap;
  /** By node of the graph, the index of the node of the map that stands for it, or -1. */
  readonly placeOf: Int32Array;
  /** By edge of the graph, 1 if it is part of the map. */
  readonly edges: Uint8Array;
}

/** Folds what is shown of a graph. */
export function fold(graph: FleetGraph, grouping: Grouping, { nodes: shown, edges, single }: Shown): FoldedMap {
  const { nodes } = graph;
  const parts: Part[] = [];
  const folded = new Map<MapGroup, Part>();
  for (let i = 0; i < nodes.length; i += 1) {
    const number = grouping.groupOf[i] ?? 0;
    const group = grouping.groups[number];
    if (shown[i] === 0 || group === undefined) continue;
    const standing = single[i] === 1 ? undefined : folded.get(group);
    if (standing !== undefined) standing.nodes.push(i);
    else {
      const part = { number, group, isSingle: single[i] === 1, nodes: [i] };
      parts.push(part);
      if (!part.isSingle) folded.set(group, part);
    }
  }
  // Nodes are in the order of their roles, which is that of the groups unless these are places.
  parts.sort((a, b) => a.number - b.number);
  const placeOf = new Int32Array(nodes.length).fill(-1);
  for (const [place, part] of parts.entries()) for (const i of part.nodes) placeOf[i] = place;
  const mapNodes = parts.map((part) => nodeOf(part, nodes));
  return { map: { nodes: mapNodes, edges: edgesOf(graph, { edges, placeOf, mapNodes }) }, placeOf, edges };
}

/** The nodes of the graph that become one of the map. */
interface Part {
  readonly number: number;
  readonly group: MapGroup;
  readonly isSingle: boolean;
  readonly nodes: number[];
}

function nodeOf({ group, isSingle, nodes: numbers }: Part, all: readonly GraphNode[]): MapNode {
  const nodes = numbers.flatMap((i) => all.slice(i, i + 1));
  const [first] = nodes;
  const common = <K extends 'role' | 'dc'>(key: K): GraphNode[K] | null =>
    first !== undefined && nodes.every((node) => node[key] === first[key]) ? first[key] : null;
  const place = { role: common('role'), dc: common('dc'), group: group.id };
  if (!isSingle) return { id: group.id, kind: group.kind, ...place, members: nodes.map(({ id }) => id) };
  const { id = '', kind = 'host', members = [] } = first ?? {};
  return { id, kind, ...place, members };
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
