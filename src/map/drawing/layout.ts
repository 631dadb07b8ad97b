// The places of groups and nodes on the drawn map: columns in the order of groups, five in a row, so that it is never wider than 972 units, or
// fewer for narrow pages. A place follows from the groups and names alone, so that it is the same every day.

import { type FleetMap, isFolded, type MapNode, nameOfNode } from '../../model/map/fleet-map.js';
import { fitted } from './fitted.js';
import { type GroupColumn, groupColumns } from './group-columns.js';

/** A rectangle, in units of the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A node in its group's grid. */
export interface Cell {
  readonly node: MapNode;
  readonly box: Box;
  /** Its name as far as there is room; '' if there is none. */
  readonly name: string;
}

/** A group's column. */
export interface Column {
  /** The id that it has when folded. */
  readonly group: string;
  /** The node of a folded group; null if it is expanded, in whole or in part. */
  readonly folded: MapNode | null;
  readonly box: Box;
  readonly cells: readonly Cell[];
  /** The nodes that the column stands for. */
  readonly count: number;
}

/** The drawing. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly Column[];
}

const margin = 12;
const [columnWidth, gap] = [148, 52];
/** Room for the arcs above a band. */
const arcs = 84;
export const headHeight = 34;

/** Grids of more nodes have squares without names. */
const mostNamed = 60;
const named = { width: 72, height: 16, perRow: 2, pitchX: 74, pitchY: 18, characters: 14 } as const;
const longNamed = { ...named, width: 146, perRow: 1, pitchX: 148, characters: 30 } as const;
const square = { width: 12, height: 12, perRow: 10, pitchX: 14.8, pitchY: 15, characters: 0 } as const;

/** The shape of a drawing. */
export interface Shape {
  /** Columns in a row. */
  readonly perBand: number;
  /** Groups that come first, in this order; by their ids. */
  readonly order: readonly string[];
}

/** The shape that fits a page of paper. */
export const usualShape: Shape = { perBand: 5, order: [] };

/** Lays a map out. */
export function layoutOf(map: FleetMap, { perBand, order }: Shape = usualShape): Layout {
  const groups = ordered(groupColumns(map), order);
  const columns: Column[] = [];
  let top = margin;
  for (let band = 0; band < groups.length; band += perBand) {
    top += arcs;
    const own = groups.slice(band, band + perBand).map((group, i) => {
      return columnAt({ x: margin + i * (columnWidth + gap), y: top }, group);
    });
    columns.push(...own);
    top += Math.max(...own.map(({ box }) => box.height)) + margin;
  }
  const used = Math.min(groups.length, perBand);
  const width = 2 * margin + Math.max(2, used) * columnWidth + (Math.max(2, used) - 1) * gap;
  return { width, height: top + 30, columns };
}

/** The middles of the gaps between the columns of a row, from the left; there is one even if each row has one column. */
export function gapsOf(columns: readonly Column[]): readonly number[] {
  const lefts = [...new Set(columns.map(({ box }) => box.x))].sort((a, b) => a - b);
  const [first = margin, ...others] = lefts;
  return others.length === 0 ? [first + columnWidth + gap / 2] : others.map((left) => left - gap / 2);
}

function ordered(groups: readonly GroupColumn[], order: readonly string[]): readonly GroupColumn[] {
  const rankOf = ({ group }: GroupColumn): number => (order.includes(group) ? order.indexOf(group) : order.length);
  return groups.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function columnAt({ x, y }: Pick<Box, 'x' | 'y'>, { group, nodes }: GroupColumn): Column {
  const [only] = nodes;
  if (nodes.length === 1 && only !== undefined && isFolded(only)) {
    const box = { x, y, width: columnWidth, height: headHeight };
    return { group, folded: only, box, cells: [], count: only.members.length };
  }
  const names = nodes.map(cellName);
  // An address that is cut short could be another.
  const isLong = names.some((name) => name.length > named.characters);
  const sizes = nodes.length > mostNamed ? square : isLong ? longNamed : named;
  const { width, height, perRow, pitchX, pitchY, characters } = sizes;
  const cells = nodes.map((node, i) => {
    const at = { x: x + 1 + (i % perRow) * pitchX, y: y + headHeight + Math.floor(i / perRow) * pitchY };
    const name = characters === 0 ? '' : fitted(names[i] ?? '', characters);
    return { node, box: { ...at, width, height }, name };
  });
  const rows = Math.ceil(nodes.length / perRow);
  const box = { x, y, width: columnWidth, height: headHeight + rows * pitchY };
  const count = nodes.reduce((sum, node) => sum + (isFolded(node) ? node.members.length : 1), 0);
  return { group, folded: null, box, cells, count };
}

/** A node that is folded stands in a grid for those of its group that are not shown one by one. */
function cellName(node: MapNode): string {
  return isFolded(node) ? `others (${node.members.length})` : nameOfNode(node);
}
