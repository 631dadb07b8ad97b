// The page of the map: who talks to whom, what is troubled, and the answers to an operator's questions. Everything that is shown is in the
// address, and every control is a link or a form, so that the page works without scripts; with them it does not load anew.

import { groupsOf } from '../../map/choose/group.js';
import { type Finding, worstFirst } from '../../model/finding/finding.js';
import { archiveText, findingText, subjectText } from '../../model/finding/finding-text.js';
import { type FleetMap, isFolded, mapAxes, nameOfNode } from '../../model/map/fleet-map.js';
import { lossTitles } from '../../model/redundancy/survival-text.js';
import { countOf } from '../../model/text/count-of.js';
import { parseNetwork } from '../../model/topology/network.js';
import { formatLocal } from '../../render/look/local-time.js';
import { findingRows } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import type { Page, Visit } from '../pages/page-frame.js';
import type { Query } from '../query.js';
import { RequestError } from '../request-error.js';
import type { Site } from '../site.js';
import { drawnMap, type NodeTrouble } from './drawn-map.js';
import { hoursOf } from './hours.js';
import { type MapQuery, mapQueryText, mostNames, parseMapQuery } from './map-query.js';
import { drawnView, type MapView, mapsOf, mapView, momentOf } from './map-view.js';
import { selectionOf } from './selection.js';
import type { MapMoment } from './served-map.js';
import { tableOf } from './table.js';
import { type Troubles, troublesOf } from './trouble.js';

/** Columns in a row on wide pages and on phones. */
const [wideColumns, narrowColumns] = [5, 2];

const axisLabels = { role: 'role', dc: 'data centre', rack: 'rack' } as const;

/** The page. Throws a `RequestError`. */
export async function mapPage(site: Site, { catalogue }: Visit, asked: Query): Promise<Page> {
  const parsed = parseMapQuery(asked);
  const moment = await momentOf(site, parsed);
  const { query, missing } = knownNames(parsed, moment);
  const view = await mapView(site, query, moment);
  refuseHuge(view, query);
  const { folded, without } = view;
  const path = `${site.basePath}/map`;
  const href = (change: Partial<MapQuery>): string => `${path}${mapQueryText(query, change)}`;
  const { timeZone } = site.looks();
  // Findings are of now, and no map of an hour before shows them.
  const troubles: Troubles = query.atS === null ? troublesOf(moment.graph, siteVerdict(site).findings) : new Map();
  const onMap = [...new Set([...troubles].flatMap(([node, own]) => (folded.placeOf[node] === -1 ? [] : own)))];
  const ground = { path, query, troubles: troublesOnMap(view, troubles) };
  const drawings = [
    { name: 'wide', ...drawnMap(drawnView(view, query, wideColumns), ground) },
    { name: 'narrow', ...drawnMap(drawnView(view, query, narrowColumns), ground) },
  ];
  const groupOf = groupNames(view, query.by);
  // A node of a folded group is not on the map: its group is expanded, too.
  const hrefOf = (node: string): string => {
    const group = groupOf.get(node);
    const expand = group === undefined ? query.expand : [...new Set([...query.expand, group])];
    return href({ selected: { node }, expand });
  };
  const selection =
    query.selected === null
      ? null
      : selectionOf(query.selected, { moment, folded, troubles, catalogue, basePath: site.basePath, hrefOf });
  const rows = (findings: readonly Finding[]) =>
    findingRows(findings, { catalogue, basePath: site.basePath, timeZone });
  return {
    template: 'map',
    path: 'map',
    title: 'Map',
    query: Object.fromEntries(new URLSearchParams(mapQueryText(query))),
    content: {
      headline: headlineOf(folded.map),
      grade: gradeOf(folded.map, onMap),
      when: query.atS === null ? '' : formatLocal(timeZone, moment.timeS).slice(0, 16),
      nowHref: href({ atS: null }),
      plainHref: path,
      isPlain: mapQueryText(query) === '',
      findings: rows(worstFirst(onMap)),
      drawings,
      undrawn: drawings[0]?.undrawn ?? { arcs: 0, lines: 0 },
      problem: moment.problem,
      isEmpty: folded.map.nodes.length === 0,
      hasGraph: moment.graph.nodes.length > 0,
      axes: mapAxes.map((by) => ({
        label: axisLabels[by],
        href: href({ by, between: null, exclude: [], expand: [], order: [], selected: null }),
        isCurrent: by === query.by,
      })),
      hidden: query.exclude.map((name) => ({
        name,
        href: href({ exclude: query.exclude.filter((own) => own !== name) }),
      })),
      folding: foldingOf(folded.map, href),
      ...formsOf(query, view),
      hours: hoursOf(mapsOf(site).kept(), { href, atS: query.atS, timeZone }),
      selection:
        selection === null
          ? null
          : { ...selection, findings: rows(selection.findings), closeHref: href({ selected: null }) },
      isSelectionGone: query.selected !== null && selection === null,
      without: withoutText(without),
      table: tableOf(folded.map, href),
      leftOut: moment.leftOut,
      missing: missing.join(', '),
      files: ['svg', 'dot', 'cypher'].map((format) => {
        return { label: format, href: `${path}.${format}${mapQueryText(query, { selected: null, order: [] })}` };
      }),
      jsonHref: `${site.basePath}/api/map${mapQueryText(query, { selected: null, order: [] })}`,
    },
  };
}

/** The names of the groups of nodes, by their ids. */
function groupNames({ moment: { graph } }: MapView, by: MapQuery['by']): ReadonlyMap<string, string> {
  const { groups, groupOf } = groupsOf(graph, by);
  return new Map(graph.nodes.map(({ id }, i) => [id, groups[groupOf[i] ?? 0]?.name ?? '']));
}

/**
 * A choice without the groups that the map lacks, which come and go with their hosts and with the hours, so that an address that somebody keeps
 * stays good; and the names of those that should be expanded or hidden.
 */
function knownNames(
  query: MapQuery,
  { graph }: MapMoment,
): { readonly query: MapQuery; readonly missing: readonly string[] } {
  const { groups } = groupsOf(graph, query.by);
  const [ids, names] = [new Set(groups.map(({ id }) => id)), new Set(groups.map(({ name }) => name))];
  const isKnown = (name: string): boolean => names.has(name) || !('problem' in parseNetwork(name));
  const kept = {
    order: query.order.filter((id) => ids.has(id)),
    expand: query.expand.filter((name) => names.has(name)),
    exclude: query.exclude.filter(isKnown),
  };
  const missing = [
    ...query.expand.filter((name) => !names.has(name)),
    ...query.exclude.filter((name) => !isKnown(name)),
  ];
  return { query: { ...query, ...kept }, missing };
}

/** Characters of the addresses of nodes in a page; the rest of a node has about as many. */
const mostCharacters = 4_000_000;

/** Throws a `RequestError` for a page that would be huge: each node has the whole choice in its address. */
function refuseHuge({ folded: { map } }: MapView, query: MapQuery): void {
  const { length } = mapQueryText(query, { selected: null });
  if (map.nodes.length * length <= mostCharacters) return;
  throw new RequestError(
    400,
    `${countOf(map.nodes.length, 'node')} and an address of ${length} characters make too large a page: fold or hide something`,
  );
}

/** The worst of the findings on the map; a lost link of which no finding tells is a warning. */
function gradeOf({ edges }: FleetMap, findings: readonly Finding[]): string {
  const [worst] = worstFirst(findings);
  if (worst !== undefined && worst.severity !== 'notice') return worst.severity;
  return edges.some(({ lost }) => lost > 0) ? 'warning' : 'ok';
}

function headlineOf({ nodes, edges }: FleetMap): string {
  const members = nodes.reduce((sum, node) => sum + (isFolded(node) ? node.members.length : 1), 0);
  const links = edges.reduce((sum, edge) => sum + edge.links, 0);
  const lost = edges.reduce((sum, edge) => sum + edge.lost, 0);
  const groups = new Set(nodes.map(({ group }) => group)).size;
  const watched =
    links === 0 ? 'no links are watched' : `${lost === 0 ? 'none' : lost} of ${countOf(links, 'link')} lost`;
  return `${countOf(members, 'node')} in ${countOf(groups, 'group')}, ${watched}`;
}

/** The worst trouble of each node of the map. */
function troublesOnMap({ folded: { map, placeOf } }: MapView, troubles: Troubles): ReadonlyMap<string, NodeTrouble> {
  const worst = new Map<string, NodeTrouble>();
  const findings = worstFirst([...new Set([...troubles.values()].flat())]);
  const rank = new Map(findings.map((finding, i) => [finding, i]));
  const best = new Map<string, number>();
  for (const [node, [finding]] of troubles) {
    const id = map.nodes[placeOf[node] ?? -1]?.id;
    const own = finding === undefined ? undefined : rank.get(finding);
    if (id === undefined || finding === undefined || own === undefined || own >= (best.get(id) ?? Infinity)) continue;
    best.set(id, own);
    worst.set(id, { severity: finding.severity, text: `${subjectText(finding)} ${findingText(finding)}` });
  }
  return worst;
}

function foldingOf(map: FleetMap, href: (change: Partial<MapQuery>) => string) {
  const groups = [...new Set(map.nodes.map(({ group }) => nameOfNode({ id: group })))];
  const all = groups.length > mostNames ? null : href({ expand: groups, selected: null });
  return { all, none: href({ expand: [], selected: null }) };
}

/** The values of the page's forms. */
function formsOf(query: MapQuery, { moment: { graph } }: MapView) {
  const fieldsBut = (change: Partial<MapQuery>): readonly (readonly [string, string])[] => [
    ...new URLSearchParams(mapQueryText(query, { selected: null, ...change })),
  ];
  return {
    search: query.search ?? '',
    searchFields: fieldsBut({ search: null }),
    between: query.between?.join(',') ?? '',
    betweenFields: fieldsBut({ between: null }),
    groups: groupsOf(graph, query.by).groups.map(({ name }) => name),
    uses: query.uses ?? '',
    lostPlace: query.without ?? '',
    isUnknown: query.isUnknown,
    usesFields: fieldsBut({ uses: null, without: null, isUnknown: false }),
    withoutFields: fieldsBut({ uses: null, without: null, isUnknown: false, atS: null }),
    services: graph.nodes.flatMap(({ kind, id }) => (kind === 'virtual-service' ? [nameOfNode({ id })] : [])),
    unknownHref: mapQueryText(query, { uses: null, without: null, isUnknown: true, selected: null }),
  };
}

function withoutText(without: MapView['without']) {
  if (without === null) return null;
  const { place, losses } = without;
  const name = `${lossTitles[place.level]} ${place.name}`;
  return {
    headline:
      losses.length === 0
        ? `Without ${name} no service loses anything: it has no usable real server.`
        : `Without ${name}, ${countOf(losses.length, 'service loses', 'services lose')} real servers`,
    rows: losses.map(({ service, lost, of, loss }) => ({
      service: archiveText(service),
      loses: `${lost} of ${of}`,
      left: loss.outcome === 'unknown' ? '?' : String(loss.left),
    })),
  };
}
