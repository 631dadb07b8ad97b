// Builds the graph: nodes and edges in any order, then sorted, so that the same facts make the same graph.

import {
  clientsRole,
  dnsRole,
  type MapAxis,
  type MapNodeKind,
  servicesRole,
  unknownRole,
} from '../../model/map/fleet-map.js';
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

/** An addition to an edge. */
export interface EdgePart {
  /** NaN: some that are unknown, so that the sum is. Null says nothing; an edge of which nothing says anything is unknown. */
  readonly connections: number | null;
  readonly link?: { readonly isLost: boolean; readonly isStale: boolean };
}

interface EdgeSums {
  readonly from: number;
  readonly to: number;
  connections: number | null;
  links: number;
  lost: number;
  stale: number;
}

/** More nodes than any input can name. */
const nodeRange = 2 ** 26;

/** Natural order: web2 before web10; names that differ in nothing it sees, by their characters. */
const collator = new Intl.Collator('en', { numeric: true });
function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** A graph while it is built. */
export class GraphBuilder {
  readonly #nodes: NewNode[] = [];
  readonly #members: Set<string>[] = [];
  readonly #byId = new Map<string, number>();
  readonly #edges = new Map<number, EdgeSums>();
  /** By link, the key of its edge; -1 if it has none. */
  readonly #linkKeys: number[] = [];

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

  /** Adds to an edge. Connections of a node with itself are not shown. */
  edge(from: number, to: number, { connections, link }: EdgePart): void {
    const key = from === to ? -1 : from * nodeRange + to;
    if (link !== undefined) this.#linkKeys.push(key);
    if (from === to) return;
    let sums = this.#edges.get(key);
    if (sums === undefined) {
      sums = { from, to, connections: null, links: 0, lost: 0, stale: 0 };
      this.#edges.set(key, sums);
    }
    if (connections !== null) sums.connections = (sums.connections ?? 0) + connections;
    if (link === undefined) return;
    sums.links += 1;
    if (link.isLost) sums.lost += 1;
    else if (link.isStale) sums.stale += 1;
  }

  /** The graph. Roles: clients, names, services, those that `listed` has in its order, others by name, unknown. */
  finish(listed: readonly string[]): FleetGraph {
    const stated = [...new Set(this.#nodes.map(({ role }) => role))].sort(byName);
    const order = new Set([
      clientsRole,
      dnsRole,
      servicesRole,
      ...listed,
      ...stated.filter((role) => role !== unknownRole),
    ]);
    const used = new Set(stated);
    const roles = [...[...order].filter((role) => role !== unknownRole), unknownRole].filter((role) => used.has(role));
    const rank = new Map(roles.map((role, i) => [role, i]));
    const rankOf = (i: number): number => rank.get(this.#nodes[i]?.role ?? '') ?? 0;
    const sorted = this.#nodes
      .map((_, i) => i)
      .sort((a, b) => rankOf(a) - rankOf(b) || byName(this.#nodes[a]?.id ?? '', this.#nodes[b]?.id ?? ''));
    const place = new Uint32Array(sorted.length);
    for (const [at, i] of sorted.entries()) place[i] = at;
    const nodes = sorted.flatMap((i): readonly GraphNode[] => {
      const node = this.#nodes[i];
      return node === undefined ? [] : [{ ...node, members: [...(this.#members[i] ?? [])].sort(byName) }];
    });
    return { nodes, roles, roleOf: Uint32Array.from(sorted, rankOf), ...this.#columns(place) };
  }

  #columns(place: Uint32Array): Omit<FleetGraph, 'nodes' | 'roles' | 'roleOf'> {
    const edges = [...this.#edges].map(([key, sums]) => ({
      ...sums,
      key,
      from: place[sums.from] ?? 0,
      to: place[sums.to] ?? 0,
    }));
    edges.sort((a, b) => a.from - b.from || a.to - b.to);
    const indexes = new Map(edges.map(({ key }, i) => [key, i]));
    return {
      linkEdges: Int32Array.from(this.#linkKeys, (key) => indexes.get(key) ?? -1),
      from: Uint32Array.from(edges, ({ from }) => from),
      to: Uint32Array.from(edges, ({ to }) => to),
      connections: Float64Array.from(edges, ({ connections }) => connections ?? Number.NaN),
      links: Uint32Array.from(edges, ({ links }) => links),
      lost: Uint32Array.from(edges, ({ lost }) => lost),
      stale: Uint32Array.from(edges, ({ stale }) => stale),
    };
  }
}
