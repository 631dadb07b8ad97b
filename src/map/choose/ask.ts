// Questions about the map: who uses a virtual address, what is in no configuration, what a host's death breaks.

import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import type { MapQuestion } from './choice.js';
import { hostFlags } from './dependants.js';
import type { Shown } from './fold.js';
import { askedVip } from './uses.js';

/** Keeps what answers a question. Throws a `UserError` as `askedVip`. */
export function askGraph(graph: FleetGraph, shown: Shown, question: MapQuestion): void {
  if (question.kind === 'uses') keepUsers(graph, shown, question.vip);
  else if (question.kind === 'unknown') keepUnknown(graph, shown);
  else keepLosing(graph, shown, question);
}

function keepUsers(graph: FleetGraph, shown: Shown, vip: string): void {
  const { nodes: isAsked } = askedVip(graph, vip);
  const isUser = new Uint8Array(graph.nodes.length);
  for (let i = 0; i < graph.from.length; i += 1) {
    if (isAsked[graph.to[i] ?? 0] !== 1) shown.edges[i] = 0;
    else isUser[graph.from[i] ?? 0] = 1;
  }
  keepOnly(shown, (i) => isAsked[i] === 1 || isUser[i] === 1);
  showSingly(shown, (i) => isAsked[i] === 1 || isUser[i] === 1);
}

function keepUnknown(graph: FleetGraph, shown: Shown): void {
  const isUnknown = flags(graph, ({ isKnown }) => !isKnown);
  const isNear = Uint8Array.from(isUnknown);
  for (let i = 0; i < graph.from.length; i += 1) {
    const [from, to] = [graph.from[i] ?? 0, graph.to[i] ?? 0];
    if (isUnknown[from] !== 1 && isUnknown[to] !== 1) shown.edges[i] = 0;
    if (shown.edges[i] === 1) isNear[from] = isNear[to] = 1;
  }
  keepOnly(shown, (i) => isNear[i] === 1);
  showSingly(shown, (i) => isUnknown[i] === 1);
}

/** The hosts, the services that lose something with them, and those who use these; where none does, all that the hosts talk to. */
function keepLosing(
  graph: FleetGraph,
  shown: Shown,
  { hosts, services }: MapQuestion & { readonly kind: 'without' },
): void {
  const isHost = hostFlags(graph, hosts);
  const isService = flags(graph, ({ kind, id, members }) =>
    kind === 'virtual-service' ? services.has(id) : kind === 'one-of' && members.some((own) => services.has(own)),
  );
  const isNear = new Uint8Array(graph.nodes.length);
  for (let i = 0; i < graph.from.length; i += 1) {
    const [from, to] = [graph.from[i] ?? 0, graph.to[i] ?? 0];
    const isKept = isService[to] === 1 || isHost[to] === 1 || (services.size === 0 && isHost[from] === 1);
    if (!isKept) shown.edges[i] = 0;
    if (shown.edges[i] === 1) isNear[from] = isNear[to] = 1;
  }
  const isAsked = (i: number): boolean => isHost[i] === 1 || isService[i] === 1;
  keepOnly(shown, (i) => isAsked(i) || isNear[i] === 1);
  showSingly(shown, isAsked);
}

function flags({ nodes }: FleetGraph, isSo: (node: GraphNode) => boolean): Uint8Array {
  return Uint8Array.from(nodes, (node) => (isSo(node) ? 1 : 0));
}

function keepOnly(shown: Shown, isKept: (node: number) => boolean): void {
  for (let i = 0; i < shown.nodes.length; i += 1) if (!isKept(i)) shown.nodes[i] = 0;
}

function showSingly(shown: Shown, isSingle: (node: number) => boolean): void {
  for (let i = 0; i < shown.nodes.length; i += 1) if (isSingle(i)) shown.single[i] = 1;
}
