// The edges of a graph while it is built, in columns; then sorted by their nodes.

import type { Steps } from '../steps.js';
import type { EdgeColumns } from './fleet-graph.js';

/** An addition to an edge. */
export interface EdgePart {
  /** NaN: some that are unknown, so that the sum is. Null says nothing; an edge of which nothing says anything is unknown. */
  readonly connections: number | null;
  readonly link?: { readonly isLost: boolean; readonly isStale: boolean };
}

/** The edges with the indexes of those of links. */
export interface SortedEdges extends EdgeColumns {
  /** As in `FleetGraph`. */
  readonly linkEdges: Int32Array;
}

/** Edges of nodes by their numbers. */
export class EdgeTable {
  /** By the number of the first node, the edge to each other. */
  readonly #byFrom: (Map<number, number> | undefined)[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** NaN until something is said. */
  readonly #connections: number[] = [];
  readonly #isStated: boolean[] = [];
  readonly #links: number[] = [];
  readonly #lost: number[] = [];
  readonly #stale: number[] = [];
  /** By link, its edge; -1 if it has none. */
  readonly #ofLinks: number[] = [];

  /** Adds to an edge. Connections of a node with itself are not shown. */
  add(from: number, to: number, { connections, link }: EdgePart): void {
    const edge = from === to ? -1 : this.#edge(from, to);
    if (link !== undefined) this.#ofLinks.push(edge);
    if (edge === -1) return;
    if (connections !== null) {
      this.#connections[edge] =
        this.#isStated[edge] === true ? (this.#connections[edge] ?? 0) + connections : connections;
      this.#isStated[edge] = true;
    }
    if (link === undefined) return;
    increase(this.#links, edge);
    if (link.isLost) increase(this.#lost, edge);
    else if (link.isStale) increase(this.#stale, edge);
  }

  #edge(from: number, to: number): number {
    const own = this.#byFrom[from] ?? new Map<number, number>();
    if (own.size === 0) this.#byFrom[from] = own;
    const known = own.get(to);
    if (known !== undefined) return known;
    const edge = this.#from.push(from) - 1;
    this.#to.push(to);
    this.#connections.push(Number.NaN);
    this.#isStated.push(false);
    for (const column of [this.#links, this.#lost, this.#stale]) column.push(0);
    own.set(to, edge);
    return edge;
  }

  /** The edges, sorted by the places of their nodes, which are given by number. */
  *sorted(place: Uint32Array): Steps<SortedEdges> {
    const placed = (column: readonly number[]): Uint32Array => Uint32Array.from(column, (node) => place[node] ?? 0);
    const [from, to] = [placed(this.#from), placed(this.#to)];
    yield;
    const inserted = Uint32Array.from(from.keys());
    const byTo = counted(inserted, to, place.length);
    yield;
    const order = counted(byTo, from, place.length);
    yield;
    const rank = new Int32Array(order.length);
    for (const [at, edge] of order.entries()) rank[edge] = at;
    const linkEdges = Int32Array.from(this.#ofLinks, (edge) => rank[edge] ?? -1);
    yield;
    const counts = (column: ArrayLike<number>): Uint32Array => order.map((edge) => column[edge] ?? 0);
    const connections = Float64Array.from(order, (edge) => this.#connections[edge] ?? Number.NaN);
    yield;
    const [links, lost, stale] = [counts(this.#links), counts(this.#lost), counts(this.#stale)];
    return { from: counts(from), to: counts(to), connections, links, lost, stale, linkEdges };
  }
}

function increase(column: number[], edge: number): void {
  column[edge] = (column[edge] ?? 0) + 1;
}

/** Edges in the order of their keys, which are below a range; those of one key stay in their order (counting sort). */
function counted(edges: Uint32Array, keys: Uint32Array, range: number): Uint32Array {
  const begins = new Uint32Array(range + 1);
  for (const edge of edges) begins[(keys[edge] ?? 0) + 1] = (begins[(keys[edge] ?? 0) + 1] ?? 0) + 1;
  for (let key = 1; key <= range; key += 1) begins[key] = (begins[key] ?? 0) + (begins[key - 1] ?? 0);
  const sorted = new Uint32Array(edges.length);
  for (const edge of edges) {
    const at = begins[keys[edge] ?? 0] ?? 0;
    sorted[at] = edge;
    begins[keys[edge] ?? 0] = at + 1;
  }
  return sorted;
}
