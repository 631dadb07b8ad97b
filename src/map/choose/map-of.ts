// Makes a map of a graph: what is chosen of it, folded.

import { type FleetMap, servicesRole } from '../../model/map/fleet-map.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph } from '../graph/fleet-graph.js';
import { askGraph } from './ask.js';
import type { MapChoice } from './choice.js';
import { excludedNodes } from './exclude.js';
import { fold, type Shown } from './fold.js';

/** The map of a choice. Throws a `UserError` for a role, an address or a service that the graph lacks. */
export function mapOf(graph: FleetGraph, choice: MapChoice): FleetMap {
  const { between, exclude, expand, search, question } = choice;
  for (const role of expand) roleNumber(graph, role);
  const shown: Shown = {
    nodes: new Uint8Array(graph.nodes.length).fill(1),
    edges: new Uint8Array(graph.from.length).fill(1),
    single: Uint8Array.from(graph.nodes, ({ role }) => (expand.includes(role) ? 1 : 0)),
  };
  hideNodes(
    graph,
    shown,
    excludedNodes(graph, exclude, (role) => graph.roles.includes(role)),
  );
  if (between !== null) keepBetween(graph, shown, between);
  if (search !== null) keepFound(graph, shown, search);
  if (question !== null) askGraph(graph, shown, question);
  return fold(graph, shown);
}

function roleNumber({ roles }: FleetGraph, role: string): number {
  const found = roles.indexOf(role);
  if (found >= 0) return found;
  const known = roles.length === 0 ? 'the map is empty' : `the roles are ${roles.join(', ')}`;
  throw new UserError('bad-name', `there is no role "${role}" on the map: ${known}`);
}

/** Hides nodes with their edges. */
function hideNodes({ from, to }: FleetGraph, shown: Shown, isHidden: Uint8Array): void {
  for (let i = 0; i < isHidden.length; i += 1) if (isHidden[i] === 1) shown.nodes[i] = 0;
  for (let i = 0; i < from.length; i += 1) {
    if (isHidden[from[i] ?? 0] === 1 || isHidden[to[i] ?? 0] === 1) shown.edges[i] = 0;
  }
}

/** Keeps two roles, the edges between them, and the services through which they talk. */
function keepBetween(graph: FleetGraph, shown: Shown, between: readonly [string, string]): void {
  const [a, b] = between.map((role) => roleNumber(graph, role));
  if (a === b) throw new UserError('bad-command', `--between takes two roles, not "${between[0]}" twice`);
  const { from, to, roleOf, roles } = graph;
  const services = roles.indexOf(servicesRole);
  const sideOf = (node: number): number => {
    const role = roleOf[node];
    return role === a ? 1 : role === b ? 2 : 0;
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
    // Within a role, nothing is between the two.
    if (start === end) shown.edges[i] = 0;
  }
}

/** Keeps nodes with a part of a name, one by one, and what they talk to. */
function keepFound(graph: FleetGraph, shown: Shown, search: string): void {
  const part = search.toLowerCase();
  const isFound = Uint8Array.from(graph.nodes, ({ id, members }) =>
    id.toLowerCase().includes(part) || members.some((own) => own.toLowerCase().includes(part)) ? 1 : 0,
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
