// The pages: all services stacked, the list of services, one service, pairs, tiles, events, the description of the interface.

import { setImmediate } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import type { ArchiveInfo } from '../model/archive.js';
import { eventKinds } from '../model/ledger-event.js';
import { isOfDirector, pathOfName, serviceOf } from '../model/name.js';
import { type GraphType, graphTypes, listedTypes, shareTypes, stackTypes } from '../render/graph-request.js';
import { graphTypesOf } from '../render/picture-set.js';
import { graphKinds } from '../render/quantity.js';
import type { AppParts } from './app.js';
import { type Catalogue, isProxy, type ServiceEntry } from './catalogue.js';
import { choose } from './choose.js';
import { directorPage, directorPath, partPage } from './director-page.js';
import { eventsPage } from './events-page.js';
import { type FigureGround, figureGroups, figureOf, theDirector } from './figure.js';
import { idleRows } from './idle-servers.js';
import { knownArchive } from './known-archive.js';
import { searchOf } from './live.js';
import { type Link, type Page, type Shown, sendPage } from './page-frame.js';
import { proxyRows } from './proxy-table.js';
import { parseQuery } from './query.js';
import { serviceContent } from './service-page.js';
import { serviceRows } from './service-table.js';
import type { Site } from './site.js';
import { rowsOfStretch } from './stretches.js';
import { parseView, sorts, tops, type View, viewQuery } from './view.js';

/** What a page is made from: the view that its address holds, and who there is. */
export interface Visit {
  readonly view: View;
  readonly catalogue: Catalogue;
  readonly ground: FigureGround;
}

/** Routes of the pages. */
export function pageRoutes(parts: AppParts): Router {
  const router = Router();
  const page = (path: string | string[], make: (visit: Visit, request: Request) => Page | Promise<Page>): void => {
    router.get(path, async (request, response) => {
      const visit = await visitOf(parts, request);
      // Others get their turn between large pages, and who has gone gets none.
      await setImmediate();
      if (request.socket.destroyed) return;
      sendPage(parts.site, parts.assets, response, { page: await make(visit, request), ...shownOf(visit) });
    });
  };
  page('/', allPage);
  page('/services', (visit) => servicesPage(parts, visit));
  page('/pairs', (visit) => pairsPage(parts.site, visit));
  page('/tiles', (visit) => tilesPage(parts.site, visit));
  page('/director', (visit) => directorPage(parts, visit));
  page('/director/:part', (visit, request) => partPage(parts, visit, String(request.params['part'])));
  page('/events', (visit, request) => eventsPage(parts.site, visit, parseQuery(searchOf(request))));
  page('/api', apiPage);
  router.get('/service/*name', async (request, response) => {
    const text = (request.params as unknown as { name: readonly string[] }).name.join('/');
    const visit = await visitOf(parts, request);
    const archive = knownArchive(visit.catalogue, text);
    if (archive.name !== text || isOfDirector(archive.name)) {
      const path = isOfDirector(archive.name) ? directorPath(archive.name) : `service/${pathOfName(archive.name)}`;
      response.redirect(302, `${parts.site.basePath}/${path}${viewQuery(visit.view)}`);
      return;
    }
    const page = await servicePage(parts, visit, archive);
    sendPage(parts.site, parts.assets, response, { page, ...shownOf(visit) });
  });
  return router;
}

function shownOf({ view, catalogue: { lastS } }: Visit): Pick<Shown, 'view' | 'lastS'> {
  return { view, lastS };
}

async function visitOf({ site, catalogue: readCatalogue, boards }: AppParts, request: Request): Promise<Visit> {
  const catalogue = await readCatalogue();
  const view = parseView(searchOf(request), catalogue.lastS > 0 ? catalogue.lastS : site.nowS());
  const { timeZone } = site.looks();
  const isEmpty = catalogue.lastS === 0;
  const { lastS } = catalogue;
  const stretch = isEmpty ? ({ kind: 'period', period: 'day' } as const) : view.stretch;
  const { span } = await rowsOfStretch(
    site.source,
    { archive: { goneS: null }, stretch },
    { lastS, timeZone, widthPx: 700 },
  );
  return { view, catalogue, ground: { basePath: site.basePath, view, span, board: await boards(catalogue) } };
}

/** Stacks in their unit, or as parts of a hundred. */
function modesOf({ view, ground: { basePath } }: Visit, path: string): readonly Link[] {
  return [
    { label: 'absolute', href: `${basePath}/${path}${viewQuery(view, { isShare: false })}`, isCurrent: !view.isShare },
    { label: 'as 100 %', href: `${basePath}/${path}${viewQuery(view, { isShare: true })}`, isCurrent: view.isShare },
  ];
}

function allPage(visit: Visit): Page {
  const { catalogue, ground } = visit;
  const proxies = catalogue.services.filter(isProxy).length;
  const figures = stackTypes.map((type) => figureOf(theDirector, { type, size: 'card' }, ground));
  return {
    template: 'all',
    path: '',
    title: 'All services',
    content: {
      groups: catalogue.services.length === proxies ? [] : [figures],
      modes: modesOf(visit, ''),
      count: catalogue.services.length - proxies,
      proxies,
      proxiesHref: `${ground.basePath}/services${viewQuery(visit.view, { search: 'haproxy' })}`,
    },
  };
}

async function servicesPage(parts: AppParts, visit: Visit): Promise<Page> {
  const { looks } = parts.site;
  const { services, matching } = chosen(visit);
  const { catalogue, ground } = visit;
  return {
    template: 'services',
    path: 'services',
    title: 'Services',
    content: {
      ...orderContent(visit, 'services', matching),
      idle: await idleRows(parts, visit),
      rows: serviceRows(
        services.filter((one) => !isProxy(one)),
        { ground, timeZone: looks().timeZone, nowS: catalogue.lastS },
      ),
      proxies: proxyRows(services.filter(isProxy), { ground, timeZone: looks().timeZone }),
      csv: `${ground.basePath}/api/services.csv${viewQuery(visit.view)}`,
    },
  };
}

/** The pairs of related graphs, as the address names them: by the first of the two, or by either. */
const pairs: readonly (readonly [GraphType, GraphType, string])[] = [
  ['cps', 'traffic', 'connections + traffic'],
  ['active', 'inactive', 'active + inactive'],
  ['pps', 'packetsize', 'packets + packet size'],
  ['bitperconn', 'pktperconn', 'bits + packets per connection'],
  ['sps', 'sessions', 'new + current sessions'],
  ['responses', 'errors', 'responses + errors'],
];

/** The graph types that services of a catalogue have, in the order they are shown. */
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

function pairsPage(site: Site, visit: Visit): Page {
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
        services.flatMap((service) => types.map((type) => figureOf(service, { type, size: 'card' }, ground))),
      ),
    },
  };
}

function tilesPage(site: Site, visit: Visit): Page {
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
      groups: figureGroups(
        services.map((service) => figureOf(service, { type: view.graphType, size: 'tile' }, ground)),
      ),
    },
  };
}

async function servicePage(parts: AppParts, visit: Visit, archive: ArchiveInfo): Promise<Page> {
  const service = visit.catalogue.services.find(({ info }) => info.name === serviceOf(archive.name));
  const own = archive.name === service?.info.name ? service : service?.realServers.find(({ info }) => info === archive);
  const hasShares = service !== undefined && own === service && !isProxy(service) && service.realServers.length > 0;
  const types = graphTypesOf(archive);
  const figures = [...types.slice(0, 2), ...(hasShares ? shareTypes : []), ...types.slice(2)].map((type) =>
    figureOf(own ?? { ...theDirector, info: archive }, { type, size: 'card' }, visit.ground),
  );
  const content = await serviceContent(parts, { archive, service: service ?? null }, visit);
  return {
    template: 'service',
    path: `service/${pathOfName(archive.name)}`,
    title: own?.endpoint ?? archive.name,
    content: {
      groups: [figures],
      modes: hasShares ? modesOf(visit, `service/${pathOfName(archive.name)}`) : [],
      ...content,
    },
  };
}

function apiPage({ catalogue: { services, lastS } }: Visit, request: Request): Page {
  const example = services[0]?.info.name ?? '192.0.2.1_80';
  const host = request.get('host') ?? '';
  const origin = /^[\w.:[\]-]{1,200}$/.test(host) ? `${request.protocol}://${host}` : 'http://127.0.0.1:8080';
  return {
    template: 'api',
    path: 'api',
    title: 'Interface for programs',
    content: { example, lastS, graphTypes: listedTypes, eventKinds, origin },
  };
}

/** Those that the view shows, of the ones that have all of some graphs. */
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

/** What the line of order and number needs, and what to say where there is nothing. */
function orderContent(
  { view, catalogue, ground: { basePath } }: Visit,
  path: string,
  matching: number,
): Readonly<Record<string, unknown>> {
  const names = { busiest: 'busiest (24 h)', name: 'name', growing: 'grew most (7 days)' } as const;
  return {
    path,
    allHref: `${basePath}/${path}${viewQuery(view, { search: '' })}`,
    matching,
    count: catalogue.services.length,
    sorts: sorts.map((sort) => ({ value: sort, label: names[sort], isCurrent: sort === view.sort })),
    tops: tops.map((top) => ({ value: top, label: top === 'all' ? 'all' : `top ${top}`, isCurrent: top === view.top })),
    orderKept: [...new URLSearchParams(viewQuery(view, { sort: 'busiest', top: '20' }))],
  };
}

/** The page of an error. */
export function errorPage({ basePath }: Site, response: Response, error: { status: number; message: string }): void {
  response.render('error', { ...error, base: basePath });
}
