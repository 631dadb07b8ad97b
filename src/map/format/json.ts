// The map as JSON: `{"nodes": […], "edges": […]}`, with null for connections that are unknown.

import type { FleetMap } from '../../model/map/fleet-map.js';

/** The map as JSON, with further keys before it. */
export function jsonText({ nodes, edges }: FleetMap, more: Readonly<Record<string, unknown>> = {}): string {
  const counted = edges.map((edge) => ({
    ...edge,
    connections: Number.isNaN(edge.connections) ? null : edge.connections,
  }));
  const shown = nodes.map(({ group: _, ...node }) => node);
  return JSON.stringify({ ...more, nodes: shown, edges: counted }, null, 2);
}
