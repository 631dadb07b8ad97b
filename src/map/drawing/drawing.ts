// The map as plain data to be drawn: the file (format/svg.ts) and the page draw the same. An arc above the columns stands for all that one group
// sends to another; in grids, only troubled edges are lines of their own.

import type { FleetMap, MapEdge } from '../../model/map/fleet-map.js';
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
  const boxes = new Map(layout.columns.map(({ group, box }) => [group, box]));
  const edges = groupEdges(map);
  const ranked = edges.toSorted((a, b) => importance(b) - importance(a)).slice(0, mostArcs);
  const drawn = new Set(ranked);
  const arcs = edges.filter((edge) => drawn.has(edge)).map((edge) => arcOf(boxes, edge));
  const labels = new Map(arcs.map(({ edge, label }) => [edge, label]));
  const byImportance = ranked.slice(0, mostLabels).flatMap((edge) => labels.get(edge) ?? []);
  const placed = placeLabels(byImportance, [...boxes.values()]);
  const lines = linesOf(layout.columns, map.edges.filter(isLine));
  return {
    ...layout,
    arcs: arcs.map((arc) => ({ ...arc, label: placed.has(arc.label) ? arc.label : null })),
    lines: lines.slice(0, mostLines),
    lost: new Set(map.edges.flatMap(({ from, to, lost }) => (lost > 0 ? [from, to] : []))),
    undrawn: { arcs: edges.length - arcs.length, lines: Math.max(0, lines.length - mostLines) },
  };
}

/** From one column to another: above both in a row, higher for the way back so that both are seen; from below to above between rows. */
function curveOf(start: Box, end: Box): { readonly path: string; readonly middle: Point } {
  const [x1, x2] = [start, end].map(({ x, width }) => x + width / 2);
  const curve = (
    a: readonly [number, number],
    b: readonly [number, number],
    [first, last]: readonly [number, number],
  ) => {
    const path = `M${a.join(' ')}C${a[0]} ${first} ${b[0]} ${last} ${b.join(' ')}`;
    return { path, middle: { x: (a[0] + b[0]) / 2, y: (a[1] + b[1] + 3 * (first + last)) / 8 - 3 } };
  };
  if (start.y !== end.y) {
    const [from, to] = start.y < end.y ? [start.y + start.height, end.y - 1] : [start.y, end.y + end.height + 1];
    const bend = start.y < end.y ? 30 : -30;
    return curve([(x1 ?? 0) + 4, from], [(x2 ?? 0) - 4, to], [from + bend, to - bend]);
  }
  const isBack = end.x < start.x;
  const [out, into] = start.x === end.x ? [20, 46] : isBack ? [-26, 26] : [14, -14];
  const [from, to] = [(x1 ?? 0) + out, (x2 ?? 0) + into];
  const top = start.y - Math.min(104, 22 + Math.abs(to - from) * 0.1 + (isBack ? 16 : 0));
  return curve([from, start.y], [to, end.y - 1], [top, top]);
}

/** The order in which labels get room: trouble first, then by connections. */
function importance({ lost, stale, connections }: GroupEdge): number {
  if (lost > 0) return Number.MAX_SAFE_INTEGER;
  return stale > 0 ? 2 ** 50 : Number.isNaN(connections) ? -1 : connections;
}

function arcOf(boxes: ReadonlyMap<string, Box>, edge: GroupEdge): Arc & { readonly label: Label } {
  const boxOf = (group: string): Box => boxes.get(group) ?? { x: 0, y: 0, width: 0, height: 0 };
  const { path, middle } = curveOf(boxOf(edge.from), boxOf(edge.to));
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
