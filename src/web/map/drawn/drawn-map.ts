// The drawing of a map with its addresses: what a click on a node, an edge or a column's button leads to.

import type { Drawing } from '../../../map/drawing/drawing.js';
import { fitted } from '../../../map/drawing/fitted.js';
import type { Cell, Column } from '../../../map/drawing/layout.js';
import { edgeText } from '../../../map/format/edge-text.js';
import type { Severity } from '../../../model/finding/finding.js';
import { isFolded, type MapEdge, type MapNode, nameOfNode } from '../../../model/map/fleet-map.js';
import { countOf } from '../../../model/text/count-of.js';
import { type MapQuery, mapQueryText, selectionHrefs } from '../map-query.js';
import type { Pieces } from './pieces.js';

/** The worst finding of a node: its severity and its sentence. */
export interface NodeTrouble {
  readonly severity: Severity;
  readonly text: string;
}

/** The ground of a drawing's addresses. */
export interface DrawnGround {
  /** The address of the page, without a query. */
  readonly path: string;
  readonly query: MapQuery;
  /** By id of a node of the map. */
  readonly troubles: ReadonlyMap<string, NodeTrouble>;
  /** The least width of the view: a narrower drawing is centred in it, so that its letters do not grow with the page. */
  readonly leastWidth: number;
  readonly pieces: Pieces;
}

/** A column with its addresses, without its cells. */
export interface DrawnColumn {
  readonly group: string;
  readonly box: Column['box'];
  readonly name: string;
  readonly count: string;
  readonly isFolded: boolean;
  readonly state: string;
  readonly about: string;
  readonly href: string | null;
  readonly toggle: { readonly words: string; readonly sign: string; readonly href: string };
  readonly hide: { readonly words: string; readonly href: string };
}

/** The drawing for the template. Columns and edges with their addresses are made when they are rendered. */
export function drawnMap(drawing: Drawing, { path, query, troubles, leastWidth, pieces }: DrawnGround) {
  const { width, height, columns, arcs, lines, lost, undrawn } = drawing;
  const href = (change: Partial<MapQuery>): string => `${path}${mapQueryText(query, change)}`;
  const { hrefOfNode, hrefOfEdge } = selectionHrefs(path, query);
  const classOf = (id: string): string => {
    const own = troubles.get(id)?.severity ?? '';
    const severity = lost.has(id) && own !== 'critical' ? 'lost' : own;
    return isSelected(query, id) ? `${severity} selected` : severity;
  };
  const aboutOf = (node: MapNode): string => {
    const trouble = troubles.get(node.id)?.text;
    return [titleOf(node), ...(trouble === undefined ? [] : [trouble])].join(': ');
  };
  const drawnColumn = ({ group, folded, box, count: own }: Column): DrawnColumn => {
    const name = nameOfNode({ id: group });
    const dc = folded === null || folded.dc === null || folded.kind === 'dc' ? '' : `, ${folded.dc}`;
    const isAll = folded === null && query.expand.includes(name);
    return {
      ...{ group, box, name: fitted(name, 17), count: fitted(`${countOf(own, 'node')}${dc}`, 27) },
      isFolded: folded !== null,
      state: folded === null ? '' : classOf(folded.id),
      about: folded === null ? `${name}: ${countOf(own, 'node')}` : aboutOf(folded),
      href: folded === null ? null : hrefOfNode(folded.id),
      toggle: isAll
        ? { words: `fold ${name}`, sign: '−', href: href({ expand: without(query.expand, name), selected: null }) }
        : { words: `expand ${name}`, sign: '+', href: href({ expand: [...query.expand, name], selected: null }) },
      hide: { words: `hide ${name}`, href: href({ exclude: [...query.exclude, name], selected: null }) },
    };
  };
  const drawnCell = ({ node, box, name }: Cell) => {
    return { box, name, state: classOf(node.id), about: aboutOf(node), href: hrefOfNode(node.id) };
  };
  const drawnEdge = (edge: MapEdge) => ({
    state: stateOf(edge, isSelectedEdge(query, edge)),
    about: `${nameOfNode({ id: edge.from })} to ${nameOfNode({ id: edge.to })}: ${edgeText(edge)}`,
    href: hrefOfEdge(edge),
  });
  const drawnArcs = arcs.map(({ edge, path: curve, label }) => ({
    ...{ curve, label, words: label === null ? '' : label.words },
    ...drawnEdge(edge),
  }));
  return {
    view: { x: Math.min(0, (width - leastWidth) / 2), width: Math.max(width, leastWidth) },
    height,
    undrawn,
    columns: pieces.columns(columns, drawnColumn, drawnCell),
    arcs: drawnArcs,
    lines: lines.map(({ edge, start, end }) => ({ start, end, ...drawnEdge(edge) })),
  };
}

/** "web: 12 nodes", "host web01, tx". */
export function titleOf(node: MapNode): string {
  if (isFolded(node)) return `${nameOfNode(node)}: ${countOf(node.members.length, 'node')}`;
  return node.dc === null ? nameOfNode(node) : `${nameOfNode(node)}, ${node.dc}`;
}

function isSelected({ selected }: MapQuery, id: string): boolean {
  return selected !== null && 'node' in selected && selected.node === id;
}

function isSelectedEdge({ selected }: MapQuery, { from, to }: { readonly from: string; readonly to: string }): boolean {
  return selected !== null && 'from' in selected && selected.from === from && selected.to === to;
}

function stateOf({ lost, stale }: { readonly lost: number; readonly stale: number }, isChosen: boolean): string {
  const state = lost > 0 ? 'lost' : stale > 0 ? 'stale' : 'well';
  return isChosen ? `${state} selected` : state;
}

function without(all: readonly string[], name: string): readonly string[] {
  return all.filter((own) => own !== name);
}
