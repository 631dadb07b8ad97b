// A server for tests of browser code: pages, rows and status like the viewer's own, under its strict content security policy,
// with failures that a test can turn on.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Status } from '../../src/web/wire.js';
import { fixtureHtml, pageOf } from './fixture-page.js';
import { askedRows, fixtureEndS, isGraphType, isStackType, liveGraph, liveStack } from './fixture-rows.js';

const root = resolve(import.meta.dirname, '../..');
const base = '/lb';
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'";

/** A running server, and the behaviour that a test can change. */
export interface Fixture {
  readonly url: string;
  /** Requested addresses, except those of pages and scripts. */
  readonly asked: string[];
  services: number;
  lastS: number;
  status: Partial<Status>;
  /** Answers 503 to everything under live/. */
  isBroken: boolean;
  stepS: number | undefined;
  /** The number of outstanding requests for rows. */
  open: number;
  /** Holds back rows until the result is called. */
  hold(): () => void;
  close(): Promise<void>;
}

/** Bundles the client and serves it on its own port. */
export async function startFixture(): Promise<Fixture> {
  const files = await bundle();
  const asked: string[] = [];
  let held = Promise.resolve();
  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', policy);
    const url = new URL(request.url ?? '/', 'http://fixture');
    const path = url.pathname.slice(base.length);
    const file = files.get(path.replace('/static/', ''));
    if (file !== undefined) return send(response, path.endsWith('.css') ? 'text/css' : 'text/javascript', file);
    if (!path.startsWith('/live/')) {
      const page = pageOf(url.searchParams, { lastS: fixture.lastS, base, services: fixture.services });
      return send(response, 'text/html; charset=utf-8', fixtureHtml(page));
    }
    asked.push(path + url.search);
    if (path === '/live/status') return answer(path, url.searchParams, response);
    fixture.open += 1;
    // A page that is left gives its requests up: they must not count for the next one.
    response.once('close', () => {
      fixture.open -= 1;
    });
    void held.then(() => answer(path, url.searchParams, response));
    return undefined;
  });
  const answer = (path: string, query: URLSearchParams, response: ServerResponse) => {
    const body = fixture.isBroken ? null : bodyOf(path, query, fixture);
    if (body === null) {
      response.statusCode = 503;
      return send(response, 'application/json', JSON.stringify({ error: 'the database is being repaired' }));
    }
    return send(response, 'application/json', JSON.stringify(body));
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const fixture: Fixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}/`,
    asked,
    services: 12,
    lastS: fixtureEndS,
    status: {},
    isBroken: false,
    stepS: undefined,
    open: 0,
    hold: () => {
      let release = (): void => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    close: () => closeServer(server),
  };
  return fixture;
}

function bodyOf(path: string, query: URLSearchParams, { lastS, services, status, stepS }: Fixture): object | null {
  if (path === '/live/status') return { lastS, nowS: lastS + 120, state: 'ok', message: '', ...status };
  const rows = askedRows(query, lastS, stepS);
  const type = query.get('type') ?? '';
  if (path === '/live/graph' && isGraphType(type)) return liveGraph(query.get('name') ?? '', type, rows);
  if (path === '/live/stack' && isStackType(type)) return liveStack(type, services, rows);
  return null;
}

async function bundle(): Promise<Map<string, Uint8Array>> {
  const entries = ['app.ts', 'theme.ts', 'style.css'].map((name) => join(root, 'public', name));
  const { outputFiles } = await build({
    entryPoints: entries,
    bundle: true,
    minify: true,
    target: 'es2022',
    outdir: join(root, 'dist/public'),
    write: false,
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf('/') + 1), contents]));
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.setHeader('content-type', type);
  response.end(body);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
