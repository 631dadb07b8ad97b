// Makes a map of a graph: what is chosen of it, folded.

import { type FleetMap, nameOfNode, servicesRole } from '../../model/map/fleet-map.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph } from '../graph/fleet-graph.js';
import { askGraph } from './ask.js';
import type { MapChoice } from './choice.js';
import { excludedNodes } from './exclude.js';
import { type FoldedMap, fold, type Shown } from './fold.js';
import { axisWords, type Grouping, groupNumber, groupsOf } from './group.js';
import { allSingly, limitSingles, type SingleCount, type SingleLimit } from './singles.js';

/** The map of a choice. Throws a `UserError` for a group, an address or a service that the graph lacks. */
export function mapOf(graph: FleetGraph, choice: MapChoice): FleetMap {
  return foldedMapOf(graph, choice).map;
}

/** A folded map, with the number of nodes that it shows one by one. */
export interface ChosenMap extends FoldedMap {
  readonly singles: SingleCount;
}

/** The map of a choice with the places of the graph's nodes on it. Throws as `mapOf`. */
export function foldedMapOf(graph: FleetGraph, choice: MapChoice, limit: SingleLimit = allSingly): ChosenMap {
  const { between, exclude, expand, search, question, by } = choice;
  const grouping = groupsOf(graph, by);
  const expanded = new Set(expand.map((name) => groupNumber(grouping, name)));
  const shown: Shown = {
    nodes: new Uint8Array(graph.nodes.length).fill(1),
    edges: new Uint8Array(graph.from.length).fill(1),
    single: Uint8Array.from(grouping.groupOf, (group) => (expanded.has(group) ? 1 : 0)),
  };
  hideNodes(graph, shown, excludedNodes(graph, grouping, exclude));
  if (between !== null) keepBetween({ ...graph, grouping }, shown, between);
  if (search !== null) keepFound(graph, shown, search);
  if (question !== null) askGraph(graph, shown, question);
  const singles = limitSingles(graph, shown, limit);
  return { ...fold(graph, grouping, shown), singles };
}

/** Hides nodes with their edges. */
function hideNodes({ from, to }: FleetGraph, shown: Shown, isHidden: Uint8Array): void {
  for (let i = 0; i < isHidden.length; i += 1) if (isHidden[i] === 1) shown.nodes[i] = 0;
  for (let i = 0; i < from.length; i += 1) {
    if (isHidden[from[i] ?? 0] === 1 || isHidden[to[i] ?? 0] === 1) shown.edges[i] = 0;
  }
}

/** Keeps two groups, the edges between them, and the services through which they talk. */
function keepBetween(
  graph: FleetGraph & { readonly grouping: Grouping },
  shown: Shown,
  between: readonly [string, string],
): void {
  const { from, to, roleOf, roles, grouping } = graph;
  const [a, b] = between.map((name) => groupNumber(grouping, name));
  if (a === b)
    throw new UserError(
      'bad-command',
      `nothing is between "${between[0]}" and itself: name two ${axisWords[grouping.by][1]}`,
    );
  const services = roles.indexOf(servicesRole);
  const sideOf = (node: number): number => {
    const group = grouping.groupOf[node];
    return group === a ? 1 : group === b ? 2 : 0;
  };
  // For each service, the sides that it talks to: 1, 2, or 3 for both.
  const sides = new Uint8Array(graph.nodes.length);
  for (let i = 0; i < from.length; i += 1) {
    const [start, end] = [from[i] ?? 0, to[i] ?? 0];
    if (shown.edges[i] === 0) continue;
    if (roleOf[start] === services) sides[start] = (sides[start] ?? 0) | sideOf(end);
    if (roleOf[end] === services) sides[end] = (sides[end] ?? 0) | sideOf(start);
  }
  const isHidden = new Uint8Array(graph.nodes.length);
  for (let i = 0; i < isHidden.length; i += 1) if (sideOf(i) === 0 && sides[i] !== 3) isHidden[i] = 1;
  hideNodes(graph, shown, isHidden);
  for (let i = 0; i < from.length; i += 1) {
    const [start, end] = [sideOf(from[i] ?? 0), sideOf(to[i] ?? 0)];
    // Within a group, nothing is between the two.
    if (start === end) shown.edges[i] = 0;
  }
}

/** Keeps nodes with a part of a name, one by one, and what they talk to. */
function keepFound(graph: FleetGraph, shown: Shown, search: string): void {
  const part = search.toLowerCase();
  const isFound = Uint8Array.from(graph.nodes, ({ id, members }) =>
    nameOfNode({ id }).toLowerCase().includes(part) || members.some((own) => own.toLowerCase().includes(part)) ? 1 : 0,
  );
  keepAround(graph, shown, isFound);
}

/** Keeps some nodes, one by one, and what they talk to. */
function keepAround({ from, to }: FleetGraph, shown: Shown, isKept: Uint8Array): void {
  const isNear = Uint8Array.from(isKept);
  for (let i = 0; i < from.length; i += 1) {
    const [start, end] = [from[i] ?? 0, to[i] ?? 0];
    if (isKept[start] !== 1 && isKept[end] !== 1) shown.edges[i] = 0;
    if (shown.edges[i] === 1) isNear[start] = isNear[end] = 1;
  }
  for (let i = 0; i < isNear.length; i += 1) {
    if (isNear[i] !== 1) shown.nodes[i] = 0;
    if (isKept[i] === 1) shown.single[i] = 1;
  }
}
