// The map as a table, for those who do not see the drawing, and for numbers that have no room in it.

import { type FleetMap, isFolded, type MapNode, nameOfNode } from '../../model/map/fleet-map.js';
import type { selectionHrefs } from './map-query.js';

/** Rows that the page shows; the interface has all. */
const mostRows = 500;

/** The edges as rows, troubled ones first, then those with the most connections; and nodes without edges. */
export function tableOf({ nodes, edges }: FleetMap, { hrefOfNode, hrefOfEdge }: ReturnType<typeof selectionHrefs>) {
  const titles = new Map(nodes.map((node) => [node.id, titleOf(node)]));
  const rank = (connections: number): number => (Number.isNaN(connections) ? -1 : connections);
  const sorted = edges.toSorted(
    (a, b) => b.lost - a.lost || b.stale - a.stale || rank(b.connections) - rank(a.connections),
  );
  const named = (id: string) => ({ text: titles.get(id) ?? id, href: hrefOfNode(id) });
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const loose = nodes.filter(({ id }) => !ends.has(id));
  return {
    rows: sorted.slice(0, mostRows).map(({ from, to, connections, links, lost, stale }) => ({
      from: named(from),
      to: named(to),
      href: hrefOfEdge({ from, to }),
      connections: Number.isNaN(connections) ? '?' : String(connections),
      links: links === 0 ? '' : String(links),
      lost: lost === 0 ? '' : String(lost),
      stale: stale === 0 ? '' : String(stale),
    })),
    count: edges.length,
    loose: loose.slice(0, mostRows).map(({ id }) => named(id)),
    looseCount: loose.length,
  };
}

function titleOf(node: MapNode): string {
  return isFolded(node) ? `${nameOfNode(node)} (${node.members.length})` : nameOfNode(node);
}
