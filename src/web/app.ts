// The viewer as an express application: the checks on every request, and the routes.

import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, Router } from 'express';
import { UserError } from '../model/user-error.js';
import type { AppParts } from './app-parts.js';
import type { SiteFrame } from './frame/site-frame.js';
import { passwordGuard, readOnly, securityHeaders } from './guard.js';
import { statusOf } from './health.js';
import { createClientOf, createProxies } from './limits/client.js';
import { createIsOwn, ownNamesOnly } from './limits/own-names.js';
import { createTurnstiles, type Turnstiles } from './limits/turnstile.js';
import { createUnread, unreadLimits } from './limits/unread.js';
import { createRequestCounts, metricsRoute, type RequestCounts, targetsRoute } from './metrics-route.js';
import { siteVerdict } from './now/findings.js';
import { errorPage, pageRoutes } from './pages/pages.js';
import type { Verifier } from './passwords.js';
import { RequestError } from './request-error.js';
import { apiRoutes } from './routes/api.js';
import { assetRoutes } from './routes/assets.js';
import { pictureRoutes } from './routes/graph-pictures.js';
import { liveRoutes } from './routes/live.js';
import type { Site } from './site.js';

/** Access control, and the viewer's addresses. */
export interface Access {
  /** Null if no password is required. */
  readonly verifier: Verifier | null;
  /** The machine's own names, and further names that the viewer answers to. */
  readonly ownNames: readonly string[];
  readonly hostNames: readonly string[];
  /** Addresses and networks of reverse proxies whose headers are trusted. */
  readonly proxies: readonly string[];
  /** Whether metrics need no password. */
  readonly areMetricsOpen?: boolean;
}

/** The part of a site that an application needs besides its routes. */
export interface AppSite extends Pick<Site, 'basePath' | 'director' | 'report' | 'viewsFolder'> {
  /** The views that an error page leads to; those of a director by default. */
  readonly frame?: Pick<SiteFrame, 'views' | 'searchPathOf'>;
}

/** The routes of an application, in order: those that need no password, and the others. */
export interface AppRoutes {
  readonly open: readonly RequestHandler[];
  readonly routes: readonly RequestHandler[];
  /** Sees every request that is addressed to this server. */
  readonly first?: RequestHandler;
}

/** Creates the application of one director. */
export function createApp(given: Omit<AppParts, 'turnstiles'>, access: Access): Express {
  const { site } = given;
  const parts: AppParts = { ...given, turnstiles: createTurnstilesFor(access) };
  const { counts, handler } = createRequestCounts();
  const metrics = metricRoutes(parts, counts);
  const openMetrics = access.areMetricsOpen === true ? metrics : [];
  return createGuardedApp(site, access, {
    first: handler,
    // Monitoring has no password.
    open: [healthRoutes(site, access.verifier === null), ...openMetrics],
    routes: [...metrics, routes(parts)],
  });
}

/** Creates the application of a director within that of a fleet, which checks every request first. */
export function createInnerApp(parts: AppParts): Express {
  const { site } = parts;
  const app = express();
  configure(app, site);
  // Whether a message may be shown is decided by the outer one: what comes here is admitted.
  app.use(healthRoutes(site, true));
  app.use(routes(parts));
  finish(app, site);
  return app;
}

/** The gates for the clients of a server. */
export function createTurnstilesFor({ proxies }: Pick<Access, 'proxies'>): Turnstiles {
  const clientOf = createClientOf(createProxies(proxies));
  return createTurnstiles({ clientOf, unread: createUnread(unreadLimits, () => performance.now()) });
}

/** Creates an application that checks every request before its routes. */
export function createGuardedApp(site: AppSite, access: Access, { first, open, routes: own }: AppRoutes): Express {
  const { verifier } = access;
  const proxies = createProxies(access.proxies);
  const app = express();
  configure(app, site);
  app.use(securityHeaders(), readOnly);
  if (verifier === null) app.use(ownNamesOnly(createIsOwn(access.ownNames, access.hostNames), proxies));
  if (first !== undefined) app.use(first);
  for (const route of open) app.use(mount(site, route));
  if (verifier !== null) app.use(...passwordGuard(verifier, createClientOf(proxies)));
  app.use((_request, response, next) => {
    response.locals['isAdmitted'] = true;
    next();
  });
  for (const route of own) app.use(mount(site, route));
  finish(app, site);
  return app;
}

function configure(app: Express, { viewsFolder }: AppSite): void {
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.set('views', viewsFolder);
  app.set('view engine', 'ejs');
  app.set('view cache', true);
}

function finish(app: Express, site: AppSite): void {
  app.use(() => {
    throw new RequestError(404, 'there is no such page');
  });
  app.use(errorHandler(site));
}

function metricRoutes({ site, turnstiles }: AppParts, counts: RequestCounts): readonly Router[] {
  const { metrics } = site;
  if (metrics === null) return [];
  const measured = { ...site, metrics };
  const router = Router()
    .get('/metrics', ...metricsRoute(measured, counts, turnstiles.answers))
    .get('/metrics/targets', ...targetsRoute(measured, turnstiles.answers));
  return [router];
}

function healthRoutes(site: Site, isOpen: boolean): Router {
  return Router().get('/healthz', healthRoute(site, isOpen));
}

/** Answers below the prefix, and also without it, since a proxy may strip it. */
function mount({ basePath }: AppSite, router: RequestHandler): Router {
  const root = Router();
  if (basePath !== '') root.use(basePath, router);
  return root.use(router);
}

function routes(parts: AppParts): Router {
  const router = Router();
  router.use('/static', assetRoutes(parts.assets));
  router.use('/graphs', pictureRoutes(parts));
  router.use('/live', liveRoutes(parts));
  router.use('/api', apiRoutes(parts));
  return router.use(pageRoutes(parts));
}

/** 200 while all is well; 503 if the last cycle failed, or if the newest reading is over ten minutes old. */
function healthRoute(site: Site, isOpen: boolean): RequestHandler {
  return (_request, response) => {
    const status = statusOf(site);
    response.status(status.state === 'ok' ? 200 : 503).set('Cache-Control', 'no-store');
    // The message may name the command that failed, which only authorised readers may see.
    const message = isOpen ? { message: status.message } : {};
    const { state, lastS, nowS, leftOut } = status;
    const { counts, silenced } = siteVerdict(site);
    response.json({
      status: state,
      last: lastS,
      now: nowS,
      leftOut,
      findings: { ...counts, silenced: silenced.length },
      ...message,
    });
  };
}

/** The end of the chain of errors: faults of the request are 4xx, all others are ours. */
function errorHandler(site: AppSite): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const status = statusOfError(error);
    // Whoever follows an engine that fails reports it once.
    if (status >= 500 && status !== 503) site.report(error);
    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      request.socket.destroy();
      return;
    }
    const message =
      error instanceof UserError
        ? error.message
        : status < 500
          ? 'the address is malformed'
          : 'this is an error in lvs-stats; see its log for details';
    response.status(status).set('Cache-Control', 'no-store');
    for (const name of ['ETag', 'Content-Length', 'Content-Encoding']) response.removeHeader(name);
    if (status === 429 && !response.hasHeader('Retry-After')) response.set('Retry-After', '10');
    // A message may quote the request.
    const text = message.replace(/\p{Cc}/gu, '\ufffd');
    if (wantsPage(request)) errorPage(site, response, { status, message: text });
    else response.type('json').json({ error: text });
  };
}

const statusOfCode: Readonly<Partial<Record<string, number>>> = {
  'no-such-archive': 404,
  'no-such-graph': 404,
  'not-in-engine': 404,
  'engine-failed': 503,
};

function statusOfError(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  const known = error instanceof UserError ? statusOfCode[error.code] : undefined;
  if (known !== undefined) return known;
  // Errors of express, such as an address that cannot be decoded.
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function wantsPage(request: Request): boolean {
  const isForPrograms =
    /\/(api|live|graphs|static|healthz|metrics)(\/|$)/.test(request.path) && request.path !== '/api';
  return !isForPrograms && request.accepts(['html', 'json']) !== 'json';
}
