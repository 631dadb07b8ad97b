// Places nodes by forces (d3-force): edges pull, nodes push. A pure function of its input.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

/** Nodes and edges by number. */
export interface ToPlace {
  /** The radius of each node. */
  readonly sizes: readonly number[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** The place of a node. */
export interface PlacedNode {
  readonly x: number;
  readonly y: number;
}

/** Steps of the simulation: as many as d3-force takes by default. */
const steps = 300;

/** The places, in the order of the nodes; `onStep` receives those after every hundredth step. */
export function placed({ sizes, edges }: ToPlace, onStep: (places: readonly PlacedNode[]) => void): void {
  // d3-force begins with a spiral, and its noise is seeded: the same map has the same places.
  const nodes = sizes.map((size, index) => ({ index, size, x: Number.NaN, y: Number.NaN }));
  const links = edges.flatMap(([source, target]) => (source === target ? [] : [{ source, target }]));
  const simulation = forceSimulation(nodes)
    .force('push', forceManyBody().strength(-60).distanceMax(400))
    .force('pull', forceLink(links).distance(90))
    .force(
      'apart',
      forceCollide<(typeof nodes)[number]>(({ size }) => size + 12),
    )
    .force('x', forceX(0).strength(0.04))
    .force('y', forceY(0).strength(0.06))
    .stop();
  for (let step = 1; step <= steps; step += 1) {
    simulation.tick();
    if (step % 100 === 0) onStep(nodes.map(({ x, y }) => ({ x, y })));
  }
}
