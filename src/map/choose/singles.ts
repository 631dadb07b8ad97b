// A limit of the nodes that are shown one by one: the others of their groups are folded.

import type { FleetGraph } from '../graph/fleet-graph.js';
import type { Shown } from './fold.js';

/** The limit. */
export interface SingleLimit {
  readonly most: number;
  /** Nodes that come first; then those with lost links, with stale links, and the others in their order. */
  readonly first: ReadonlySet<number>;
}

/** No limit. */
export const allSingly: SingleLimit = { most: Number.POSITIVE_INFINITY, first: new Set() };

/** The nodes that are shown one by one, of those that should be. */
export interface SingleCount {
  readonly shown: number;
  readonly wanted: number;
}

/** Folds the nodes beyond a limit. */
export function limitSingles(graph: FleetGraph, { nodes, single }: Shown, { most, first }: SingleLimit): SingleCount {
  const wanted: number[] = [];
  for (let i = 0; i < nodes.length; i += 1) if (nodes[i] === 1 && single[i] === 1) wanted.push(i);
  if (wanted.length <= most) return { shown: wanted.length, wanted: wanted.length };
  const trouble = troubleOf(graph);
  const rank = (i: number): number => (first.has(i) ? 3 : (trouble[i] ?? 0));
  const ranked = wanted.toSorted((a, b) => rank(b) - rank(a));
  for (const i of ranked.slice(most)) single[i] = 0;
  return { shown: most, wanted: wanted.length };
}

/** By node: 2 if it has a lost link, 1 if a stale one. */
function troubleOf({ nodes, from, to, lost, stale }: FleetGraph): Uint8Array {
  const trouble = new Uint8Array(nodes.length);
  for (let i = 0; i < from.length; i += 1) {
    const own = (lost[i] ?? 0) > 0 ? 2 : (stale[i] ?? 0) > 0 ? 1 : 0;
    for (const node of [from[i] ?? 0, to[i] ?? 0]) trouble[node] = Math.max(trouble[node] ?? 0, own);
  }
  return trouble;
}
