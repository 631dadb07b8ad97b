// A data route, made of its declaration alone: its forms, its file name when saved, and conditional requests.

import express from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { standardRetention } from '../../../src/model/retention.js';
import { formatUrl, type ListeningServer, listen } from '../../../src/web/listen.js';
import { RequestError } from '../../../src/web/request-error.js';
import { csvRecords, jsonArray } from '../../../src/web/routes/pieces.js';
import { type RouteRequest, route, routerOf } from '../../../src/web/routes/route.js';
import type { CollectorState } from '../../../src/web/site.js';

interface Toys {
  readonly site: { readonly collecting: () => CollectorState };
  readonly toys: readonly { readonly name: string; readonly price: number | null }[];
}

let listening: ListeningServer;
let made = 0;
let lastS = 0;

const toysRoute = route({
  path: '/toys',
  parse: ({ query }: RouteRequest<Toys>) => {
    if (query.flag('broken')) throw new RequestError(400, 'no broken toys');
    return { name: query.text('name') };
  },
  key: ({ name }) => ['toys', name],
  rows: ({ name }, { toys }) => {
    made += 1;
    return toys.filter((toy) => name === null || toy.name === name);
  },
  json: jsonArray,
  csv: (toys) => csvRecords(['name', 'price'], toys),
  file: ({ name }, form) => (form === 'csv' ? { parts: ['toys', name ?? 'all'] } : null),
});

const countRoute = route({
  path: '/count',
  parse: ({ sources }: RouteRequest<Toys>) => sources.toys.length,
  key: (count) => ['count', count],
  rows: (count) => count,
  json: (count) => ({ small: { count } }),
});

beforeEach(async () => {
  made = 0;
  lastS = 300;
  const toys = [
    { name: 'ball', price: 3 },
    { name: 'kite', price: null },
  ];
  const site = { collecting: () => ({ retention: standardRetention, lastS, failure: null }) };
  const app = express().disable('x-powered-by').set('query parser', false);
  app.use(routerOf([toysRoute, countRoute], { site, toys }, (handler) => handler));
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    response.status(error instanceof RequestError ? error.status : 500).end();
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterEach(() => listening.stop(50));

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${formatUrl(listening.address)}${path}`, { headers });

describe('a route with two forms', () => {
  test.each<readonly [path: string, accept: string, type: string, body: string, disposition: string | null]>([
    ['/toys?name=ball', '*/*', 'application/json', '[{"name":"ball","price":3}]', null],
    ['/toys.json?name=ball', 'text/csv', 'application/json', '[{"name":"ball","price":3}]', null],
    ['/toys', 'text/csv', 'text/csv', 'name,price\nball,3\nkite,\n', 'inline; filename="toys-all.csv"'],
    ['/toys.csv?name=kite', '*/*', 'text/csv', 'name,price\nkite,\n', 'inline; filename="toys-kite.csv"'],
  ])('answers %s for %s as %s', async (path, accept, type, body, disposition) => {
    const response = await get(path, { Accept: accept });
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(response.headers.get('content-disposition')).toBe(disposition);
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['/toys.xml', '*/*', 404],
    ['/toys', 'text/html', 406],
    ['/toys?broken', '*/*', 400],
  ])('rejects %s for %s with %i, without doing the work', async (path, accept, status) => {
    expect((await get(path, { Accept: accept })).status).toBe(status);
    expect(made).toBe(0);
  });

  test('does no work for a client that is up to date', async () => {
    const etag = (await get('/toys.csv')).headers.get('etag') ?? '';
    const again = { 'If-None-Match': etag };
    expect([(await get('/toys.csv', again)).status, made]).toEqual([304, 1]);
    for (const other of ['/toys.json', '/toys.csv?name=ball']) expect((await get(other, again)).status).toBe(200);
    lastS += 300;
    expect((await get('/toys.csv', again)).status).toBe(200);
  });
});

describe('a route with one form', () => {
  test('negotiates no other, and has no suffix', async () => {
    const response = await get('/count', { Accept: 'text/html' });
    expect([response.headers.get('vary'), await response.text()]).toEqual([null, '{"count":2}']);
    expect((await get('/count.json')).status).toBe(404);
  });
});
