// The viewer over HTTP, on real archives: every page, picture and number, with and without what it should refuse.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphTypes, shareTypes } from '../../src/render/define/graph-request.js';
import { createVerifier, parsePasswords } from '../../src/web/passwords.js';
import type { LiveGraph, LiveStack } from '../../src/web/wire.js';
import { readPng } from '../commands/png.js';
import { startViewer, type TestViewer } from './viewer-site.js';

let viewer: TestViewer;
let names: readonly string[] = [];
let service = '';
let realServer = '';

beforeAll(async () => {
  viewer = await startViewer({ hosts: '192.0.2.10 <script>alert(1)</script>\n' });
  names = (await viewer.store.list()).map(({ name }) => name);
  service = '192.0.2.10_443';
  realServer = names.find((name) => name.startsWith(`${service}/`)) ?? '';
});

afterAll(() => viewer.close());

async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${viewer.url}${path}`, { headers, redirect: 'manual' });
}

async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The pixels of the picture in an answer. */
async function picture(response: Response): Promise<ReturnType<typeof readPng>> {
  const path = join(mkdtempSync(join(viewer.dataDir, 'png-')), 'a.png');
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  return readPng(path);
}

describe('a page', () => {
  test.each([
    '/',
    '/services',
    '/pairs',
    '/tiles',
    '/api',
    '/all',
    '/all?share=1&period=year',
    '/tiles?since=2d&top=all',
    '/pairs?graph_type=packetsize',
  ])('at %s comes whole, and lets nothing run that is not its own', async (path) => {
    const response = await get(path);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/^<!doctype html>.*<main.*<\/html>\s*$/s);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';style-src 'self'");
    expect(text).not.toMatch(/<script(?![^>]* src=)| style=|javascript:| on\w+=/);
    expect(text).toContain('lb1.example.com');
  });

  test('of all services has the five stacks', async () => {
    const text = await (await get('/all')).text();
    expect([...text.matchAll(/data-kind="stack" data-name="all" data-type="(\w+)"/g)].map(([, type]) => type)).toEqual([
      'cps',
      'traffic',
      'pps',
      'active',
      'inactive',
    ]);
  });

  test('of a service has its graphs, those of its real servers stacked, facts, and real servers', async () => {
    const text = await (await get(`/service/${service}?period=week`)).text();
    expect(text.match(/<figure /g)).toHaveLength(graphTypes.length + shareTypes.length);
    for (const type of shareTypes) {
      expect(text).toContain(`data-kind="stack" data-name="${service}" data-type="${type}"`);
      expect(text).toContain(`src="/graphs/week/${service}-${type}.png"`);
    }
    expect(text).toContain('<dt>scheduler</dt>');
    expect(text).toContain('<dt>first seen</dt>');
    expect(text).toContain(`href="/service/${realServer}?period=week"`);
    expect(text).toContain(`src="/graphs/week/${service}-cps.png"`);
  });

  test('of a real server leads back to its service', async () => {
    const text = await (await get(`/service/${realServer}`)).text();
    expect(text).toMatch(new RegExp(`real server of <a [^>]*href="/service/${service}">`));
    expect(text.match(/<figure /g)).toHaveLength(graphTypes.length);
    expect(text).not.toContain('rs_cps');
  });

  test('of what people write for a service leads to its own address', async () => {
    const response = await get('/service/192.0.2.10:443?period=week');
    expect([response.status, response.headers.get('location')]).toEqual([302, `/service/${service}?period=week`]);
  });

  test('names hosts as text, whatever they are called', async () => {
    const text = await (await get('/services')).text();
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
  });

  test('states numbers for those who cannot see the picture', async () => {
    const text = await (await get('/tiles?graph_type=cps&sort=name')).text();
    expect(text).toMatch(
      /alt="New connections of [^"]+, 24 h, in conn\/s: now new [\d.]+ ?k?; 24-hour mean new [\d.]+/,
    );
  });

  test('that shows nothing says why, and what to do', async () => {
    const text = await (await get('/tiles?q=nothing.like.it')).text();
    expect(text).toContain('No service matches “nothing.like.it”');
    expect(text).toContain('Show all of them');
  });
});

describe('a picture', () => {
  test.each<readonly [path: string, width: number, height: number]>([
    ['/graphs/day/all-traffic.png', 760, 300],
    ['/graphs/week/192.0.2.10_443-cps.png', 760, 300],
    ['/graphs/day/192.0.2.10_443-cps.png?size=tile&theme=dark', 380, 190],
    ['/graphs/day/192.0.2.10_443-cps.png?scale=2', 1520, 600],
    ['/graphs/span/all-pps.png?since=2d&share=1', 760, 300],
    ['/graphs/span/192.0.2.10_443-pktperconn.png?since=90min', 760, 300],
  ])('at %s is %i x %i, and is asked for again for nothing', async (path, width, height) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    const etag = response.headers.get('etag') ?? '';
    expect(await picture(response)).toMatchObject({ width, height });
    expect((await get(path, { 'If-None-Match': etag })).status).toBe(304);
  });

  test('of a real server lies below its service', async () => {
    expect((await get(`/graphs/day/${realServer}-cps.png`)).status).toBe(200);
  });

  test('in dark is another than in light', async () => {
    const [light, dark] = await Promise.all(
      ['light', 'dark'].map(async (theme) =>
        (await get(`/graphs/day/${service}-pps.png?theme=${theme}`)).arrayBuffer(),
      ),
    );
    expect(Buffer.from(light ?? new ArrayBuffer(0))).not.toEqual(Buffer.from(dark ?? new ArrayBuffer(0)));
  });
});

describe('live rows', () => {
  test('of a graph are what the store has, of the data sources that it shows', async () => {
    const graph = await json<LiveGraph>(`/live/graph?name=${service}&type=traffic&period=day`);
    const { span, average } = graph;
    const stored = await viewer.store.fetch({
      name: service,
      cf: 'AVERAGE',
      startS: span.startS,
      endS: span.endS - 1,
      stepS: 300,
    });
    expect(average.dataSources).toEqual(['InBytes', 'OutBytes']);
    const column = stored.columns[stored.dataSources.indexOf('InBytes')] ?? new Float64Array();
    expect(average.columns[0]).toEqual(Array.from(column, (value) => (Number.isNaN(value) ? null : value)));
    expect(graph.max).toBeNull();
  });

  test('are finer the shorter the span', async () => {
    const stepOf = async (since: string) =>
      (await json<LiveGraph>(`/live/graph?name=${service}&type=cps&since=${since}&width=700`)).average.stepS;
    expect([await stepOf('3h'), await stepOf('4d'), await stepOf('20d')]).toEqual([300, 300, 1800]);
  });

  test('of several steps come with their maxima', async () => {
    const { max, average } = await json<LiveGraph>(`/live/graph?name=${service}&type=cps&period=week`);
    expect([max?.cf, max?.stepS, average.stepS]).toEqual(['MAX', 1800, 1800]);
  });

  test('of the real servers of a service add up to the service', async () => {
    const { stack, span, type } = await json<LiveStack>(`/live/stack?name=${service}&type=rs_cps&period=day`);
    expect([type, stack.of]).toEqual(['cps', 'real servers']);
    const graph = await json<LiveGraph>(`/live/graph?name=${service}&type=cps&period=day`);
    const conns = graph.average.columns[graph.average.dataSources.indexOf('Conns')] ?? [];
    const last = conns.length - 1;
    const sum = stack.parts.reduce((total, { values }) => total + (values[0]?.[last] ?? 0), 0);
    expect(span.endS).toBe(graph.span.endS);
    // Counters are whole: the simulated shares are rounded each for itself.
    expect(sum).toBeCloseTo(conns[last] ?? Number.NaN, 1);
    expect(stack.parts[0]?.hosts[0]).toMatch(/^(Masq|Route|Tunnel|Local) w\d+$/);
  });

  test('of the real servers of a service are drawn too, and there are none of a real server', async () => {
    const { width, height } = await picture(await get(`/graphs/week/${service}-rs_traffic.png?share=1&theme=dark`));
    expect([width, height]).toEqual([760, 300]);
    expect((await get(`/graphs/day/${realServer}-rs_cps.png`)).status).toBe(404);
    expect((await get(`/live/stack?name=${realServer}&type=rs_cps`)).status).toBe(404);
    expect((await get(`/live/stack?name=${service}&type=cps`)).status).toBe(404);
  });

  test('of a stack add up to the director', async () => {
    const { stack, span } = await json<LiveStack>('/live/stack?type=cps&period=day');
    const all = await viewer.store.fetch({
      name: 'all',
      cf: 'AVERAGE',
      startS: span.startS,
      endS: span.endS - 1,
      stepS: 300,
    });
    const conns = all.columns[all.dataSources.indexOf('Conns')] ?? new Float64Array();
    const sums = Array.from(conns, (_, row) =>
      stack.parts.reduce((sum, { values }) => sum + (values[0]?.[row] ?? 0), 0),
    );
    const whole = Array.from(conns.keys()).filter(
      (row) => !Number.isNaN(conns[row]) && stack.rows.known[row] === stack.rows.present[row],
    );
    expect(whole.length).toBeGreaterThan(200);
    for (const row of whole) expect(sums[row]).toBeCloseTo(conns[row] ?? 0, 6);
  });
});

describe('the API', () => {
  test('lists all archives', async () => {
    const archives = await json<readonly { readonly name: string }[]>('/api/archives');
    expect(archives.map(({ name }) => name)).toEqual(names);
    const csv = await (await get('/api/archives.csv')).text();
    expect(csv.split('\n').slice(0, 2)).toEqual([
      'name,kind,state,first,last,gone,scheduler,flags,forwarding,weight,mode,status',
      expect.stringMatching(/^all,director,live,\d+,\d+,,,,,,,$/),
    ]);
  });

  test('gives the rows of data sources as fetch does, and of a graph in its units', async () => {
    const rows = await json<{ ds: string[]; rows: (number | null)[][]; step: number }>(
      `/api/series?name=${service}&since=2h`,
    );
    expect(rows.ds).toEqual(['ActiveConn', 'InActConn', 'Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes']);
    const traffic = await json<typeof rows>(`/api/series?name=${service}&since=2h&type=traffic`);
    expect(traffic.ds).toEqual(['in', 'out']);
    expect(traffic.rows.map(([time, value]) => [time, value])).toEqual(
      rows.rows.map((row) => [row[0], row[6] === null ? null : 8 * (row[6] ?? 0)]),
    );
  });

  test('answers in CSV by suffix or by Accept', async () => {
    const [bySuffix, byAccept] = await Promise.all([
      get(`/api/series.csv?name=${service}&since=1h`),
      get(`/api/series?name=${service}&since=1h`, { Accept: 'text/csv' }),
    ]);
    const text = await bySuffix.text();
    expect(text.split('\n')[0]).toBe('time,ActiveConn,InActConn,Conns,InPkts,OutPkts,InBytes,OutBytes');
    expect(await byAccept.text()).toBe(text);
    expect(bySuffix.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });

  test('has every example of its own page answered', async () => {
    const page = (await (await get('/api')).text()).replaceAll('&amp;', '&').replaceAll('&#39;', "'");
    const addresses = [...page.matchAll(/curl [^']*(?:'Accept: text\/csv' )?'(http[^']+)'/g)].map(
      ([, address]) => address ?? '',
    );
    expect(addresses.length).toBeGreaterThan(6);
    for (const address of addresses) expect([address, (await fetch(address)).status]).toEqual([address, 200]);
  });

  test.each<readonly [path: string, status: number, message: RegExp]>([
    ['/api/series?name=192.0.2.99:80', 404, /no archive named/],
    ['/api/series?name=nonsense', 404, /is not the name of an archive/],
    ['/api/series?type=speed', 404, /choose one of cps/],
    ['/api/series?cf=MIN', 400, /choose one of AVERAGE, MAX/],
    ['/api/series?cf=MAX&type=packetsize', 400, /is a ratio/],
    ['/api/series?step=0', 400, /"step"/],
    ['/api/series.xml', 404, /\.json or \.csv/],
    ['/live/graph', 404, /is not the name of an archive/],
    ['/live/graph?name=192.0.2.10_443', 400, /the graph type is missing/],
    ['/live/graph?name=192.0.2.10_443&type=cps&width=9', 400, /"width"/],
    ['/live/stack?type=packetsize', 404, /choose one of cps, traffic/],
    ['/graphs/day/../../etc/passwd', 404, /no such page/],
    ['/graphs/day/..%2f..%2fetc%2fpasswd-cps.png', 404, /is not the name of an archive/],
    ['/graphs/century/all-cps.png', 404, /choose one of day/],
    ['/graphs/span/all-cps.png', 400, /needs "since"/],
    ['/graphs/day/all-packetsize.png', 404, /choose one of cps/],
    ['/static/..%2fpackage.json', 404, /no such file/],
  ])('%s is answered with %i', async (path, status, message) => {
    const response = await get(path, { Accept: 'application/json' });
    const { error } = (await response.json()) as { error: string };
    expect([response.status, error]).toEqual([status, expect.stringMatching(message)]);
  });

  test('takes no other methods', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${viewer.url}/api/archives`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });
});

describe('the health', () => {
  afterAll(() => {
    viewer.clock.nowS = 1_795_271_760;
  });

  test('is fine while data is new, and says what is wrong when it is not', async () => {
    const health = async () => {
      const response = await get('/healthz');
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    const { collecting } = viewer;
    expect(await health()).toEqual([200, 'ok']);
    viewer.collecting = { ...collecting, failure: { sinceS: 1_795_271_700, text: 'ipvsadm: not permitted' } };
    expect(await health()).toEqual([503, 'failed']);
    expect(await (await get('/')).text()).toContain(
      'Collecting has failed since 2026-11-21 14:35 UTC: ipvsadm: not permitted.',
    );
    viewer.collecting = collecting;
    viewer.clock.nowS += 700;
    expect(await health()).toEqual([503, 'late']);
    expect(await (await get('/tiles')).text()).toContain('No data since 2026-11-21 14:35 UTC: collecting has stopped.');
  });
});

test('a new cycle is seen at once, and nothing was the program’s own error', async () => {
  const before = await json<{ lastS: number }>('/live/status');
  const old = await get(`/live/graph?name=${service}&type=cps&period=day`);
  await viewer.cycle();
  const after = await json<{ lastS: number }>('/live/status');
  expect(after.lastS).toBe(before.lastS + 300);
  const fresh = await get(`/live/graph?name=${service}&type=cps&period=day`, {
    'If-None-Match': old.headers.get('etag') ?? '',
  });
  expect(fresh.status).toBe(200);
  expect(((await fresh.json()) as LiveGraph).span.endS).toBe(((await old.json()) as LiveGraph).span.endS + 300);
  expect(viewer.errors).toEqual([]);
});

describe('an empty viewer', () => {
  test('says that nothing was read yet, on every page', async () => {
    const empty = await startViewer({ days: 0 });
    try {
      for (const path of ['/', '/services', '/pairs', '/tiles', '/api']) {
        const response = await fetch(`${empty.url}${path}`);
        expect([path, response.status]).toEqual([path, 200]);
        if (path !== '/api') expect(await response.text()).toContain('Nothing has been read yet');
      }
      expect((await fetch(`${empty.url}/healthz`)).status).toBe(503);
      expect((await fetch(`${empty.url}/graphs/day/all-cps.png`)).status).toBe(404);
      expect((await fetch(`${empty.url}/live/stack?type=cps`)).status).toBe(404);
      expect(empty.errors).toEqual([]);
    } finally {
      await empty.close();
    }
  });
});

describe('behind a proxy with a prefix', () => {
  test('all addresses bear it, whether the proxy takes it away or not', async () => {
    const behind = await startViewer({ days: 1, basePath: '/lvs' });
    try {
      const text = await (await fetch(`${behind.url}/tiles`)).text();
      const addresses = [...text.matchAll(/(?:href|src|srcset|action)="([^"#]+)"/g)].map(([, address]) => address);
      expect(addresses.length).toBeGreaterThan(50);
      expect(addresses.filter((address) => !address?.startsWith('/lvs/'))).toEqual([]);
      const without = behind.url.replace('/lvs', '');
      expect(await (await fetch(`${without}/tiles`)).text()).toBe(text);
      expect((await fetch(`${without}/healthz`)).status).toBe(200);
    } finally {
      await behind.close();
    }
  });
});

describe('with passwords', () => {
  test('admits whoever has one, shows the health to everybody, and stops whoever tries too often', async () => {
    const passwords = parsePasswords(`alice:${hashSync('secret', 4)}`, 'f');
    const verifier = createVerifier(() => passwords);
    const closed = await startViewer({ days: 1, verifier });
    try {
      const ask = async (path: string, credentials: string | null): Promise<number> => {
        const headers = credentials === null ? {} : { Authorization: `Basic ${btoa(credentials)}` };
        return (await fetch(`${closed.url}${path}`, { headers: headers as Record<string, string> })).status;
      };
      expect(await ask('/', null)).toBe(401);
      expect(await ask('/live/status', null)).toBe(401);
      expect(await ask('/healthz', null)).toBe(200);
      expect(await ask('/', 'alice:secret')).toBe(200);
      const many = await Promise.all(Array.from({ length: 30 }, () => ask('/live/status', 'alice:secret')));
      expect(new Set(many)).toEqual(new Set([200]));
      const wrong = [];
      for (let n = 0; n < 12; n += 1) wrong.push(await ask('/', `alice:${n}`));
      expect(wrong).toEqual([...Array(10).fill(401), 429, 429]);
      expect(await ask('/', 'bob:secret')).toBe(401);
      expect(await ask('/', 'alice:secret')).toBe(200);
    } finally {
      await closed.close();
    }
  });
});

describe('Now', () => {
  test('is the first page: findings, services by what they do now, and small stacks', async () => {
    const text = await (await get('/')).text();
    expect(text).toContain('<a href="/" aria-current="page">Now</a>');
    expect(text).toMatch(/<p class="verdict \w+">/);
    expect(text.match(/<figure class="graph tile"/g)).toHaveLength(5);
    expect(text).toMatch(/<th scope="col" class="traffic figure" aria-sort="descending">/);
    expect(text.match(/<svg class="spark"/g)?.length).toBeGreaterThan(5);
  });

  test.each<readonly [by: string, sorted: string, first: RegExp]>([
    ['/?by=name', 'ascending', /192\.0\.2\.10:443/],
    ['/?by=conns', 'descending', /192\.0\.2\.53:53|192\.0\.2\.10:443/],
  ])('at %s is sorted %s', async (path, sorted, first) => {
    const text = await (await get(path)).text();
    expect(text).toContain(`aria-sort="${sorted}"`);
    const rows = text.slice(text.indexOf('<tbody'));
    expect(/class="carries[^>]*>([^<]*)</.exec(rows)?.[1]).toMatch(first);
  });

  test.each([
    ['/?period=week', '/all?period=week'],
    ['/?q=10.0&top=50&share=1', '/all?q=10.0&top=50&share=1'],
    ['/?graph_type=cps&period=month', '/tiles?graph_type=cps&period=month'],
    ['/?kiosk', '/all?kiosk'],
  ])('leads the old link %s to %s', async (path, location) => {
    const response = await get(path);
    expect([response.status, response.headers.get('location')]).toEqual([302, location]);
  });

  test('shows a silenced finding muted in lists, with its end and reason', async () => {
    const before = viewer.collecting;
    const sinceS = viewer.clock.nowS - 600;
    const about = { kind: 'share-off', subject: `${service}/10.0.0.1_80`, archives: [service], numbers: {} } as const;
    const finding = { ...about, severity: 'warning', sinceS, openS: sinceS, count: 0 } as const;
    const silence = { pattern: 'share-off', sinceS, untilS: viewer.clock.nowS + 3600, why: 'canary' };
    viewer.collecting = { ...before, findings: [finding], silences: [silence] };
    for (const path of ['/', '/services']) {
      expect(await (await get(path)).text()).toMatch(
        /<span class="badge silenced">share off<\/span> <span class="silenced">silenced<span class="why"> until [-0-9 :]+: canary<\/span>/,
      );
    }
    viewer.collecting = before;
  });

  test('shows the findings of /api/findings, each with a link to its moment', async () => {
    const { findings, counts } = await json<{ findings: { id: string; text: string }[]; counts: { warning: number } }>(
      '/api/findings',
    );
    const text = await (await get('/')).text();
    expect(text.match(/<span class="severity"/g) ?? []).toHaveLength(findings.length);
    expect(findings.length).toBeGreaterThan(0);
    expect(text).toMatch(/<a href="\/(service|director)\/[^"?]+\?since=\d+&amp;until=\d+">/);
    expect(await json('/healthz')).toMatchObject({ findings: counts });
  });
});

test('the page of a service shows its findings', async () => {
  const added = await viewer.addService('198.51.100.7', 443);
  await viewer.cycle();
  const text = await (await get(`/service/${added}`)).text();
  expect(text.match(/<li class="(\w+)">/g)).toEqual(['<li class="critical">']);
  expect(text).toContain('no real server: connections are refused');
  const other = await (await get(`/service/${service}`)).text();
  expect(other).toContain('<section class="findings" aria-label="Findings" data-live="findings" hidden>');
});
