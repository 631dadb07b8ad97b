// Who uses a virtual address, as far as agents say it. They report connections of TCP, by address: nobody sees the users of a service of UDP or SCTP,
// or of a firewall mark, but the director's own counters say whether it is in use. An address without a service may still have users.

import { canonicalAddress } from '../../model/links/target.js';
import { nameOfNode } from '../../model/map/fleet-map.js';
import type { ServiceId } from '../../model/names/identity.js';
import { parseEndpoint, parseServiceName, serviceName } from '../../model/names/name.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import { serviceNodeIds, serviceOfNode } from '../graph/service-index.js';

/** A virtual service that a question is about. */
export interface AskedService {
  /** As on the map: `192.0.2.53:53/udp`, `mark 7`. */
  readonly name: string;
  /** The name of its archive. */
  readonly archive: string;
  /** The reason why agents cannot see its users; null if they can. */
  readonly unseen: 'protocol' | 'mark' | null;
}

/** An address or an endpoint without a service. */
interface AbsentVip {
  /** The hosts that have the address. */
  readonly hosts: readonly string[];
  /** Whether anything is connected to it. */
  readonly hasUsers: boolean;
  /** Whether the map shows what is connected to any port of the address, though the question is about one. */
  readonly isOfAllPorts: boolean;
}

/** The subject of a question about users. */
export interface AskedVip {
  /** The question: `192.0.2.1`, `192.0.2.1:80`, or a name of a service. */
  readonly vip: string;
  /** The services of the table that it means; empty if there is none. */
  readonly services: readonly AskedService[];
  /** Set if there is none. */
  readonly absent: AbsentVip | null;
  /** By node of the graph, 1 if connections to it are those that the question is about. */
  readonly nodes: Uint8Array;
}

/** Finds the subject. Throws a `UserError` for a text that is neither an address nor a service of the table. */
export function askedVip(graph: FleetGraph, vip: string): AskedVip {
  const isMeant = vipMatcher(vip);
  const nodes = flags(graph, ({ kind, id, members }) =>
    kind === 'virtual-service' ? isMeant(id) : kind === 'one-of' && members.some(isMeant),
  );
  const services = graph.nodes.flatMap((node, i): readonly AskedService[] => {
    const id = nodes[i] === 1 ? serviceOfNode(node.id) : null;
    // A port without a service is on the map, but in no configuration.
    if (id === null || !node.isKnown) return [];
    return [{ name: nameOfNode(node), archive: serviceName(id), unseen: unseenOf(id) }];
  });
  if (services.length > 0) return { vip, services, absent: null, nodes };
  const address = addressOf(vip);
  if (address === null) {
    throw new UserError(
      'bad-name',
      `there is no virtual service "${vip}" in the table: write VIP, VIP:PORT, VIP:PORT/udp, or a name of "lvs-stats list"`,
    );
  }
  const { hosts, isOwner } = nodes.includes(1) ? { hosts: [], isOwner: nodes } : ownersOf(graph, address);
  const hasUsers = graph.to.some((to) => isOwner[to] === 1);
  const isOfAllPorts = hasUsers && isOwner !== nodes && addressIn(vip) === null;
  return { vip, services, absent: { hosts, hasUsers, isOfAllPorts }, nodes: isOwner };
}

/** Whether a question can be answered: its service is in the table, or it has an address. */
export function canAskUses(graph: FleetGraph, vip: string): boolean {
  return addressOf(vip) !== null || flags(graph, ({ id, isKnown }) => isKnown && vipMatcher(vip)(id)).includes(1);
}

/**
 * The hosts that have an address, and the nodes that connections to it lead to: that of the address itself, or of its only host. Where several hosts
 * have it, as real servers still do after their service was removed, connections to it have a node of their own.
 */
function ownersOf({ nodes }: FleetGraph, address: string): { hosts: readonly string[]; isOwner: Uint8Array } {
  const own = `host:${address}`;
  const owners = nodes.filter(({ kind, id, members }) => kind !== 'clients' && id !== own && members.includes(address));
  const isOwner = Uint8Array.from(nodes, (node) =>
    node.id === own || (owners.length === 1 && owners.includes(node) && !nodes.some(({ id }) => id === own)) ? 1 : 0,
  );
  return { hosts: owners.map(nameOfNode), isOwner };
}

function unseenOf(id: ServiceId): AskedService['unseen'] {
  if (id.kind === 'mark') return 'mark';
  return id.protocol === 'tcp' ? null : 'protocol';
}

/** The function that knows the nodes of a virtual address, or of the service of a name. */
function vipMatcher(vip: string): (id: string) => boolean {
  const address = addressIn(vip);
  if (address === null) {
    const ids = new Set(serviceNodeIds(vip));
    return (id) => ids.has(id);
  }
  const begin = `service:${address.includes(':') ? `[${address}]` : address}:`;
  return (id) => id.startsWith(begin);
}

/** The address that a text is; null if it is none. */
function addressIn(vip: string): string | null {
  return canonicalAddress(vip.replace(/^\[(.*)\]$/, '$1'));
}

/** The address that a text is or has; null if it has none. */
function addressOf(vip: string): string | null {
  const named = parseServiceName(vip);
  if (named !== null) return named.kind === 'address' ? named.address : null;
  return addressIn(vip) ?? parseEndpoint(vip.replace(/\/(tcp|udp|sctp)$/, ''))?.address ?? null;
}

function flags({ nodes }: FleetGraph, isSo: (node: GraphNode) => boolean): Uint8Array {
  return Uint8Array.from(nodes, (node) => (isSo(node) ? 1 : 0));
}
