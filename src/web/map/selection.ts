// Details of a node or an edge that is selected on the map: what it is, its findings, its connections and links, and where their graphs are.

import type { FoldedMap } from '../../map/choose/fold.js';
import { edgeText } from '../../map/format/edge-text.js';
import type { FleetGraph } from '../../map/graph/fleet-graph.js';
import type { Finding } from '../../model/finding/finding.js';
import { type FleetMap, isFolded, type MapEdge, nameOfNode } from '../../model/map/fleet-map.js';
import type { Catalogue } from '../data/catalogue.js';
import { agentHref, linkHref } from '../links/link-rows.js';
import { archivePath } from '../pages/figure.js';
import { titleOf } from './drawn/drawn-map.js';
import { serverArchives, serviceOfNode } from './node-archives.js';
import type { MapMoment } from './served-map.js';
import type { Troubles } from './trouble.js';

/** Rows that details show. */
const mostRows = 200;

/** A name with the address of its page; null if it has none. */
interface Named {
  readonly text: string;
  readonly href: string | null;
}

/** An edge between two nodes, as a row. */
interface EdgeRow {
  readonly from: Named;
  readonly to: Named;
  readonly words: string;
  readonly state: 'lost' | 'stale' | '';
}

/** A link between two hosts, as a row. */
interface LinkRow {
  readonly agent: Named;
  readonly to: Named;
  readonly state: 'lost' | 'stale' | 'answers';
}

/** The details. */
export interface Selection {
  readonly title: string;
  /** The role, the place and the addresses of a node. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** Pages with its graphs. */
  readonly graphs: readonly Named[];
  readonly findings: readonly Finding[];
  readonly edges: readonly EdgeRow[];
  readonly edgeCount: number;
  readonly links: readonly LinkRow[];
  readonly linkCount: number;
}

/** The ground of details. */
export interface SelectionGround {
  readonly moment: MapMoment;
  readonly folded: FoldedMap;
  readonly troubles: Troubles;
  readonly catalogue: Catalogue;
  readonly basePath: string;
  /** The address of the page with a node selected. */
  readonly hrefOf: (node: string) => string;
}

/** The details of what is selected; null if it is not on the map. */
export function selectionOf(
  selected: { readonly node: string } | { readonly from: string; readonly to: string },
  ground: SelectionGround,
): Selection | null {
  const { map, placeOf } = ground.folded;
  const placeOfId = (id: string): readonly number[] =>
    map.nodes.flatMap((node, place) => (node.id === id || node.group === id ? [place] : []));
  if ('node' in selected) {
    const [place] = placeOfId(selected.node);
    const node = map.nodes[place ?? -1];
    if (place === undefined || node === undefined || node.id !== selected.node) return null;
    const isOwn = (i: number): boolean => placeOf[i] === place;
    const edges = edgesWhere(ground, (from, to) => isOwn(from) || isOwn(to));
    return {
      title: titleOf(node),
      ...nodeFacts(ground, place),
      ...rowsOf(ground, edges),
      findings: findingsOf(ground, isOwn),
    };
  }
  const [from, to] = [new Set(placeOfId(selected.from)), new Set(placeOfId(selected.to))];
  const sum = sumOf(map, from, to);
  if (sum === null) return null;
  const isFrom = (i: number): boolean => from.has(placeOf[i] ?? -1);
  const isTo = (i: number): boolean => to.has(placeOf[i] ?? -1);
  const edges = edgesWhere(ground, (start, end) => isFrom(start) && isTo(end));
  return {
    title: `${nameOfNode({ id: selected.from })} to ${nameOfNode({ id: selected.to })}: ${edgeText(sum)}`,
    facts: [],
    graphs: [],
    findings: findingsOf(ground, (i) => isFrom(i) || isTo(i)),
    ...rowsOf(ground, edges),
  };
}

/** Everything between some places of the map; null if nothing is. */
function sumOf({ nodes, edges }: FleetMap, from: ReadonlySet<number>, to: ReadonlySet<number>): MapEdge | null {
  const idsOf = (places: ReadonlySet<number>): ReadonlySet<string> =>
    new Set([...places].flatMap((place) => nodes.slice(place, place + 1).map(({ id }) => id)));
  const [starts, ends] = [idsOf(from), idsOf(to)];
  const between = edges.filter((edge) => starts.has(edge.from) && ends.has(edge.to));
  const [first] = between;
  if (first === undefined) return null;
  const total = (key: 'connections' | 'links' | 'lost' | 'stale'): number =>
    between.reduce((sum, edge) => sum + edge[key], 0);
  return {
    ...first,
    connections: total('connections'),
    links: total('links'),
    lost: total('lost'),
    stale: total('stale'),
  };
}

/** Edges of the graph, those with lost links first, then those with the most connections. */
function edgesWhere(
  { moment: { graph }, folded: { edges } }: SelectionGround,
  isWanted: (from: number, to: number) => boolean,
): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < graph.from.length; i += 1) {
    if (edges[i] === 1 && isWanted(graph.from[i] ?? 0, graph.to[i] ?? 0)) found.push(i);
  }
  const rank = (i: number): number => {
    const connections = graph.connections[i] ?? Number.NaN;
    return Number.isNaN(connections) ? -1 : connections;
  };
  return found.sort(
    (a, b) =>
      (graph.lost[b] ?? 0) - (graph.lost[a] ?? 0) ||
      (graph.stale[b] ?? 0) - (graph.stale[a] ?? 0) ||
      rank(b) - rank(a) ||
      a - b,
  );
}

function rowsOf(
  ground: SelectionGround,
  edges: readonly number[],
): Pick<Selection, 'edges' | 'edgeCount' | 'links' | 'linkCount'> {
  const links = linksOf(ground, new Set(edges));
  return {
    edges: edges.slice(0, mostRows).map((i) => edgeRow(ground, i)),
    edgeCount: edges.length,
    links: links.slice(0, mostRows),
    linkCount: links.length,
  };
}

function edgeRow({ moment: { graph }, hrefOf }: SelectionGround, i: number): EdgeRow {
  const named = (node: number): Named => {
    const { id = '' } = graph.nodes[node] ?? {};
    return { text: nameOfNode({ id }), href: hrefOf(id) };
  };
  const sums = edgeSums(graph, i);
  return {
    from: named(graph.from[i] ?? 0),
    to: named(graph.to[i] ?? 0),
    words: edgeText(sums),
    state: sums.lost > 0 ? 'lost' : sums.stale > 0 ? 'stale' : '',
  };
}

function edgeSums({ connections, links, lost, stale }: FleetGraph, i: number): Omit<MapEdge, 'from' | 'to'> {
  return {
    connections: connections[i] ?? Number.NaN,
    links: links[i] ?? 0,
    lost: lost[i] ?? 0,
    stale: stale[i] ?? 0,
  };
}

/** The links of some edges with their pages, lost ones first. */
function linksOf(
  { moment: { graph, agents }, catalogue, basePath }: SelectionGround,
  edges: ReadonlySet<number>,
): readonly LinkRow[] {
  const rows: LinkRow[] = [];
  let number = 0;
  for (const { name, links } of agents) {
    for (const { to, isLost, isStale } of links) {
      const edge = graph.linkEdges[number] ?? -1;
      number += 1;
      if (!edges.has(edge)) continue;
      rows.push({
        agent: { text: name, href: agentHref(catalogue, basePath, name) },
        to: { text: to, href: linkHref(catalogue, basePath, { agent: name, to }) },
        state: isLost ? 'lost' : isStale ? 'stale' : 'answers',
      });
    }
  }
  const order: readonly LinkRow['state'][] = ['lost', 'stale', 'answers'];
  return rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function findingsOf({ troubles }: SelectionGround, isOwn: (node: number) => boolean): readonly Finding[] {
  const found = new Set<Finding>();
  for (const [node, own] of troubles) if (isOwn(node)) for (const finding of own) found.add(finding);
  return [...found];
}

function nodeFacts(
  { moment: { graph }, folded: { map, placeOf }, catalogue, basePath }: SelectionGround,
  place: number,
): Pick<Selection, 'facts' | 'graphs'> {
  const node = map.nodes[place];
  if (node === undefined || isFolded(node)) return { facts: [], graphs: [] };
  const own = graph.nodes[placeOf.indexOf(place)];
  const facts: readonly (readonly [string, string | null])[] = [
    ['kind', kindWords[own?.kind ?? 'host']],
    ['role', node.role],
    ['data centre', node.dc],
    ['rack', own?.rack ?? null],
    [memberWords[own?.kind ?? 'host'], node.members.join(', ')],
    ['known', own?.isKnown === false ? 'no: it is in no configuration' : null],
  ];
  const archives = own === undefined ? [] : [...serviceOfNode(own, catalogue), ...serverArchives(own, catalogue)];
  const agent = agentHref(catalogue, basePath, nameOfNode(node));
  return {
    facts: facts.flatMap(([name, text]) => (text === null || text === '' ? [] : [[name, text] as const])),
    graphs: [
      ...archives.map(({ text, name }) => ({ text, href: `${basePath}/${archivePath(name)}` })),
      ...(agent === null ? [] : [{ text: 'its agent', href: agent }]),
    ],
  };
}

const kindWords = {
  host: 'host',
  'virtual-service': 'virtual service',
  clients: 'clients',
  dns: 'name with changing addresses',
  'one-of': 'one of several services',
} as const;

const memberWords = {
  host: 'addresses',
  'virtual-service': 'members',
  clients: 'networks',
  dns: 'addresses',
  'one-of': 'services',
} as const;
