// The map as plain data to be drawn: the file (format/svg.ts) and the page draw the same. An arc above the columns stands for all that one group
// sends to another; in grids, only troubled edges are lines of their own.

import type { FleetMap, MapEdge } from '../../model/map/fleet-map.js';
import { type ArcRoute, arcRoutes } from './arc-routes.js';
import { type GroupEdge, groupEdges } from './group-columns.js';
import { type Box, type Column, headHeight, type Layout, layoutOf, type Shape, usualShape } from './layout.js';
import { type Label, placeLabels } from './place-labels.js';

/** A point of a drawing. */
type Point = Pick<Box, 'x' | 'y'>;

/** Everything from one group to another. */
export interface Arc {
  readonly edge: GroupEdge;
  /** A path of SVG. */
  readonly path: string;
  /** Centred at its point; null if it has no room. */
  readonly label: Label | null;
}

/** An edge of which at least one end is in a grid. */
export interface Line {
  readonly edge: MapEdge;
  readonly start: Point;
  readonly end: Point;
}

/** A drawing, in units of which text of 10 is easily read. */
export interface Drawing extends Layout {
  readonly arcs: readonly Arc[];
  readonly lines: readonly Line[];
  /** Ids of nodes with lost links. */
  readonly lost: ReadonlySet<string>;
  /** Arcs, and edges to be drawn as lines, beyond those that are drawn: troubled ones and those with the most connections come first. */
  readonly undrawn: { readonly arcs: number; readonly lines: number };
}

/** Arcs that are drawn, those that get a label if there is room, and edges that are lines of their own. Nobody could follow more. */
const mostArcs = 1000;
const mostLabels = 400;
const mostLines = 2000;

/** How a map is drawn. */
export interface DrawingChoice {
  readonly shape: Shape;
  /** Whether an edge is drawn as a line of its own where it leads to or from a grid. */
  readonly isLine: (edge: MapEdge) => boolean;
}

/** Draws troubled edges as lines of their own. */
export const usualDrawing: DrawingChoice = {
  shape: usualShape,
  isLine: ({ lost, stale }) => lost > 0 || stale > 0,
};

/** Draws a map. */
export function drawingOf(map: FleetMap, { shape, isLine }: DrawingChoice = usualDrawing): Drawing {
  const layout = layoutOf(map, shape);
  const edges = groupEdges(map);
  const ranked = edges.toSorted((a, b) => importance(b) - importance(a)).slice(0, mostArcs);
  const drawn = new Set(ranked);
  const routes = arcRoutes(
    layout.columns,
    edges.filter((edge) => drawn.has(edge)),
  );
  const arcs = Array.from(routes, ([edge, route]) => arcOf(edge, route));
  const labels = new Map(arcs.map(({ edge, label }) => [edge, label]));
  const byImportance = ranked.slice(0, mostLabels).flatMap((edge) => labels.get(edge) ?? []);
  const placed = placeLabels(
    byImportance,
    layout.columns.map(({ box }) => box),
  );
  const lines = linesOf(layout.columns, map.edges.filter(isLine));
  return {
    ...layout,
    arcs: arcs.map((arc) => ({ ...arc, label: placed.has(arc.label) ? arc.label : null })),
    lines: lines.slice(0, mostLines),
    lost: new Set(map.edges.flatMap(({ from, to, lost }) => (lost > 0 ? [from, to] : []))),
    undrawn: { arcs: edges.length - arcs.length, lines: Math.max(0, lines.length - mostLines) },
  };
}

/** The order in which labels get room: trouble first, then by connections. */
function importance({ lost, stale, connections }: GroupEdge): number {
  if (lost > 0) return Number.MAX_SAFE_INTEGER;
  return stale > 0 ? 2 ** 50 : Number.isNaN(connections) ? -1 : connections;
}

function arcOf(edge: GroupEdge, { path, middle }: ArcRoute): Arc & { readonly label: Label } {
  const count = Number.isNaN(edge.connections) ? '?' : String(edge.connections);
  const words = edge.lost > 0 ? `${count}; ${edge.lost}/${edge.links} lost` : count;
  return { edge, path, label: { words, ...middle } };
}

/** Lines between nodes of which one at least is in a grid: those of folded groups are arcs. */
function linesOf(columns: readonly Column[], edges: readonly MapEdge[]): readonly Line[] {
  const boxes = new Map<string, { readonly box: Box; readonly isCell: boolean }>();
  for (const { folded, box, cells } of columns) {
    if (folded !== null) boxes.set(folded.id, { box: { ...box, height: headHeight }, isCell: false });
    for (const cell of cells) boxes.set(cell.node.id, { box: cell.box, isCell: true });
  }
  return edges.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (from === undefined || to === undefined || (!from.isCell && !to.isCell)) return [];
    const isRight = to.box.x > from.box.x;
    const start = { x: from.box.x + (isRight ? from.box.width : 0), y: from.box.y + from.box.height / 2 };
    const end = { x: to.box.x + (isRight ? 0 : to.box.width), y: to.box.y + to.box.height / 2 };
    return [{ edge, start, end }];
  });
}
