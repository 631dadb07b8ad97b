// The pages of many services: the list, pairs of related graphs, tiles of one graph. The view determines selection, order and
// number.

import { countOf } from '../../model/text/count-of.js';
import { type GraphType, graphTypes, listedTypes } from '../../render/define/graph-request.js';
import { graphTypesOf } from '../../render/files/content/graph-types.js';
import { graphKinds } from '../../render/series/quantity.js';
import type { AppParts } from '../app-parts.js';
import { type Catalogue, isOfTable, isProbe, isProxy, type ServiceEntry } from '../data/catalogue.js';
import type { Page, Visit } from '../frame/page-frame.js';
import { findingStates, type StateWords } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import type { Site } from '../site.js';
import { sorts, tops, viewQuery } from '../view.js';
import { choose } from './choose.js';
import { figureGroups, figureOf } from './figure.js';
import { idleRows } from './idle-servers.js';
import { probeRows } from './probe-table.js';
import { proxyRows } from './proxy-table.js';
import { serviceRows } from './service-table.js';

/** The list of services, of proxies, of real servers of weight 0, and of probes. */
export async function servicesPage(parts: AppParts, visit: Visit): Promise<Page> {
  const { looks } = parts.site;
  const { services, matching } = chosen(visit);
  const { ground } = visit;
  const { timeZone } = looks();
  const states = findingStates(siteVerdict(parts.site), timeZone);
  return {
    template: 'services',
    path: 'services',
    title: 'Services',
    content: {
      ...orderContent(visit, 'services', matching),
      idle: await idleRows(parts, visit),
      rows: serviceRows(services.filter(isOfTable), { ground, timeZone, states }),
      proxies: proxyRows(services.filter(isProxy), { ground, timeZone }),
      probes: probeRows(services.filter(isProbe), ground, { timeZone, stateOf: (name) => stateText(states.get(name)) }),
      csv: `${ground.basePath}/api/services.csv${viewQuery(visit.view)}`,
    },
  };
}

/** The pairs of related graphs, named in the address by either of the two. */
const pairs: readonly (readonly [GraphType, GraphType, string])[] = [
  ['cps', 'traffic', 'connections + traffic'],
  ['active', 'inactive', 'active + inactive'],
  ['pps', 'packetsize', 'packets + packet size'],
  ['bitperconn', 'pktperconn', 'bits + packets per connection'],
  ['sps', 'sessions', 'new + current sessions'],
  ['responses', 'errors', 'responses + errors'],
];

/** The graph types that services of a catalogue have, in display order. */
function typesThere({ services }: Catalogue): readonly GraphType[] {
  const there = new Set(services.flatMap(({ info }) => graphTypesOf(info)));
  return listedTypes.filter(
    (type) => there.has(type) || (services.length === 0 && graphTypes.some((one) => one === type)),
  );
}

/** Does a service have all of some graphs? */
function hasAll({ info }: ServiceEntry, types: readonly GraphType[]): boolean {
  const own = graphTypesOf(info);
  return types.every((type) => own.includes(type));
}

/** Two related graphs side by side, of every service that has both. */
export function pairsPage(site: Site, visit: Visit): Page {
  const { view, ground } = visit;
  const there = pairs.filter(([a, b]) => visit.catalogue.services.some((one) => hasAll(one, [a, b])));
  const known = there.length > 0 ? there : pairs.slice(0, 4);
  const pair = known.find(([a, b]) => view.graphType === a || view.graphType === b) ?? known[0];
  const types = (pair?.slice(0, 2) ?? []) as readonly GraphType[];
  const { services, matching } = chosen(visit, types);
  return {
    template: 'pairs',
    path: 'pairs',
    title: `Pairs: ${pair?.[2] ?? ''}`,
    content: {
      ...orderContent(visit, 'pairs', matching),
      kinds: known.map(([type, , label]) => ({
        label,
        href: `${site.basePath}/pairs${viewQuery(view, { graphType: type })}`,
        isCurrent: type === pair?.[0],
      })),
      groups: figureGroups(
        services.flatMap((service) => types.map((type) => ({ service, type }))),
        ({ service, type }) => figureOf(service, { type, size: 'card' }, ground),
      ),
    },
  };
}

/** One graph of every service that has it. */
export function tilesPage(site: Site, visit: Visit): Page {
  const { view, ground } = visit;
  const { services, matching } = chosen(visit, [view.graphType]);
  return {
    template: 'tiles',
    path: 'tiles',
    title: `Tiles: ${graphKinds[view.graphType].title.toLowerCase()}`,
    content: {
      ...orderContent(visit, 'tiles', matching),
      kinds: typesThere(visit.catalogue).map((type) => ({
        label: graphKinds[type].title,
        href: `${site.basePath}/tiles${viewQuery(view, { graphType: type })}`,
        isCurrent: type === view.graphType,
      })),
      groups: figureGroups(services, (service) => figureOf(service, { type: view.graphType, size: 'tile' }, ground)),
    },
  };
}

/** The services that the view shows, among those that have all of some graphs. */
function chosen(
  { view, catalogue, ground }: Visit,
  types: readonly GraphType[] = [],
): { services: readonly ServiceEntry[]; matching: number } {
  return choose(
    catalogue.services.filter((one) => hasAll(one, types)),
    ground.board,
    view,
  );
}

/** "17 services, 1 gone" (the stacks' total has no gone ones either), "3 of 18 services", "14 services, 6 proxies". */
export function countText({ services: all }: Pick<Catalogue, 'services'>, matching = all.length): string {
  const proxies = all.filter(isProxy).length;
  const probes = all.filter(isProbe).length;
  if (matching < all.length) {
    const others = [...(proxies > 0 ? ['proxies'] : []), ...(probes > 0 ? ['probes'] : [])];
    return [`${matching} of ${countOf(all.length, 'service')}`, ...others].join(' and ');
  }
  const gone = all.filter((one) => isOfTable(one) && one.info.goneS !== null).length;
  return [
    countOf(all.length - proxies - probes - gone, 'service'),
    ...(gone > 0 ? [`${gone} gone`] : []),
    ...(proxies > 0 ? [countOf(proxies, 'proxy', 'proxies')] : []),
    ...(probes > 0 ? [countOf(probes, 'probe')] : []),
  ].join(', ');
}

/** The content of the line for order and number, and the words for an empty list. */
function orderContent(
  { view, catalogue, ground: { basePath } }: Visit,
  path: string,
  matching: number,
): Readonly<Record<string, unknown>> {
  const names = { busiest: 'busiest (24 h)', name: 'name', growing: 'largest growth (7 days)' } as const;
  return {
    path,
    allHref: `${basePath}/${path}${viewQuery(view, { search: '' })}`,
    counted: countText(catalogue, matching),
    count: catalogue.services.length,
    sorts: sorts.map((sort) => ({ value: sort, label: names[sort], isCurrent: sort === view.sort })),
    tops: tops.map((top) => ({ value: top, label: top === 'all' ? 'all' : `top ${top}`, isCurrent: top === view.top })),
    orderKept: [...new URLSearchParams(viewQuery(view, { sort: 'busiest', top: '20' }))],
  };
}

function stateText(words: StateWords | undefined): string {
  const { state = '', silenced = '' } = words ?? {};
  return silenced === '' ? state : `${state} (silenced ${silenced})`;
}
