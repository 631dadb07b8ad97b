// The viewer as an express application: what every request passes, and which route answers it.

import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type Request, Router } from 'express';
import { UserError } from '../model/user-error.js';
import { apiRoutes } from './api.js';
import { type Assets, assetRoutes } from './assets.js';
import type { ReadBoard } from './board.js';
import type { ReadCatalogue } from './catalogue.js';
import { pictureRoutes } from './graph-pictures.js';
import { passwordGuard, readOnly, securityHeaders } from './guard.js';
import { statusOf } from './health.js';
import { liveRoutes } from './live.js';
import { errorPage, pageRoutes } from './pages.js';
import type { Verifier } from './passwords.js';
import { RequestError } from './request-error.js';
import type { Site } from './site.js';
import type { StackSources } from './stacks.js';

/** What the application is made of. */
export interface AppParts {
  readonly site: Site;
  readonly catalogue: ReadCatalogue;
  readonly boards: ReadBoard;
  readonly stacks: StackSources;
  readonly assets: Assets;
  /** Null where nobody is asked for a password. */
  readonly verifier: Verifier | null;
}

/** Makes the application. */
export function createApp(parts: AppParts): Express {
  const { site, verifier } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.set('views', site.viewsFolder);
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  app.use(securityHeaders(), readOnly);
  // Whoever watches has no password.
  app.use(mount(site, Router().get('/healthz', healthRoute(site, verifier === null))));
  if (verifier !== null) app.use(...passwordGuard(verifier));
  app.use(compression({ threshold: 2048, level: 1 }));
  app.use(mount(site, routes(parts)));
  app.use(() => {
    throw new RequestError(404, 'there is no such page');
  });
  app.use(errorHandler(site));
  return app;
}

/** Answers below the prefix, and without it where a proxy takes it away. */
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

/** 200 while all is well; 503 when the last cycle failed, or the newest reading is over ten minutes old. */
function healthRoute(site: Site, isOpen: boolean): express.RequestHandler {
  return (_request, response) => {
    const status = statusOf(site);
    response.status(status.state === 'ok' ? 200 : 503).set('Cache-Control', 'no-store');
    // The message may name the command that failed: that is for those who may look.
    const message = isOpen ? { message: status.message } : {};
    const { state, lastS, nowS, leftOut } = status;
    response.json({ status: state, last: lastS, now: nowS, leftOut, ...message });
  };
}

/** Where errors end: what the request did wrong is told as 4xx, all else is ours. */
function errorHandler(site: Site): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOfError(error);
    if (status >= 500) site.report(error);
    const message =
      error instanceof UserError
        ? error.message
        : status < 500
          ? 'the address is not understood'
          : 'this is an error of lvs-stats: its log says more';
    response.status(status).set('Cache-Control', 'no-store');
    response.removeHeader('ETag');
    if (status === 429) response.set('Retry-After', '10');
    if (wantsPage(request)) errorPage(site, response, { status, message });
    else response.json({ error: message });
  };
}

function statusOfError(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof UserError && (error.code === 'no-such-archive' || error.code === 'no-such-graph')) return 404;
  // Express' own, such as an address that cannot be decoded.
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function wantsPage(request: Request): boolean {
  const isForPrograms = /\/(api|live|graphs|static|healthz)(\/|$)/.test(request.path) && request.path !== '/api';
  return !isForPrograms && request.accepts(['html', 'json']) !== 'json';
}
