// The viewer of a fleet as an express application: the fleet's own pages, and those of each director and group below `d/` and `g/`.

import { type Express, type Request, type RequestHandler, Router } from 'express';
import { type Severity, severities } from '../../model/finding/finding.js';
import { formatLocal } from '../../render/look/local-time.js';
import { type Access, createGuardedApp, createInnerApp, createTurnstilesFor } from '../app.js';
import { type Page, sendFramed } from '../frame/page-frame.js';
import { statusOf } from '../health.js';
import type { Turnstiles } from '../limits/turnstile.js';
import { siteVerdict } from '../now/findings.js';
import { parseQuery, searchOf } from '../query.js';
import { assetRoutes, readAssets } from '../routes/assets.js';
import { parseView } from '../view.js';
import type { Status } from '../wire.js';
import { chosenZone, inZone } from '../zone.js';
import { type Fleet, type FleetPart, fleetFrame, framedFleet } from './fleet.js';
import { fleetFindings } from './fleet-findings.js';
import { fleetRecord } from './fleet-record.js';
import { fleetRows, readFleet, sharesOf } from './fleet-rows.js';
import { foundText, searchedServices, serviceAcross } from './fleet-services.js';

/** Creates the application. Throws a `UserError` if its assets were not built. */
export function createFleetApp(fleet: Fleet, access: Access): Express {
  const turnstiles = createTurnstilesFor(access);
  const site = { ...fleet.site, frame: fleetFrame };
  const own = ownRoutes(fleet, turnstiles);
  return createGuardedApp(site, access, {
    open: [Router().get('/healthz', healthRoute(fleet))],
    routes: [own, partRoutes(fleet, turnstiles)],
  });
}

/** The pages of directors and groups. The application of each is made when somebody first asks for it. */
function partRoutes(fleet: Fleet, turnstiles: Turnstiles): Router {
  const apps = new WeakMap<FleetPart['parts'], Express>();
  const answer =
    (partsOf: () => readonly FleetPart[]): RequestHandler =>
    (request, response, next) => {
      const part = partsOf().find(({ name }) => name === request.params['name']);
      if (part === undefined) return next();
      const app = apps.get(part.parts) ?? createInnerApp({ ...part.parts, turnstiles });
      apps.set(part.parts, app);
      app(request, response, next);
    };
  const router = Router();
  router.use(
    '/d/:name',
    answer(() => fleet.directors),
  );
  return router.use('/g/:name', answer(fleet.groups));
}

function ownRoutes(fleet: Fleet, turnstiles: Turnstiles): Router {
  const assets = readAssets(fleet.site.assetsFolder);
  const router = Router();
  router.use('/static', assetRoutes(assets));
  router.get('/live/status', (request, response) => {
    response.set('Cache-Control', 'no-cache').json(statusOf(inZone(framedFleet(fleet), chosenZone(request))));
  });
  router.get(
    '/api/fleet',
    turnstiles.answers(async (_request, response) => {
      const facts = await readFleet(fleet);
      response.set('Cache-Control', 'no-cache').json(fleetRecord(facts, sharesOf(facts)));
    }),
  );
  const page = (path: string, make: (request: Request, timeZone: string) => Promise<Page>): void => {
    router.get(
      path,
      turnstiles.answers(async (request, response) => {
        const framed = inZone(framedFleet(fleet), chosenZone(request));
        const made = await make(request, framed.looks().timeZone);
        const lastS = framed.collecting().lastS ?? 0;
        const view = parseView(searchOf(request), lastS > 0 ? lastS : framed.nowS());
        await sendFramed(framed, assets, response, { page: made, view, lastS });
      }),
    );
  };
  page('/', (_request, timeZone) => fleetPage(fleet, timeZone));
  page('/search', (request) => searchPage(fleet, parseQuery(searchOf(request)).text('q') ?? ''));
  page('/service/:name', (request) => servicePage(fleet, String(request.params['name'])));
  return router;
}

async function fleetPage(fleet: Fleet, timeZone: string): Promise<Page> {
  const facts = await readFleet(fleet);
  const findings = await fleetFindings(fleet, timeZone);
  const unknown = [...facts.groups, ...facts.directors].filter(({ traffic }) => Number.isNaN(traffic));
  const grouped = new Set(facts.groups.flatMap(({ part }) => part.group.directors));
  return {
    template: 'fleet',
    path: '',
    title: 'Fleet',
    content: {
      ...findings,
      findings: findings.rows,
      rows: fleetRows(facts, timeZone),
      grade: severityOf(findings.rows.map(({ severity }) => severity)),
      unknown: unknown.map(({ part }) => part.name).filter((name) => !grouped.has(name)),
      groups: facts.groups.map(({ part: { group } }) => group),
      lookedAt: formatLocal(timeZone, fleet.site.nowS()).slice(0, 16),
    },
  };
}

function severityOf(all: readonly Severity[]): 'critical' | 'warning' | 'ok' {
  return all.includes('critical') ? 'critical' : all.includes('warning') ? 'warning' : 'ok';
}

async function searchPage(fleet: Fleet, search: string): Promise<Page> {
  const services = await searchedServices(fleet, search);
  return {
    template: 'fleet-services',
    path: 'search',
    title: search === '' ? 'Services' : `Services: ${search}`,
    content: { ...services, heading: 'Services', found: foundText(services), isOne: false },
  };
}

async function servicePage(fleet: Fleet, text: string): Promise<Page> {
  const { name, ...services } = await serviceAcross(fleet, text);
  const title = services.rows[0]?.endpoint ?? name;
  return {
    template: 'fleet-services',
    path: `service/${encodeURIComponent(name)}`,
    title,
    content: { ...services, heading: title, found: foundText(services), isOne: true },
  };
}

/** 200 while all directors are well; 503 if any of them is not. Names nobody, since it needs no password. */
function healthRoute({ directors }: Fleet): RequestHandler {
  return (_request, response) => {
    const states = directors.map(({ parts }) => statusOf(parts.site));
    const bad = states.filter(({ state }) => state !== 'ok');
    const counts = directors.map(({ parts }) => siteVerdict(parts.site).counts);
    const sum = (severity: Severity): number => counts.reduce((all, own) => all + own[severity], 0);
    response.status(bad.length === 0 ? 200 : 503).set('Cache-Control', 'no-store');
    response.json({
      status: bad[0]?.state ?? ('ok' satisfies Status['state']),
      directors: directors.length,
      bad: bad.length,
      findings: Object.fromEntries(severities.map((severity) => [severity, sum(severity)])),
    });
  };
}
