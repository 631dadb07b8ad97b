// The viewer as an express application: the checks on every request, and the routes.

import express, { type ErrorRequestHandler, type Express, type Request, Router } from 'express';
import { UserError } from '../model/user-error.js';
import type { AppParts } from './app-parts.js';
import { passwordGuard, readOnly, securityHeaders } from './guard.js';
import { statusOf } from './health.js';
import { createClientOf, createProxies } from './limits/client.js';
import { createIsOwn, ownNamesOnly } from './limits/own-names.js';
import { createTurnstiles } from './limits/turnstile.js';
import { createUnread, unreadLimits } from './limits/unread.js';
import { createRequestCounts, metricsRoute, targetsRoute } from './metrics-route.js';
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

/** Creates the application. */
export function createApp(given: Omit<AppParts, 'turnstiles'>, access: Access): Express {
  const { site } = given;
  const { verifier } = access;
  const proxies = createProxies(access.proxies);
  const clientOf = createClientOf(proxies);
  const unread = createUnread(unreadLimits, () => performance.now());
  const parts: AppParts = { ...given, turnstiles: createTurnstiles({ clientOf, unread }) };
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.set('views', site.viewsFolder);
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  app.use(securityHeaders(), readOnly);
  if (verifier === null) app.use(ownNamesOnly(createIsOwn(access.ownNames, access.hostNames), proxies));
  const { counts, handler: countRequest } = createRequestCounts();
  app.use(countRequest);
  // Monitoring has no password.
  app.use(mount(site, Router().get('/healthz', healthRoute(site, verifier === null))));
  const metrics = Router()
    .get('/metrics', ...metricsRoute(site, counts, parts.turnstiles.answers))
    .get('/metrics/targets', ...targetsRoute(site, parts.turnstiles.answers));
  if (access.areMetricsOpen === true) app.use(mount(site, metrics));
  if (verifier !== null) app.use(...passwordGuard(verifier, clientOf));
  app.use((_request, response, next) => {
    response.locals['isAdmitted'] = true;
    next();
  });
  app.use(mount(site, metrics));
  app.use(mount(site, routes(parts)));
  app.use(() => {
    throw new RequestError(404, 'there is no such page');
  });
  app.use(errorHandler(site));
  return app;
}

/** Answers below the prefix, and also without it, since a proxy may strip it. */
function mount({ basePath }: Site, router: Router): Router {
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
function healthRoute(site: Site, isOpen: boolean): express.RequestHandler {
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
function errorHandler(site: Site): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const status = statusOfError(error);
    if (status >= 500) site.report(error);
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

function statusOfError(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof UserError && (error.code === 'no-such-archive' || error.code === 'no-such-graph')) return 404;
  // Errors of express, such as an address that cannot be decoded.
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function wantsPage(request: Request): boolean {
  const isForPrograms =
    /\/(api|live|graphs|static|healthz|metrics)(\/|$)/.test(request.path) && request.path !== '/api';
  return !isForPrograms && request.accepts(['html', 'json']) !== 'json';
}
