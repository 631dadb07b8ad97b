// The pages: all services stacked, the list of services, one service, pairs, tiles, events, the description of the interface.

import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { ArchiveInfo } from '../../model/archive.js';
import { eventKinds } from '../../model/ledger-event.js';
import { directorName, isOfDirector, pathOfName } from '../../model/names/name.js';
import { listedTypes, shareTypes, stackTypes } from '../../render/define/graph-request.js';
import { graphTypesOf } from '../../render/files/content/graph-types.js';
import type { AppSite } from '../app.js';
import type { AppParts } from '../app-parts.js';
import { type Catalogue, isOfTable, isProxy, topOf } from '../data/catalogue.js';
import { rowsOfStretch } from '../data/stretches.js';
import { driftPage } from '../drift/drift-page.js';
import { type Link, type Page, type PageView, sendPage, type Visit } from '../frame/page-frame.js';
import { views } from '../frame/site-frame.js';
import { linksPage } from '../links/links-page.js';
import { mapPage } from '../map/map-page.js';
import { mapFileRoutes } from '../map/map-routes.js';
import { findingRows } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import { nowPage } from '../now/now-page.js';
import { parseQuery, searchOf } from '../query.js';
import { knownArchive } from '../routes/known-archive.js';
import type { Site } from '../site.js';
import { survivePage } from '../survive/survive-page.js';
import { parseView, viewQuery } from '../view.js';
import { chosenZone, inZone } from '../zone.js';
import { directorPage, partPage } from './director-page.js';
import { eventsPage } from './events/events-page.js';
import { archivePath, figureGroups, figureOf, theDirector } from './figure.js';
import { countText, pairsPage, servicesPage, tilesPage } from './list-pages.js';
import { serviceContent } from './service-page.js';

/** Routes of the pages. */
export function pageRoutes(parts: AppParts): Router {
  const router = Router();
  const { answers } = parts.turnstiles;
  const page = (
    path: string,
    make: (visit: Visit, parts: AppParts, request: Request) => Page | Promise<Page>,
    figuresOf: FiguresOf = director,
  ): void => {
    router.get(
      path,
      answers(async (request, response) => {
        const seen = seenBy(parts, request);
        const visit = await visitOf(seen, request, figuresOf);
        const made = await make(visit, seen, request);
        await sendPage(seen.site, parts.assets, response, { page: made, ...viewAndTime(visit) });
      }),
    );
  };
  router.use(mapFileRoutes(parts.site, answers));
  router.get('/', redirectOldLinks(parts.site));
  page('/', (visit, seen, request) => nowPage(seen, visit, request), everything);
  page('/all', (visit, { site }) => allPage(site, visit));
  page('/services', (visit, seen) => servicesPage(seen, visit), everything);
  page('/pairs', (visit, { site }) => pairsPage(site, visit), everything);
  page('/tiles', (visit, { site }) => tilesPage(site, visit), everything);
  page('/director', (visit, seen) => directorPage(seen, visit));
  page('/director/:part', (visit, seen, request) => partPage(seen, visit, String(request.params['part'])));
  page('/drift', (visit, { site }) => driftPage(site, visit));
  page('/survive', (visit, { site }) => survivePage(site, visit));
  page('/links', (visit, { site }, request) => linksPage(site, visit, parseQuery(searchOf(request))));
  page('/map', (visit, { site }, request) => mapPage(site, visit, parseQuery(searchOf(request))));
  page('/events', (visit, { site }, request) => eventsPage(site, visit, parseQuery(searchOf(request))));
  page('/api', (visit, { site }, request) => apiPage(site, visit, request));
  const answerService = async (request: Request, response: Response): Promise<void> => {
    const text = (request.params as unknown as { name: readonly string[] }).name.join('/');
    const seen = seenBy(parts, request);
    const visit = await visitOf(seen, request, (catalogue) => {
      return new Set([directorName, ...ownNames(catalogue, text)]);
    });
    const archive = knownArchive(visit.catalogue, text);
    if (archive.name !== text || isOfDirector(archive.name)) {
      response.redirect(302, `${parts.site.basePath}/${archivePath(archive.name)}${viewQuery(visit.view)}`);
      return;
    }
    const page = await servicePage(seen, visit, archive);
    await sendPage(seen.site, parts.assets, response, { page, ...viewAndTime(visit) });
  };
  return router.get('/service/*name', answers(answerService));
}

/** Parameters of the page of all services, which was at `/` and at the CGI's address. */
const oldParameters = ['period', 'since', 'until', 'graph_type', 'q', 'sort', 'top', 'share', 'kiosk'];

/** Redirects old links to the page that they meant, with all of their parameters; `?graph_type=` shows the tiles of that type. */
function redirectOldLinks({ basePath }: Site): RequestHandler {
  return (request, response, next) => {
    const search = searchOf(request);
    const names = [...new URLSearchParams(search).keys()];
    if (!names.some((name) => oldParameters.includes(name))) next();
    else
      response.redirect(
        302,
        `${basePath}/${names.includes('graph_type') ? 'tiles' : 'all'}${search.startsWith('?') ? search : `?${search}`}`,
      );
  };
}

/** The parts as the reader sees them, in the reader's time zone. */
function seenBy(parts: AppParts, request: Request): AppParts {
  return { ...parts, site: inZone(parts.site, chosenZone(request)) };
}

function viewAndTime({ view, catalogue: { lastS } }: Visit): Pick<PageView, 'view' | 'lastS'> {
  return { view, lastS };
}

/** The archives whose figures a page shows; undefined for all of them, by which it sorts services. */
type FiguresOf = (catalogue: Catalogue) => ReadonlySet<string> | undefined;

const everything: FiguresOf = () => undefined;
const director: FiguresOf = () => new Set([directorName]);

/** An archive, and the service that it belongs to. */
function ownNames(catalogue: Catalogue, text: string): readonly string[] {
  const { name } = knownArchive(catalogue, text);
  const service = topOf(catalogue, name);
  return service === null ? [name] : [name, service.info.name];
}

async function visitOf(
  { site, catalogue: readCatalogue, boards }: AppParts,
  request: Request,
  figuresOf: FiguresOf,
): Promise<Visit> {
  const catalogue = await readCatalogue();
  const { timeZone } = site.looks();
  const zone = site.serverZone === undefined ? null : timeZone;
  const view = parseView(searchOf(request), catalogue.lastS > 0 ? catalogue.lastS : site.nowS(), zone);
  const isEmpty = catalogue.lastS === 0;
  const { lastS } = catalogue;
  const stretch = isEmpty ? ({ kind: 'period', period: 'day' } as const) : view.stretch;
  const { span } = await rowsOfStretch(
    site.source,
    { archive: { retention: site.collecting().retention }, stretch },
    { lastS, timeZone, widthPx: 700 },
  );
  const isNoted = site.looks().note !== null;
  const board = await boards(catalogue, figuresOf(catalogue));
  return { view, catalogue, ground: { basePath: site.basePath, view, span, zone, isNoted, board } };
}

/** Stacks in their unit, or in percent. */
function modesOf({ view, ground: { basePath } }: Visit, path: string): readonly Link[] {
  return [
    { label: 'absolute', href: `${basePath}/${path}${viewQuery(view, { isShare: false })}`, isCurrent: !view.isShare },
    { label: 'percent', href: `${basePath}/${path}${viewQuery(view, { isShare: true })}`, isCurrent: view.isShare },
  ];
}

function allPage(site: Site, visit: Visit): Page {
  const { catalogue, ground } = visit;
  const { grade, findings } = siteVerdict(site);
  const services = catalogue.services.filter(isOfTable);
  const proxies = catalogue.services.filter(isProxy).length;
  const figures = figureGroups(stackTypes, (type) => figureOf(theDirector, { type, size: 'card' }, ground));
  return {
    template: 'all',
    path: 'all',
    title: 'All services',
    content: {
      grade,
      findings: findingRows(findings, { catalogue, basePath: site.basePath, timeZone: site.looks().timeZone }),
      groups: services.length === 0 ? [] : figures,
      modes: modesOf(visit, 'all'),
      count: services.length,
      counted: countText({ services }),
      proxies,
      proxiesHref: `${ground.basePath}/services${viewQuery(visit.view, { search: 'haproxy' })}`,
    },
  };
}

async function servicePage(parts: AppParts, visit: Visit, archive: ArchiveInfo): Promise<Page> {
  const service = topOf(visit.catalogue, archive.name);
  const own = archive.name === service?.info.name ? service : service?.realServers.find(({ info }) => info === archive);
  const hasShares = service !== null && own === service && isOfTable(service) && service.realServers.length > 0;
  const types = graphTypesOf(archive);
  const shown = [...types.slice(0, 2), ...(hasShares ? shareTypes : []), ...types.slice(2)];
  const content = await serviceContent(parts, { archive, service }, visit);
  return {
    template: 'service',
    path: `service/${pathOfName(archive.name)}`,
    title: own?.endpoint ?? archive.name,
    content: {
      groups: figureGroups(shown, (type) =>
        figureOf(own ?? { ...theDirector, info: archive }, { type, size: 'card' }, visit.ground),
      ),
      modes: hasShares ? modesOf(visit, `service/${pathOfName(archive.name)}`) : [],
      ...content,
    },
  };
}

function apiPage({ links, map }: Site, { catalogue: { services, lastS } }: Visit, request: Request): Page {
  const example = services.find(isOfTable)?.info.name ?? '192.0.2.1_80';
  const host = request.get('host') ?? '';
  const origin = /^[\w.:[\]-]{1,200}$/.test(host) ? `${request.protocol}://${host}` : 'http://127.0.0.1:8080';
  const hasAgents = links !== undefined && links !== null;
  return {
    template: 'api',
    path: 'api',
    title: 'API',
    content: {
      example,
      lastS,
      graphTypes: listedTypes,
      eventKinds,
      origin,
      hasAgents,
      hasMap: map !== undefined && map !== null,
    },
  };
}

/** The page of an error; for a reader who was admitted, with the way to all others. */
export function errorPage(
  { basePath, director, frame }: Pick<Site, 'basePath' | 'director'> & Pick<AppSite, 'frame'>,
  response: Response,
  error: { status: number; message: string },
): void {
  const isAdmitted = response.locals['isAdmitted'] === true;
  const links = (frame?.views ?? views).map(({ path, label }) => ({ label, href: `${basePath}/${path}` }));
  const searchPath = frame?.searchPathOf('') ?? 'services';
  response.render('error', { ...error, base: basePath, director, views: isAdmitted ? links : [], searchPath });
}
