// The map as a drawing (SVG 1.1). All texts are escaped, and no address of data becomes a link.

import { type FleetMap, type MapEdge, nameOfNode } from '../../model/map/fleet-map.js';
import { countOf } from '../../model/text/count-of.js';
import { visibleLine } from '../../model/text/visible.js';
import { type Arc, type Drawing, drawingOf, type Line } from '../drawing/drawing.js';
import { fitted } from '../drawing/fitted.js';
import type { Box, Cell, Column } from '../drawing/layout.js';
import { edgeText } from './edge-text.js';

const ink = '#1f2328';
const faint = '#6e7781';
const line = '#8c959f';
const lostColour = '#c62828';
const fill = { folded: '#e8f0fb', frame: '#f6f8fa', cell: '#ffffff', lost: '#fdecea' } as const;

/** The map as a document. */
export function svgText(map: FleetMap): string {
  const drawing = drawingOf(map);
  const { width, height, columns, arcs, lines, lost } = drawing;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Roboto, Helvetica, Arial, sans-serif" role="img">`,
    '<title>Who talks to whom</title>',
    '<defs>',
    marker('arrow', line),
    marker('arrow-lost', lostColour),
    '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    // Behind the columns, so that no name is crossed.
    ...arcs.map(arcLine),
    ...columns.flatMap((column) => columnParts(column, lost)),
    ...arcs.flatMap(arcLabel),
    ...lines.map(lineParts),
    text({ x: 12, y: height - 12 }, legendOf(drawing), { size: 10, colour: faint }),
    '</svg>',
  ].join('\n');
}

function legendOf({ arcs, undrawn }: Drawing): string {
  return [
    'red: lost links; dashed: stale links; ?: unknown number of connections',
    ...(arcs.some(({ label }) => label === null) ? ['numbers that have no room are in the table'] : []),
    ...(undrawn.arcs > 0 ? [`${undrawn.arcs} arcs with fewer connections are not drawn`] : []),
    ...(undrawn.lines > 0 ? [`${undrawn.lines} more troubled edges are not drawn: see the table`] : []),
  ].join('; ');
}

function marker(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;
}

function columnParts({ group, folded, box, cells, count }: Column, lost: ReadonlySet<string>): readonly string[] {
  const isLost = folded !== null && lost.has(folded.id);
  const dc = folded === null || folded.dc === null || folded.kind === 'dc' ? '' : `, ${folded.dc}`;
  const name = nameOfNode({ id: group });
  return [
    '<g>',
    `<title>${escaped(`${name}: ${countOf(count, 'node')}`)}</title>`,
    rect(box, folded === null ? fill.frame : fill.folded, isLost ? lostColour : line),
    text({ x: box.x + 8, y: box.y + 15 }, fitted(name, 21), { size: 12, colour: ink, isBold: true }),
    text({ x: box.x + 8, y: box.y + 28 }, fitted(`${countOf(count, 'node')}${dc}`, 27), { size: 10, colour: faint }),
    '</g>',
    ...cells.map((cell) => cellParts(cell, lost)),
  ];
}

function cellParts({ node, box, name }: Cell, lost: ReadonlySet<string>): string {
  const isLost = lost.has(node.id);
  const about = node.dc === null ? node.id : `${node.id}, ${node.dc}`;
  const label = name === '' ? '' : text({ x: box.x + 3, y: box.y + 11 }, name, { size: 8, colour: ink });
  const shape = rect(box, isLost ? fill.lost : fill.cell, isLost ? lostColour : line);
  return `<g><title>${escaped(about)}</title>${shape}${label}</g>`;
}

function arcLine({ edge, path }: Arc): string {
  const isLost = edge.lost > 0;
  const [from, to] = [edge.from, edge.to].map((id) => nameOfNode({ id }));
  return [
    `<g><title>${escaped(`${from} to ${to}: ${edgeText(edge)}`)}</title>`,
    `<path d="${path}" fill="none" stroke="${isLost ? lostColour : line}" stroke-width="${isLost ? 1.8 : 1.1}"${dashes(edge)} marker-end="url(#${isLost ? 'arrow-lost' : 'arrow'})"/>`,
    '</g>',
  ].join('');
}

function arcLabel({ edge, label }: Arc): readonly string[] {
  if (label === null) return [];
  const style = { size: 9, colour: edge.lost > 0 ? lostColour : faint, anchor: 'middle' } as const;
  return [text(label, label.words, style)];
}

function dashes({ lost, stale }: Pick<MapEdge, 'lost' | 'stale'>): string {
  return lost === 0 && stale > 0 ? ' stroke-dasharray="4 3"' : '';
}

function lineParts({ edge, start, end }: Line): string {
  const [colour, head] = edge.lost > 0 ? [lostColour, 'arrow-lost'] : [line, 'arrow'];
  const title = escaped(`${edge.from} to ${edge.to}: ${edgeText(edge)}`);
  return `<g><title>${title}</title><line x1="${start.x}" y1="${start.y}" x2="${end.x}" y2="${end.y}" stroke="${colour}" stroke-width="1.1"${dashes(edge)} marker-end="url(#${head})"/></g>`;
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
