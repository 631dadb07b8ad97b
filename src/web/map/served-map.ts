// The map's sources for the viewer: the graph of now, and those of the hours before.

import type { FleetGraph } from '../../map/graph/fleet-graph.js';
import type { KeptMapAbout } from '../../map/kept/kept-maps.js';
import type { PlacedPool } from '../../map/placed-pools.js';
import type { Finding } from '../../model/finding/finding.js';
import type { FleetAgent } from '../../model/map/fleet.js';

/** The graph of a moment. */
export interface MapMoment {
  /** Epoch seconds. */
  readonly timeS: number;
  readonly graph: FleetGraph;
  /** The agents, whose links are those of `graph.linkEdges` in their order; empty for an hour that is past. */
  readonly agents: readonly FleetAgent[];
  /** Agents of which the server could not keep all connections. */
  readonly leftOut: readonly string[];
  /** The findings that an hour's map was kept with; null for now, and for an hour whose findings are unknown. */
  readonly findings: readonly Finding[] | null;
  /** The real servers of the table; null for an hour whose map was kept without them. */
  readonly pools: readonly PlacedPool[] | null;
  /** Why the data file is left out; '' if it is not. */
  readonly problem: string;
}

/** The maps of a server. */
export interface ServedMap {
  readonly now: () => Promise<MapMoment>;
  /** Those of the last day, oldest first. */
  readonly kept: () => readonly KeptMapAbout[];
  /** One of those; null if it is gone, or cannot be read. */
  readonly at: (timeS: number) => Promise<MapMoment | null>;
}
