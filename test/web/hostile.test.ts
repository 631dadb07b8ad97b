// Hostile requests on every route: each is answered, with 4xx where it is wrong, and never with 5xx; what is asked well
// afterwards is answered as before. LVS_STATS_REQUESTS=100000 makes more of them, LVS_STATS_SEED=7 others.

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const requests = Number(process.env['LVS_STATS_REQUESTS'] ?? 3000);
const atOnce = 16;

let viewer: TestViewer;
let before: string;

beforeAll(async () => {
  viewer = await startViewer({ days: 1, services: 8 });
  before = await (await fetch(`${viewer.url}/api/archives`)).text();
});

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

/** A request as bytes: mostly nearly right, sometimes nonsense from the first byte on. */
function hostile(random: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const raw = (text: string): string => (random() < 0.5 ? encodeURIComponent(text) : text.replace(/[ \r\n]/g, '+'));
  const query = Array.from({ length: Math.floor(random() * 5) }, () => `${pick(parameters)}=${raw(pick(values))}`).join(
    '&',
  );
  let path = pick(routes);
  if (random() < 0.3) path += raw(pick(values));
  if (random() < 0.1) path = path.replace(/[a-z]/, () => pick(['%', '..', '//', '\u0001', '%2e%2e/', '\\']));
  const method = random() < 0.9 ? 'GET' : pick(['POST', 'HEAD', 'PUT', 'TRACE', 'CONNECT', 'get', 'BREW', '']);
  const version = random() < 0.97 ? 'HTTP/1.1' : pick(['HTTP/9.9', 'HTTP/1.0', '', 'GOPHER/1']);
  const headers = ['Host: a', 'Connection: close'];
  if (random() < 0.1)
    headers.push(
      `${pick(['Accept', 'If-None-Match', 'Authorization', 'Range', 'Accept-Encoding', 'X-Forwarded-For'])}: ${pick(values).slice(0, 300)}`,
    );
  if (random() < 0.03) headers.push(`X-Long: ${'a'.repeat(40_000)}`);
  if (random() < 0.02) headers.push('Transfer-Encoding: chunked', 'Content-Length: 4');
  if (random() < 0.02) headers.push('no colon here');
  return `${method} ${path}${query === '' ? '' : `?${query}`} ${version}\r\n${headers.join('\r\n')}\r\n\r\n`;
}

/** The status of the answer; 0 where there is none. */
function send(request: string, port: number): Promise<number> {
  return new Promise((resolve) => {
    let head = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      if (head.length < 100) head += text.slice(0, 100);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0));
    });
  });
}

describe(`${requests} hostile requests (seed ${seed})`, () => {
  test('are all answered, and never with an error of the program', async () => {
    const random = randomFrom(seed);
    const port = Number(new URL(viewer.url).port);
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    let left = requests;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const request = hostile(random);
        const status = await send(request, port);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500 || status === 0) wrong.push(`${status}: ${JSON.stringify(request.slice(0, 300))}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    expect(wrong).toEqual([]);
    expect(viewer.errors).toEqual([]);
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 404, 405]));
    expect(await (await fetch(`${viewer.url}/api/archives`)).text()).toBe(before);
  });
});
