// Questions about the map: who uses a virtual address, what is in no configuration, what a host's death breaks.

import { canonicalAddress } from '../../model/links/target.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import { serviceNodeIds } from '../graph/service-index.js';
import type { MapQuestion } from './choice.js';
import type { Shown } from './fold.js';

/** Keeps what answers a question. Throws a `UserError` for a service that the graph lacks. */
export function askGraph(graph: FleetGraph, shown: Shown, question: MapQuestion): void {
  if (question.kind === 'uses') keepUsers(graph, shown, question.vip);
  else if (question.kind === 'unknown') keepUnknown(graph, shown);
  else keepLosing(graph, shown, question);
}

/** Whether a graph has a service of such a virtual address or name. */
export function hasService(graph: FleetGraph, vip: string): boolean {
  return servicesOf(graph, vip).includes(1);
}

function servicesOf(graph: FleetGraph, vip: string): Uint8Array {
  const isMeant = vipMatcher(vip);
  return flags(graph, ({ kind, id, members }) =>
    kind === 'virtual-service' ? isMeant(id) : kind === 'one-of' && members.some(isMeant),
  );
}

function keepUsers(graph: FleetGraph, shown: Shown, vip: string): void {
  const isAsked = servicesOf(graph, vip);
  if (!isAsked.includes(1)) {
    throw new UserError(
      'bad-name',
      `there is no virtual service "${vip}" in the table: write VIP, VIP:PORT, VIP:PORT/udp, or a name of "lvs-stats list"`,
    );
  }
  const isUser = new Uint8Array(graph.nodes.length);
  for (let i = 0; i < graph.from.length; i += 1) {
    if (isAsked[graph.to[i] ?? 0] !== 1) shown.edges[i] = 0;
    else isUser[graph.from[i] ?? 0] = 1;
  }
  keepOnly(shown, (i) => isAsked[i] === 1 || isUser[i] === 1);
  showSingly(shown, (i) => isAsked[i] === 1 || isUser[i] === 1);
}

/** Whether a node is of a virtual address, or of the service of a name. */
function vipMatcher(vip: string): (id: string) => boolean {
  const address = canonicalAddress(vip.replace(/^\[(.*)\]$/, '$1'));
  if (address === null) {
    const ids = new Set(serviceNodeIds(vip));
    return (id) => ids.has(id);
  }
  const begin = `service:${address.includes(':') ? `[${address}]` : address}:`;
  return (id) => id.startsWith(begin);
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
  const isHost = flags(
    graph,
    ({ kind, id, members }) =>
      kind === 'host' && (hosts.has(id.slice('host:'.length)) || members.some((own) => hosts.has(own))),
  );
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
