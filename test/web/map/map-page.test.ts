// The page of the map over HTTP: everything that is shown is in its address, and works without scripts.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MapInput } from '../../../src/map/map-input.js';
import { linkSubject } from '../../../src/model/finding/link-text.js';
import type { ServiceId } from '../../../src/model/names/identity.js';
import { standardPolicy } from '../../../src/model/policy/policy.js';
import { createCatalogues } from '../../../src/web/data/catalogue.js';
import type { ServedMap } from '../../../src/web/map/served-map.js';
import { agent, link, service } from '../../map/small-fleet.js';
import { startViewer, type TestViewer } from '../viewer-site.js';
import { servedMap, topology } from './a-map.js';

const nowS = 1_795_271_760;
const hourS = nowS - (nowS % 3600);
let viewer: TestViewer;
let map: ServedMap;

const lost = {
  kind: 'link-lost',
  subject: linkSubject('web1/10.20.2.1'),
  severity: 'warning',
  sinceS: nowS - 600,
  archives: [],
  numbers: {},
} as const;

beforeAll(async () => {
  viewer = await startViewer({
    services: 3,
    days: 1,
    map: { now: () => map.now(), kept: () => map.kept(), at: (timeS) => map.at(timeS) },
    linkFindings: () => [lost],
    policy: { policy: { ...standardPolicy, topology }, problem: null },
  });
});

beforeEach(() => {
  map = servedMap(() => viewer.store.latest(), { nowS });
});

afterAll(() => viewer?.close());

async function page(query = ''): Promise<string> {
  const answer = await fetch(`${viewer.url}/map${query}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.text();
}

/** The words of the accessible names in the first drawing. */
const names = (html: string): readonly string[] =>
  [...(html.split('</svg>')[0] ?? '').matchAll(/aria-label="([^"]*)"/g)].map(([, own = '']) => own);

test('every page leads to the map, where a server has one', async () => {
  expect(await (await fetch(`${viewer.url}/`)).text()).toContain('<a href="/map">Map</a>');
  const other = await startViewer({ services: 2, days: 0 });
  try {
    expect(await (await fetch(`${other.url}/`)).text()).not.toContain('>Map</a>');
    const answer = await fetch(`${other.url}/map`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('this viewer has no map')]);
  } finally {
    await other.close();
  }
});

test('shows groups with buttons, arcs with what they are, trouble with its finding', async () => {
  const html = await page();
  expect(names(html)).toEqual(
    expect.arrayContaining([
      'web to db: 12 connections, 1 of 2 links lost, 1 stale',
      'web: 2 nodes: web1 to 10.20.2.1 most of its newest ten pings are lost',
      'expand web',
      'hide db',
    ]),
  );
  expect(html).toContain('most of its newest ten pings are lost</span>');
  expect(html).toMatch(/class="column lost" data-group="role:web"/);
  expect(html).toMatch(/class="edge lost" href="\/map\?from=role%3Aweb&amp;to=role%3Adb"/);
});

test('expands and folds by role, data centre and rack, hides and shows again', async () => {
  const expanded = await page('?expand=web');
  expect(names(expanded)).toEqual(expect.arrayContaining(['fold web', 'web2, tx', 'expand db']));
  expect(names(await page('?by=dc'))).toEqual(expect.arrayContaining(['expand tx', 'expand fr', 'expand unplaced']));
  expect(names(await page('?by=rack'))).toEqual(
    expect.arrayContaining(['expand tx/r1', 'expand tx/r2', 'expand fr/r1']),
  );
  const hidden = await page('?exclude=web');
  expect(names(hidden).join()).not.toContain('web:');
  expect(hidden).toContain('aria-label="Show web again">web is hidden ✕</a>');
});

test('a selected edge has its links and findings, with the pages of their graphs', async () => {
  const html = await page('?from=role:web&to=role:db');
  const details = html.slice(html.indexOf('id="about"'));
  expect(details).toContain('web to db: 12 connections, 1 of 2 links lost, 1 stale');
  expect(details).toContain('<td class="lost">5 connections, 1 of 1 link lost</td>');
  expect([...details.matchAll(/<td class="(lost|stale|answers)">\1/g)].map(([, state]) => state)).toEqual([
    'lost',
    'stale',
  ]);
  expect(details).toContain('<a href="/map?expand=web&amp;node=host%3Aweb1">web1</a>');
});

test('a selected node has its place, its addresses and its connections', async () => {
  const html = await page('?expand=db&node=host:db1');
  const details = html.slice(html.indexOf('id="about"'));
  for (const words of [
    '<dd>host</dd>',
    '<dd>fr</dd>',
    '<dd>fr/r1</dd>',
    '<dd>10.20.2.1</dd>',
    '7 connections, 1 link, 1 stale',
  ]) {
    expect(details).toContain(words);
  }
});

test('a selected service leads to its graphs, and so do the real servers on a host', async () => {
  const { info, realServers, endpoint } = (await catalogueEntry()) ?? {};
  const service = `service:${endpoint}`;
  const html = await page(`?expand=services&node=${encodeURIComponent(service)}`);
  expect(html).toContain(`<a href="/service/${info?.name}">${endpoint}</a>`);
  const server = realServers?.[0];
  const address = server?.endpoint.split(':')[0];
  const host = await page(`?expand=no+role&node=${encodeURIComponent(`host:${address}`)}`);
  expect(host).toContain(`<a href="/service/${server?.info.name}">${server?.endpoint} of ${endpoint}</a>`);
});

async function catalogueEntry() {
  const looks = () => ({ hosts: new Map() }) as never;
  const { services } = await createCatalogues({ source: viewer.store, looks }).read();
  return services.find(({ realServers, protocol }) => realServers.length > 0 && protocol === 'TCP');
}

test('the page of a service leads to those who use it', async () => {
  const { info, endpoint } = (await catalogueEntry()) ?? {};
  const html = await (await fetch(`${viewer.url}/service/${info?.name}`)).text();
  const href = `/map?uses=${encodeURIComponent(String(endpoint))}`;
  expect(html).toContain(`<a href="${href}">Who uses it</a>`);
  expect((await fetch(viewer.url + href)).status).toBe(200);
});

test('answers what is in no configuration, and what breaks with a host', async () => {
  expect(names(await page('?unknown=1')).join()).toContain('203.0.113.9');
  expect(await page('?without=db1')).toContain(
    '<h2>Without host db1 no service loses real servers, but 2 nodes are connected to it</h2>\n<p>12 connections to it, by role: web (2).</p>',
  );
  expect(names(await page('?without=db1'))).toContain('web to db: 12 connections, 1 of 2 links lost, 1 stale');
  const entry = await catalogueEntry();
  const address = entry?.realServers[0]?.endpoint.split(':')[0];
  expect(await page(`?without=${address}`)).toMatch(new RegExp(`Without host ${address}, \\d+ services? loses?`));
  expect(names(await page(`?uses=${entry?.endpoint}`)).join()).toContain(String(entry?.endpoint));
});

test('answers what breaks with a host that only its agent knows', async () => {
  const address = (await catalogueEntry())?.realServers[0]?.endpoint.split(':')[0] ?? '';
  const agents = [agent('dr1', [`in ${address} 198.19.1.0/24 22 1`])];
  map = servedMap(() => viewer.store.latest(), { nowS, more: { agents } });
  expect(await page('?without=dr1')).toMatch(/Without host dr1, \d+ services? loses?/);
  expect(await page(`?without=${address}`)).toMatch(/Without host dr1, \d+ services? loses?/);
  const answer = await (await fetch(`${viewer.url}/api/map?without=dr1`)).json();
  const ofAddress = await (await fetch(`${viewer.url}/api/map?without=${address}`)).json();
  expect(answer).toMatchObject({ without: { level: 'host', name: 'dr1', services: [{ lost: 1 }] } });
  expect(ofAddress).toEqual(answer);
});

test('says that an address is no virtual service, and who is connected to it, also at an earlier hour', async () => {
  const html = await page('?uses=203.0.113.9:443');
  expect(html).toContain(
    '<p>203.0.113.9:443 is no virtual service now. The map shows who is connected to it. Connections',
  );
  expect(names(html)).toContain('web to unknown: 1 connection');
  expect(await page(`?uses=203.0.113.9&at=${hourS}`)).toContain('<p>203.0.113.9 is no virtual service at that hour.');
  const nobody = await (await fetch(`${viewer.url}/api/map?uses=192.0.2.250`)).json();
  expect(nobody).toMatchObject({ nodes: [], uses: { isService: false, services: [] } });
});

test('says that the users of a service of UDP are unknown, and what the director counts', async () => {
  const own = service('192.0.2.53:53', 'Route', '10.20.1.1:53');
  const services = [{ ...own, id: { ...own.id, protocol: 'udp' } as ServiceId }];
  map = servedMap(() => viewer.store.latest(), { nowS, more: { services } });
  const says = '192.0.2.53:53/udp: its users are unknown, since agents report TCP only. ';
  expect(await page('?uses=192.0.2.53')).toContain(`<p>${says}`);
  const answer = await (await fetch(`${viewer.url}/api/map?uses=192.0.2.53:53/udp`)).json();
  expect(answer).toMatchObject({
    uses: {
      isService: true,
      services: [{ service: '192.0.2.53:53/udp', archive: '192.0.2.53_53_udp', users: 'unknown', inUse: null }],
      says: [`${says}The director's counters of the last 10 minutes are unknown.`],
    },
  });
});

test('answers what broke with a host at an earlier hour, by the table of that hour', async () => {
  const address = (await catalogueEntry())?.realServers[0]?.endpoint.split(':')[0];
  const html = await page(`?without=${address}&at=${hourS}`);
  expect(html).toMatch(new RegExp(`Without host ${address}, \\d+ services? loses?`));
  expect(html).toContain('At 2026-11-21 14:00 (');
  // The topology of now is not that of then: hosts and racks are those of the kept graph.
  expect(await page(`?without=tx/r1&at=${hourS}`)).toContain('Without rack tx/r1 no service loses anything');
  expect(html).toContain(`?without=${address}&amp;at=${hourS - 3600}"`);
  map = servedMap(() => viewer.store.latest(), { nowS, isPlain: true });
  const answer = await fetch(`${viewer.url}/map?without=${address}&at=${hourS}`);
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('the real servers of that hour were not kept'),
  ]);
});

test('shows the hours of the day with their lost links, and says where the findings of one are unknown', async () => {
  expect(await page()).toContain(`<a href="/map?at=${hourS}" title="2026-11-21 14:00, 2 lost" class="lost">14:00`);
  const html = await page(`?at=${hourS}`);
  expect(html).toContain('At 2026-11-21 14:00 (');
  expect(html).not.toContain('most of its newest ten pings');
  expect(html).toContain('The findings of that hour were not kept.');
  expect(await page()).not.toContain('were not kept');
  expect(await page(`?at=${hourS}&exclude=db`)).toContain('<p class="verdict unknown">');
  expect(names(html)).toContain('web to db: 5 connections, 1 of 1 link lost');
});

test('an hour has the findings that it was kept with, not those of now', async () => {
  const gone = { ...lost, kind: 'agent-silent', numbers: {}, subject: 'agent/web1' } as const;
  map = servedMap(() => viewer.store.latest(), { nowS, findings: [gone] });
  const html = await page(`?at=${hourS}&expand=web`);
  expect(html).not.toContain('were not kept');
  expect(html).not.toContain('most of its newest ten pings');
  expect(html.match(/class="cell lost" href="[^"]*node=host%3Aweb1/)).not.toBeNull();
  expect(names(html).filter((name) => name.startsWith('web1, tx: '))).toEqual([expect.stringContaining('web1')]);
  map = servedMap(() => viewer.store.latest(), { nowS, findings: [] });
  expect(names(await page(`?at=${hourS}&expand=web`))).toContain('web1, tx');
});

test.each([
  ['between=web,nowhere', 'role &#34;nowhere&#34;'],
  ['between=a,b', 'role &#34;a&#34;, role &#34;b&#34;'],
  ['by=dc&between=tx,b', 'data centre &#34;b&#34;'],
  ['uses=mark 99', 'virtual service &#34;mark 99&#34;'],
])('an hour that lacks what ?%s is about says so, and shows its map', async (query, words) => {
  const html = await page(`?${query}&at=${hourS}`);
  expect(html).toContain(`Not there at that hour: ${words}. This is the map without that question.`);
  expect(html).toContain('At 2026-11-21 14:00 (');
  expect(html).toContain('<svg class="wide"');
  const asked = new URLSearchParams(`${query}&at=${hourS - 3600}`).toString().replaceAll('&', '&amp;');
  // The next hour may have it.
  expect(html).toContain(`<a href="/map?${asked}" title="2026-11-21 13:00"`);
  const answer = await fetch(`${viewer.url}/api/map?${query}&at=${hourS}`);
  expect(answer.status).toBe(400);
});

test.each([
  ['?between=web,nowhere', 400, 'there is no role &#34;nowhere&#34; on the map'],
  ['?between=web', 400, '&#34;between&#34; takes two names'],
  ['?uses=mark 99', 400, 'there is no virtual service'],
  ['?without=nobody', 400, 'there is no host, rack or data centre'],
  ['?at=5', 404, 'there is no map of that hour'],
])('%s is an error that says what is wrong', async (query, status, words) => {
  const answer = await fetch(`${viewer.url}/map${query}`, { headers: { accept: 'text/html' } });
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
});

test('an order keeps only groups that are there', async () => {
  const html = await page('?order=role:db,role:nowhere');
  expect(html).toContain('?expand=web&amp;order=role%3Adb"');
  expect(html).not.toContain('nowhere');
});

test('an address that somebody keeps stays good when a group is gone; a program learns that it is', async () => {
  const html = await page('?expand=web,nowhere&exclude=gone');
  expect(html).toContain('Not on this map: nowhere, gone.');
  expect(names(html)).toContain('fold web');
  const answer = await fetch(`${viewer.url}/api/map?expand=nowhere`);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('there is no role')]);
});

/** Hosts of the role "many", of which the last connects to `web1`. */
function manyHosts(count: number): Partial<MapInput> {
  const nodes = Array.from({ length: count }, (_, i) => {
    return { name: `h${i}`, role: 'many', dc: null, addresses: [`10.66.${i >> 8}.${i & 255}`], at: 'x' };
  });
  const last = `10.66.${(count - 1) >> 8}.${(count - 1) & 255}`;
  const agents = [agent('web1', [`out 10.20.1.1 ${last} 80 1`], { links: [link(last, { isLost: true })] })];
  return { added: { nodes, edges: [] }, agents };
}

test('shows a thousand nodes one by one at most, troubled and selected ones among them, and says how to see the others', async () => {
  map = servedMap(() => viewer.store.latest(), { nowS, more: manyHosts(3000) });
  const html = await page('?expand=many&node=host:h2500');
  const shown = names(html);
  expect(shown.filter((name) => /^h\d+$/.test(name))).toHaveLength(1000);
  expect(shown).toEqual(expect.arrayContaining(['h0', 'h2999', 'h2500', 'many: 2000 nodes']));
  expect(shown).not.toContain('h998');
  expect(html).toContain('1000 of 3000 nodes are shown one by one, those with findings and lost links first');
  expect(html.length).toBeLessThan(2_500_000);
  const all = await (await fetch(`${viewer.url}/api/map?expand=many`)).text();
  expect(all).toContain('"host:h998"');
  expect(await page('?expand=many&search=h998')).not.toContain('are shown one by one');
});

test('refuses a page whose addresses would be huge', async () => {
  map = servedMap(() => viewer.store.latest(), { nowS, more: manyHosts(3000) });
  const networks = Array.from({ length: 199 }, (_, i) => `10.77.${i}.0/24`).join(',');
  const answer = await fetch(`${viewer.url}/map?expand=many&exclude=${networks}`, { headers: { accept: 'text/html' } });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('make too large a page')]);
});

test('says that a selection is not on the map', async () => {
  expect(await page('?node=host:db1')).toContain('The selected node or edge is not on this map.');
});

describe('for programs', () => {
  test('has the map as JSON, with the same options', async () => {
    const answer = await fetch(`${viewer.url}/api/map?expand=db`);
    const { time, nodes, edges } = (await answer.json()) as { time: number; nodes: { id: string }[]; edges: unknown[] };
    expect(time).toBe(nowS);
    expect(nodes.map(({ id }) => id)).toContain('host:db1');
    expect(nodes.every((node) => !('group' in node))).toBe(true);
    expect(edges).toContainEqual({ from: 'role:web', to: 'host:db1', connections: 12, links: 2, lost: 1, stale: 1 });
    const again = await fetch(`${viewer.url}/api/map?expand=db`, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  test('has the losses that the command prints', async () => {
    const entry = await catalogueEntry();
    const address = entry?.realServers[0]?.endpoint.split(':')[0];
    const answer = await (await fetch(`${viewer.url}/api/map?without=${address}`)).json();
    const { without } = answer as { readonly without: { readonly services: readonly unknown[] } };
    const of = entry?.realServers.length ?? 0;
    expect(without).toMatchObject({ level: 'host', name: address });
    expect(without.services).toContainEqual({ service: entry?.info.name, lost: 1, of, left: of - 1 });
    const none = await (await fetch(`${viewer.url}/api/map?without=db1`)).json();
    expect(none).toMatchObject({
      without: { level: 'host', name: 'db1', services: [], connected: { roles: [{ role: 'web', nodes: 2 }] } },
    });
    expect(await (await fetch(`${viewer.url}/api/map`)).json()).not.toHaveProperty('without');
  });

  test.each([
    ['svg', 'image/svg+xml', '<svg '],
    ['dot', 'text/vnd.graphviz', 'digraph map {'],
    ['cypher', 'text/plain', 'MERGE (n:Node'],
  ])('has the map as .%s', async (suffix, type, begins) => {
    const answer = await fetch(`${viewer.url}/map.${suffix}?exclude=web`);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename="map.${suffix}"`);
    const text = await answer.text();
    expect(text.startsWith(begins)).toBe(true);
    expect(text).not.toContain('web1');
  });

  test('has no other form', async () => {
    const answer = await fetch(`${viewer.url}/map.png`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('write .svg, .dot or .cypher')]);
  });
});

test('offers to expand all groups only as far as an address takes them', async () => {
  const many = Array.from({ length: 250 }, (_, i) => ({
    name: `h${i}`,
    role: `r${i}`,
    dc: null,
    addresses: [],
    at: 'x',
  }));
  expect(await page()).toContain('>expand all</a>');
  map = servedMap(() => viewer.store.latest(), { nowS, more: { added: { nodes: many, edges: [] } } });
  expect(await page()).not.toContain('>expand all</a>');
});

test('names that are markup stay names', async () => {
  const evil = '"><script>alert(1)</script>';
  map = servedMap(() => viewer.store.latest(), {
    nowS,
    more: {
      agents: [agent('web1', ['out 10.20.1.1 10.20.2.1 3306 1'], { links: [link('10.20.2.1')] })],
      added: {
        nodes: [{ name: evil, role: evil, dc: evil, addresses: ['10.99.0.1'], at: 'x' }],
        edges: [{ from: evil, to: 'web1', connections: 1, at: 'x' }],
      },
    },
  });
  const query = new URLSearchParams({ expand: evil, search: '<img src=x>' });
  for (const text of [await page(), await page(`?${new URLSearchParams({ node: `role:${evil}` })}`)]) {
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;');
  }
  expect(await page(`?${query}`)).not.toContain('<img');
});
