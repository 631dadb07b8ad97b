// Builds the graph: nodes and edges in any order, then sorted, so that the same facts make the same graph.

import {
  clientsRole,
  dnsRole,
  type MapAxis,
  type MapNodeKind,
  noRole,
  servicesRole,
  unknownRole,
} from '../../model/map/fleet-map.js';
import { type Steps, sortedInSteps } from '../steps.js';
import { type EdgePart, EdgeTable } from './edge-table.js';
import type { FleetGraph, GraphNode } from './fleet-graph.js';

/** A node to be added. */
export interface NewNode {
  readonly id: string;
  readonly kind: Exclude<MapNodeKind, MapAxis>;
  readonly role: string;
  readonly dc: string | null;
  readonly rack: string | null;
  readonly isKnown: boolean;
}

/** Natural order: web2 before web10; names that differ in nothing it sees, by their characters. */
const collator = new Intl.Collator('en', { numeric: true });
function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The roles at the end. */
const lastRoles = [dnsRole, noRole, unknownRole] as const;

/** A graph while it is built. */
export class GraphBuilder {
  readonly #nodes: NewNode[] = [];
  readonly #members: Set<string>[] = [];
  readonly #byId = new Map<string, number>();
  readonly #edges = new EdgeTable();
  readonly #servers = new Map<string, number>();

  /** The number of a node; the first with an id decides what it is. */
  node(node: NewNode): number {
    const known = this.#byId.get(node.id);
    if (known !== undefined) return known;
    this.#byId.set(node.id, this.#nodes.length);
    this.#members.push(new Set());
    return this.#nodes.push(node) - 1;
  }

  /** The number of the node with an id; null if there is none. */
  find(id: string): number | null {
    return this.#byId.get(id) ?? null;
  }

  /** Adds a member to a node. */
  member(node: number, member: string): void {
    this.#members[node]?.add(member);
  }

  /** Notes the node that the address of a real server belongs to. */
  server(address: string, node: number): void {
    this.#servers.set(address, node);
  }

  /** Adds to an edge. Connections of a node with itself are not shown. */
  edge(from: number, to: number, part: EdgePart): void {
    this.#edges.add(from, to, part);
  }

  /**
   * The graph. Roles: clients, services, those that `listed` has in its order, others by name; then those that come and go with single nodes: names, no
   * role, unknown.
   */
  *finish(listed: readonly string[]): Steps<FleetGraph> {
    const stated = [...new Set(this.#nodes.map(({ role }) => role))].sort(byName);
    const [used, lasts] = [new Set(stated), new Set<string>(lastRoles)];
    const first = new Set([clientsRole, servicesRole, ...listed, ...stated]);
    const roles = [...[...first].filter((role) => !lasts.has(role)), ...lastRoles].filter((role) => used.has(role));
    const rank = new Map(roles.map((role, i) => [role, i]));
    const rankOf = (i: number): number => rank.get(this.#nodes[i]?.role ?? '') ?? 0;
    const compare = (a: number, b: number): number =>
      rankOf(a) - rankOf(b) || byName(this.#nodes[a]?.id ?? '', this.#nodes[b]?.id ?? '');
    const sorted = yield* sortedInSteps([...this.#nodes.keys()], compare);
    const place = new Uint32Array(sorted.length);
    for (const [at, i] of sorted.entries()) place[i] = at;
    const nodes: GraphNode[] = [];
    for (const i of sorted) {
      const node = this.#nodes[i];
      if (node !== undefined) nodes.push({ ...node, members: [...(this.#members[i] ?? [])].sort(byName) });
      yield;
    }
    const servers = new Map(Array.from(this.#servers, ([address, node]) => [address, place[node] ?? 0]));
    yield;
    return { nodes, roles, roleOf: Uint32Array.from(sorted, rankOf), servers, ...(yield* this.#edges.sorted(place)) };
  }
}
