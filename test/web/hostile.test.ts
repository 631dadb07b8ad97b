// Hostile requests on every route: the viewer answers each, with 4xx if it is wrong and never with 5xx, and still answers good
// requests as before. Their work is bounded in reads and rows. LVS_STATS_REQUESTS=100000 makes more of them, LVS_STATS_SEED=7 others.

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Series } from '../../src/model/series.js';
import type { Store } from '../../src/store/store.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const requests = Number(process.env['LVS_STATS_REQUESTS'] ?? 3000);
const atOnce = 16;

let viewer: TestViewer;
let before: string;

/** The viewer's reads of the archives: their number, and the rows of the largest. */
const work = { calls: 0, maxRows: 0 };

beforeAll(async () => {
  viewer = await startViewer({ days: 1, services: 8 });
  before = await (await fetch(`${viewer.url}/api/archives`)).text();
  countReads(viewer.store);
});

/** Counts the reads of a store. */
function countReads(store: Store): void {
  const count = ({ columns }: Series): void => {
    work.calls += 1;
    work.maxRows = Math.max(work.maxRows, columns[0]?.length ?? 0);
  };
  const [fetchOne, fetchBoth] = [store.fetch.bind(store), store.fetchBoth.bind(store)];
  const fetchMany = store.fetchMany.bind(store);
  store.fetch = async (query) => {
    const series = await fetchOne(query);
    count(series);
    return series;
  };
  store.fetchMany = async (query) => {
    const all = await fetchMany(query);
    for (const series of all) count(series);
    return all;
  };
  store.fetchBoth = async (query) => {
    const both = await fetchBoth(query);
    count(both.AVERAGE);
    return both;
  };
}

afterAll(() => viewer.close());

const routes = [
  '/',
  '/services',
  '/pairs',
  '/tiles',
  '/api',
  '/service/192.0.2.10_443',
  '/service/',
  '/live/graph',
  '/live/stack',
  '/live/status',
  '/api/archives',
  '/api/series',
  '/api/series.csv',
  '/api/stack',
  '/api/services.csv',
  '/api/events',
  '/events',
  '/director',
  '/director/cpu_0',
  '/graphs/day/all-cps.png',
  '/graphs/span/192.0.2.10_443-traffic.png',
  '/graphs/year/',
  '/static/app.js',
  '/healthz',
];
const parameters = [
  'name',
  'type',
  'since',
  'until',
  'period',
  'cf',
  'step',
  'width',
  'q',
  'sort',
  'top',
  'graph_type',
  'share',
  'theme',
  'size',
  'scale',
  'skip',
  'kind',
  'kiosk',
];

/** Times at the limits of the notation, and beyond. */
const times = [
  '7d',
  'now',
  'end-1d',
  'now-9999999999y',
  'now+9999999999y',
  'end+9999999999s',
  'start-9999999999mo',
  'midnight+9999999999y',
  'noon tomorrow-9999999999w',
  '99999y',
  '99999999y',
  '8640000000000',
  '8640000000001',
  '9999999999',
  '9999-12-31 23:59',
  '0000-01-01',
  '1969-12-31',
  '1970-01-01',
  '2026-02-30',
  '1e99',
  '-1e99',
  '-62135596801',
  'Infinity',
  '0x7fffffff',
  '٣d',
  '9'.repeat(290),
];

const hosts = [
  'localhost',
  'LOCALHOST.:99999',
  '127.0.0.1:0',
  '[::1]',
  '[::1',
  'lb1.example.com',
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost@evil.example',
  'xn--',
  'xn--a-ecp.ru',
  'a'.repeat(3000),
  '\u00ff\u0080',
  '..',
  '*',
  ':',
];
const encodings = [
  'gzip',
  'gzip;q=0',
  '*',
  'br, gzip, deflate',
  'identity;q=0',
  ';;;',
  'gzip'.repeat(80),
  'compress, exi',
];

const values = [
  '',
  'all',
  '192.0.2.10_443',
  '192.0.2.10:443',
  'traffic',
  'cps',
  'day',
  'year',
  '7d',
  '99999y',
  '0',
  '-1',
  '1e9',
  '1795271700',
  '99999999999999999999',
  'NaN',
  '../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%ff%fe',
  '%',
  '%c0%ae%c0%ae/',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table archives; --",
  '#{7*7}',
  '<%= 7*7 %>',
  '__proto__',
  'constructor',
  '[object Object]',
  '*'.repeat(250),
  '((((((((((((((((((((a+)+)+)+)+)+)+)+)+)+)',
  '(?:(*)+)+$x*',
  '*1'.repeat(140),
  '{a,b,{c,d,{e,f}}}'.repeat(10),
  '!(!(!(!(a)))',
  'ａ￿💥',
  'a'.repeat(299),
  'a'.repeat(5000),
];

/** A request as bytes. The server may drop one that asks for more before its answer arrives. */
interface Hostile {
  readonly text: string;
  readonly mayBeDropped: boolean;
}

/** A request: mostly nearly right, sometimes nonsense from the first byte. */
function hostile(random: () => number): Hostile {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const raw = (text: string): string => (random() < 0.5 ? encodeURIComponent(text) : text.replace(/[ \r\n]/g, '+'));
  const parts = Array.from({ length: Math.floor(random() * 5) }, () => `${pick(parameters)}=${raw(pick(values))}`);
  if (random() < 0.3) parts.push(`since=${raw(pick(times))}`, `until=${raw(pick(times))}`);
  const query = parts.join('&');
  let path = pick(routes);
  if (random() < 0.3) path += raw(pick(values));
  if (random() < 0.1) path = path.replace(/[a-z]/, () => pick(['%', '..', '//', '\u0001', '%2e%2e/', '\\']));
  const method =
    random() < 0.9
      ? 'GET'
      : pick(['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE', 'CONNECT', 'get', 'BREW', '']);
  const version = random() < 0.97 ? 'HTTP/1.1' : pick(['HTTP/9.9', 'HTTP/1.0', '', 'GOPHER/1']);
  const headers = [`Host: ${random() < 0.9 ? 'localhost' : pick(hosts)}`, 'Connection: close'];
  if (random() < 0.02) headers.shift();
  if (random() < 0.02) headers.push(`Host: ${pick(hosts)}`);
  if (random() < 0.03)
    headers.push(`X-Forwarded-Host: ${pick(hosts)}`, `X-Forwarded-For: ${pick(hosts)}, ${pick(hosts)}`);
  if (random() < 0.05) path = `http://${pick(hosts)}${path}`;
  if (random() < 0.2) headers.push(`Accept-Encoding: ${pick(encodings)}`);
  if (random() < 0.1)
    headers.push(
      `${pick(['Accept', 'If-None-Match', 'Authorization', 'Range', 'Accept-Encoding', 'X-Forwarded-For'])}: ${pick(values).slice(0, 300)}`,
    );
  if (random() < 0.03) headers.push(`X-Long: ${'a'.repeat(40_000)}`);
  if (random() < 0.02) headers.push('Transfer-Encoding: chunked', 'Content-Length: 4');
  if (random() < 0.02) headers.push('no colon here');
  if (random() < 0.02) headers.push('Expect: 100-continue');
  if (random() < 0.02) headers.push('Connection: Upgrade', 'Upgrade: websocket');
  const text = `${method} ${path}${query === '' ? '' : `?${query}`} ${version}\r\n${headers.join('\r\n')}\r\n\r\n`;
  const copies = random() < 0.03 ? 2 + Math.floor(random() * 20) : 1;
  return {
    text: text.replace('Connection: close', copies > 1 ? 'Connection: keep-alive' : 'Connection: close').repeat(copies),
    mayBeDropped: copies > 1,
  };
}

interface Answer {
  readonly status: number;
  /** Does an error reveal a stack trace or a control character? */
  readonly isBare: boolean;
}

function send({ text: request, mayBeDropped }: Hostile, port: number): Promise<Answer> {
  return new Promise((resolve) => {
    let head = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(request, 'latin1')));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      if (head.length < 20_000) head += text;
      // A pipelining client did not ask to close the connection.
      if (mayBeDropped) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
      const body = status >= 400 ? head.slice(head.indexOf('\r\n\r\n') + 4).split('HTTP/1.1 ')[0] : '';
      resolve({ status, isBare: isBare(body ?? '') });
    });
  });
}

/** Does a text contain what belongs in the log only, or what a terminal obeys? */
function isBare(body: string): boolean {
  const text = Buffer.from(body, 'latin1')
    .toString('utf8')
    .replace(/[\r\n\t]/g, ' ');
  return /\bat \S+ \(|node_modules|\.[jt]s:\d/.test(text) || /\p{Cc}/u.test(text);
}

describe(`${requests} hostile requests (seed ${seed})`, () => {
  test('are all answered, never with a server error', async () => {
    const random = randomFrom(seed);
    const port = Number(new URL(viewer.url).port);
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    let left = requests;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const request = hostile(random);
        const { status, isBare: isToldTooMuch } = await send(request, port);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const told = `${status}: ${JSON.stringify(request.text.slice(0, 300))}`;
        if (status >= 500 || (status === 0 && !request.mayBeDropped) || isToldTooMuch) wrong.push(told);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    expect(wrong).toEqual([]);
    expect(viewer.errors).toEqual([]);
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 404, 405, 421]));
    expect(await (await fetch(`${viewer.url}/api/archives`)).text()).toBe(before);
    // Most requests fail before any read, and no span reads more rows than an archive keeps at 5 minutes.
    expect(work.calls).toBeGreaterThan(0);
    expect(work.calls).toBeLessThan(requests);
    expect(work.maxRows).toBeLessThanOrEqual(100 * 288);
  });
});
