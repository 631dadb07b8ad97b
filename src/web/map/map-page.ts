// The page of the map: who talks to whom, what is troubled, and the answers to an operator's questions. Everything that is shown is in the
// address, and every control is a link or a form, so that the page works without scripts; with them it does not load anew.

import { setImmediate } from 'node:timers/promises';
import { groupsOf } from '../../map/choose/group.js';
import { lossHeadline, lossLines, lossRows } from '../../map/format/loss-text.js';
import { usesLines } from '../../map/format/uses-text.js';
import { type Finding, worstFirst } from '../../model/finding/finding.js';
import { findingText, subjectText } from '../../model/finding/finding-text.js';
import { type FleetMap, isFolded, mapAxes } from '../../model/map/fleet-map.js';
import { countOf } from '../../model/text/count-of.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { findingRows } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import type { Query } from '../query.js';
import type { Site } from '../site.js';
import { drawnMap, type NodeTrouble } from './drawn/drawn-map.js';
import { piecesOf } from './drawn/pieces.js';
import { foldingOf, formsOf } from './forms.js';
import { hoursOf } from './hours.js';
import { knownNames } from './known-names.js';
import { type MapQuery, mapQueryText, parseMapQuery, selectionHrefs } from './map-query.js';
import { drawnView, type MapView, mapsOf, mapView, momentOf } from './map-view.js';
import { refuseHuge, singlesOf } from './page-size.js';
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
  const { query, missing, unasked } = knownNames(parsed, moment);
  const troubles = troublesOf(moment.graph, findingsOf(site, moment, query));
  const view = await mapView(site, { query, moment }, singlesOf(query, { moment, troubles }));
  const { folded, without } = view;
  const path = `${site.basePath}/map`;
  const href = (change: Partial<MapQuery>): string => `${path}${mapQueryText(query, change)}`;
  const { between, uses, expand, exclude } = parsed;
  // What this hour lacks may be in another.
  const hrefAt = (change: Partial<MapQuery>): string => href({ between, uses, expand, exclude, ...change });
  const { timeZone } = site.looks();
  const onMap = [...new Set([...troubles].flatMap(([node, own]) => (folded.placeOf[node] === -1 ? [] : own)))];
  // Others get a turn between the longest computations, and between the pieces of the page.
  await setImmediate();
  const wide = drawnView(view, query, wideColumns);
  await setImmediate();
  const narrow = drawnView(view, query, narrowColumns);
  await setImmediate();
  const areFindingsUnknown = query.atS !== null && moment.findings === null;
  const groupOf = groupNames(view, query.by);
  // A node of a folded group is not on the map: its group is expanded, too.
  const hrefsOf = new Map<string | undefined, ReturnType<typeof selectionHrefs>>();
  const hrefOf = (node: string): string => {
    const group = groupOf.get(node);
    const known = hrefsOf.get(group);
    if (known !== undefined) return known.hrefOfNode(node);
    const all = group === undefined ? query.expand : [...new Set([...query.expand, group])];
    const made = selectionHrefs(path, query, { expand: all });
    hrefsOf.set(group, made);
    return made.hrefOfNode(node);
  };
  const selection =
    query.selected === null
      ? null
      : selectionOf(query.selected, { moment, folded, troubles, catalogue, basePath: site.basePath, hrefOf });
  const table = tableOf(folded.map, selectionHrefs(path, query));
  refuseHuge({ drawings: [wide, narrow], table, selection }, query);
  await setImmediate();
  const pieces = piecesOf(mapQueryText(query).length);
  const ground = { path, query, troubles: troublesOnMap(view, troubles), pieces };
  const drawings = [
    { name: 'wide', ...drawnMap(wide, { ...ground, leastWidth: 772 }) },
    { name: 'narrow', ...drawnMap(narrow, { ...ground, leastWidth: 0 }) },
  ];
  const rows = (findings: readonly Finding[]) =>
    findingRows(findings, { catalogue, basePath: site.basePath, timeZone });
  return {
    template: 'map',
    path: 'map',
    title: 'Map',
    query: Object.fromEntries(new URLSearchParams(mapQueryText(query))),
    content: {
      headline: headlineOf(folded.map),
      grade: gradeOf(folded.map, onMap, areFindingsUnknown),
      when: query.atS === null ? '' : formatLocal(timeZone, moment.timeS).slice(0, 16),
      nowHref: hrefAt({ atS: null }),
      plainHref: path,
      isPlain: mapQueryText(query) === '',
      findings: rows(worstFirst(onMap)),
      drawings,
      undrawn: wide.undrawn,
      pieces,
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
      hours: hoursOf(mapsOf(site).kept(), { href: hrefAt, atS: query.atS, timeZone }),
      selection:
        selection === null
          ? null
          : { ...selection, findings: rows(selection.findings), closeHref: href({ selected: null }) },
      isSelectionGone: query.selected !== null && selection === null,
      without: withoutText(without),
      usesLines: view.uses === null ? [] : usesLines(view.uses),
      table,
      leftOut: moment.leftOut,
      missing: missing.join(', '),
      unasked: unasked.join(', '),
      areFindingsUnknown,
      singles: folded.singles,
      files: ['svg', 'dot', 'cypher'].map((format) => {
        return { label: format, href: `${path}.${format}${mapQueryText(query, { selected: null, order: [] })}` };
      }),
      jsonHref: `${site.basePath}/api/map${mapQueryText(query, { selected: null, order: [] })}`,
    },
  };
}

/** The findings of a moment. */
function findingsOf(site: Site, { findings }: MapMoment, { atS }: MapQuery): readonly Finding[] {
  return atS === null ? siteVerdict(site).findings : (findings ?? []);
}

/** The names of the groups of nodes, by their ids. */
function groupNames({ moment: { graph } }: MapView, by: MapQuery['by']): ReadonlyMap<string, string> {
  const { groups, groupOf } = groupsOf(graph, by);
  return new Map(graph.nodes.map(({ id }, i) => [id, groups[groupOf[i] ?? 0]?.name ?? '']));
}

/** The worst of the findings on the map; a lost link of which no finding tells is a warning. Nothing is well whose findings are unknown. */
function gradeOf({ edges }: FleetMap, findings: readonly Finding[], areUnknown: boolean): string {
  const [worst] = worstFirst(findings);
  if (worst !== undefined && worst.severity !== 'notice') return worst.severity;
  if (edges.some(({ lost }) => lost > 0)) return 'warning';
  return areUnknown ? 'unknown' : 'ok';
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

function withoutText(without: MapView['without']) {
  if (without === null) return null;
  return { headline: lossHeadline(without), lines: lossLines(without), rows: lossRows(without) };
}
