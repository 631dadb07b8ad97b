// The map as a drawing (SVG 1.1). An arc above the columns stands for all that one role sends to another; in grids, only troubled edges are drawn
// one by one. All texts are escaped, and no address of data becomes a link.

import { type FleetMap, type MapEdge, nameOfNode } from '../../model/map/fleet-map.js';
import { countOf } from '../../model/text/count-of.js';
import { visibleLine } from '../../model/text/visible.js';
import { edgeText } from './edge-text.js';
import { type Box, type Cell, type Column, headHeight, layoutOf } from './layout.js';
import { type Label, placeLabels } from './place-labels.js';
import { type RoleEdge, roleEdges } from './role-columns.js';

const ink = '#1f2328';
const faint = '#6e7781';
const line = '#8c959f';
const lostColour = '#c62828';
const fill = { folded: '#e8f0fb', frame: '#f6f8fa', cell: '#ffffff', lost: '#fdecea' } as const;

/** Troubled edges that are drawn one by one. */
const mostDrawn = 2000;

/** The map as a document. */
export function svgText(map: FleetMap): string {
  const { width, height, columns } = layoutOf(map);
  const troubled = map.edges.filter(({ lost, stale }) => lost > 0 || stale > 0);
  const worst = new Set(troubled.flatMap(({ from, to, lost }) => (lost > 0 ? [from, to] : [])));
  const singles = singleLines(columns, troubled);
  const left = singles.length - mostDrawn;
  const arcs = roleEdges(map).map((edge) => arcOf(columns, edge));
  const labelled = placeLabels(
    arcs.toSorted((a, b) => importance(b.edge) - importance(a.edge)),
    columns.map(({ box }) => box),
  );
  const legend = [
    'red: lost links; dashed: stale links; ?: unknown number of connections',
    ...(labelled.size < arcs.length ? ['numbers that have no room are in the table'] : []),
    ...(left > 0 ? [`${left} more troubled edges are not drawn: see the table`] : []),
  ].join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Roboto, Helvetica, Arial, sans-serif" role="img">`,
    '<title>Who talks to whom</title>',
    '<defs>',
    marker('arrow', line),
    marker('arrow-lost', lostColour),
    '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...columns.flatMap((column) => columnParts(column, worst)),
    ...arcs.map(arcLine),
    ...arcs.filter((arc) => labelled.has(arc)).map(arcLabel),
    ...singles.slice(0, mostDrawn),
    text({ x: 12, y: height - 12 }, legend, { size: 10, colour: faint }),
    '</svg>',
  ].join('\n');
}

function marker(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;
}

function columnParts({ role, folded, box, cells, hasNames }: Column, worst: ReadonlySet<string>): readonly string[] {
  const isWorst = folded !== null && worst.has(folded.id);
  const count = folded === null ? cells.length : folded.members.length;
  const dc = folded === null || folded.dc === null ? '' : `, ${folded.dc}`;
  return [
    '<g>',
    `<title>${escaped(`${role}: ${countOf(count, 'node')}`)}</title>`,
    rect(box, folded === null ? fill.frame : fill.folded, isWorst ? lostColour : line),
    text({ x: box.x + 8, y: box.y + 15 }, fitted(role, 21), { size: 12, colour: ink, isBold: true }),
    text({ x: box.x + 8, y: box.y + 28 }, fitted(`${countOf(count, 'node')}${dc}`, 27), { size: 10, colour: faint }),
    '</g>',
    ...cells.map((cell) => cellParts(cell, hasNames, worst)),
  ];
}

function cellParts({ node, box }: Cell, hasNames: boolean, worst: ReadonlySet<string>): string {
  const isWorst = worst.has(node.id);
  const name = nameOfNode(node);
  const about = node.dc === null ? node.id : `${node.id}, ${node.dc}`;
  const label = hasNames ? text({ x: box.x + 3, y: box.y + 11 }, fitted(name, 14), { size: 8, colour: ink }) : '';
  const shape = rect(box, isWorst ? fill.lost : fill.cell, isWorst ? lostColour : line);
  return `<g><title>${escaped(about)}</title>${shape}${label}</g>`;
}

interface Curve {
  readonly path: string;
  /** Where its label stands. */
  readonly middle: Pick<Box, 'x' | 'y'>;
}

/** From one column to another: above both in a row, higher for the way back so that both are seen; from below to above between rows. */
function curveOf(start: Box, end: Box): Curve {
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

/** An arc with its label. */
interface Arc extends Label {
  readonly edge: RoleEdge;
  readonly path: string;
}

/** The order in which labels get room: trouble first, then by connections. */
function importance({ lost, connections }: RoleEdge): number {
  return lost > 0 ? Number.MAX_SAFE_INTEGER : Number.isNaN(connections) ? -1 : connections;
}

function arcOf(columns: readonly Column[], edge: RoleEdge): Arc {
  const boxOf = (role: string): Box =>
    columns.find((one) => one.role === role)?.box ?? { x: 0, y: 0, width: 0, height: 0 };
  const { path, middle } = curveOf(boxOf(edge.from), boxOf(edge.to));
  const count = Number.isNaN(edge.connections) ? '?' : String(edge.connections);
  const words = edge.lost > 0 ? `${count}; ${edge.lost}/${edge.links} lost` : count;
  return { edge, path, words, ...middle };
}

function arcLine({ edge, path }: Arc): string {
  const isLost = edge.lost > 0;
  return [
    `<g><title>${escaped(`${edge.from} to ${edge.to}: ${edgeText(edge)}`)}</title>`,
    `<path d="${path}" fill="none" stroke="${isLost ? lostColour : line}" stroke-width="${isLost ? 1.8 : 1.1}"${dashes(edge)} marker-end="url(#${isLost ? 'arrow-lost' : 'arrow'})"/>`,
    '</g>',
  ].join('');
}

function arcLabel({ edge, words, x, y }: Arc): string {
  return text({ x, y }, words, { size: 9, colour: edge.lost > 0 ? lostColour : faint, anchor: 'middle' });
}

function dashes({ lost, stale }: Pick<MapEdge, 'lost' | 'stale'>): string {
  return lost === 0 && stale > 0 ? ' stroke-dasharray="4 3"' : '';
}

/** Lines between nodes of which one at least is in a grid: those of folded roles are arcs. */
function singleLines(columns: readonly Column[], troubled: readonly MapEdge[]): readonly string[] {
  const boxes = new Map<string, { readonly box: Box; readonly isCell: boolean }>();
  for (const { folded, box, cells } of columns) {
    if (folded !== null) boxes.set(folded.id, { box: { ...box, height: headHeight }, isCell: false });
    for (const cell of cells) boxes.set(cell.node.id, { box: cell.box, isCell: true });
  }
  return troubled.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (from === undefined || to === undefined || (!from.isCell && !to.isCell)) return [];
    const isRight = to.box.x > from.box.x;
    const x1 = from.box.x + (isRight ? from.box.width : 0);
    const x2 = to.box.x + (isRight ? 0 : to.box.width);
    const [y1, y2] = [from, to].map(({ box }) => box.y + box.height / 2);
    const [colour, head] = edge.lost > 0 ? [lostColour, 'arrow-lost'] : [line, 'arrow'];
    const title = escaped(`${edge.from} to ${edge.to}: ${edgeText(edge)}`);
    return [
      `<g><title>${title}</title><line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="1.1"${dashes(edge)} marker-end="url(#${head})"/></g>`,
    ];
  });
}

function rect({ x, y, width, height }: Box, colour: string, stroke: string): string {
  const [left, top] = [x, y].map((value) => Math.round(value * 10) / 10);
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="2" fill="${colour}" stroke="${stroke}"/>`;
}

interface TextStyle {
  readonly size: number;
  readonly colour: string;
  readonly isBold?: boolean;
  readonly anchor?: 'middle';
}

function text(
  { x, y }: Pick<Box, 'x' | 'y'>,
  words: string,
  { size, colour, isBold = false, anchor }: TextStyle,
): string {
  const [left, top] = [x, y].map((value) => Math.round(value * 10) / 10);
  const more = `${isBold ? ' font-weight="bold"' : ''}${anchor === undefined ? '' : ` text-anchor="${anchor}" paint-order="stroke" stroke="#ffffff" stroke-width="3"`}`;
  return `<text x="${left}" y="${top}" font-size="${size}" fill="${colour}"${more}>${escaped(words)}</text>`;
}

/** A text of so many characters at most. */
function fitted(words: string, most: number): string {
  const characters = Array.from(visibleLine(words));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** A text in XML 1.0, which has neither control characters nor halves of characters. */
function escaped(words: string): string {
  return visibleLine(words)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
