// The page of events, and the same events for programs.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/model/ledger-event.js';
import { startViewer, type TestViewer } from './viewer-site.js';

let viewer: TestViewer;
let newestFirst: readonly LedgerEvent[] = [];
let added = '';

beforeAll(async () => {
  viewer = await startViewer({ services: 12, days: 14 });
  added = await viewer.addService('198.51.100.7', 443);
  for (let i = 1; i <= 110; i += 1) await viewer.addService(`203.0.113.${i}`, 80);
  await viewer.cycle();
  newestFirst = (await viewer.store.events({})).toReversed();
});

afterAll(() => viewer.close());

async function text(path: string): Promise<string> {
  const response = await fetch(`${viewer.url}${path}`);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${body}`);
  return body;
}

async function list(query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return JSON.parse(await text(`/api/events${query}`)) as readonly Readonly<Record<string, unknown>>[];
}

/** The kinds of a page's events, in words. */
function kindsOf(page: string): readonly string[] {
  return [...page.matchAll(/<td class="kind"><span [^>]*>[^<]*<\/span> ([^<]*)<\/td>/g)].map(([, kind]) => kind ?? '');
}

describe('the page of events', () => {
  test('lists the events of its span, newest first, and their number', async () => {
    const page = await text('/events');
    expect(kindsOf(page)[0]).toBe('finding');
    expect(kindsOf(page)).toContain('first seen');
    expect(await text('/events?kind=appeared')).toContain('href="/service/203.0.113.110_80">203.0.113.110:80</a>');
    expect(page).toContain('<span class="letter" aria-hidden="true">●</span> finding</td>');
    expect(page).toContain('● marks a finding and ○ its closing');
    expect(page).toMatch(/data-live="said">1 to 100 of \d+ events in 24 h, newest first; \d+ older ones/);
    expect(page).toContain('<a href="/events" aria-current="page">Events</a>');
  });

  test('shows a hundred at a time and links to the rest', async () => {
    const first = await text('/events?since=797d');
    expect(newestFirst.length).toBeGreaterThan(100);
    expect(kindsOf(first)).toHaveLength(100);
    expect(first).toMatch(
      new RegExp(`>1 to 100 of ${newestFirst.length} events in [^<]*; ${newestFirst.length - 100} older ones`),
    );
    const next = /<a href="([^"]+)" rel="next">/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await text(next);
    expect(second).toContain('101 to ');
    expect(second).toContain('rel="prev"');
  });

  test('filters by service, kind and search text', async () => {
    const own = await text(`/events?name=${added}`);
    expect(kindsOf(own)).toEqual(['finding', 'first seen']);
    expect(own).toContain('Events: 198.51.100.7:443 TCP');
    const weights = await text('/events?period=month&kind=weight-changed');
    expect(new Set(kindsOf(weights))).toEqual(new Set(['weight changed']));
    expect(kindsOf(await text('/events?since=797d&q=198.51.100.7:443'))).toEqual(['finding', 'first seen']);
  });

  test('keeps its filters when the time changes', async () => {
    const page = await text(`/events?name=${added}&kind=appeared`);
    expect(page).toContain(`href="/events?period=week&amp;name=${added}&amp;kind=appeared"`);
    expect(page).toContain(`<input type="hidden" name="name" value="${added}">`);
  });

  test('explains what an event is if there are none, and links to all', async () => {
    const page = await text('/events?q=nothing-like-it');
    expect(kindsOf(page)).toEqual([]);
    expect(page).toContain('No matching events in this time range');
    expect(page).toContain('href="/events?since=797d&amp;q=nothing-like-it"');
  });

  test.each([
    ['/events?kind=vanished', 400],
    ['/events?name=192.0.2.99:80', 404],
    ['/events?skip=-1', 400],
    ['/api/events?kind=vanished', 400],
    ['/api/events.xml', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await fetch(`${viewer.url}${path}`)).status).toBe(status);
  });
});

describe("a service's page", () => {
  test('shows its ten newest events, and links to all', async () => {
    const counts = new Map<string, number>();
    for (const { archive } of newestFirst) counts.set(archive, (counts.get(archive) ?? 0) + 1);
    counts.delete('all');
    const [name = ''] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
    const page = await text(`/service/${name}`);
    expect(kindsOf(page)).toHaveLength(Math.min(10, counts.get(name) ?? 0));
    expect(page).toContain(`href="/events?since=797d&amp;name=${name}"`);
  });
});

describe('/api/events', () => {
  test('returns all events, newest first', async () => {
    const events = await list('');
    expect(events).toHaveLength(newestFirst.length);
    expect(events.map(({ time }) => time)).toEqual(newestFirst.map(({ timeS }) => timeS));
    expect(events.find(({ archive, kind }) => archive === added && kind === 'appeared')).toEqual({
      time: newestFirst[0]?.timeS,
      archive: added,
      kind: 'appeared',
      text: 'first seen',
    });
  });

  test('returns missed cycles with their duration', async () => {
    const [missed] = await list('?name=all&kind=cycle-missed');
    expect(missed).toMatchObject({
      archive: 'all',
      kind: 'cycle-missed',
      since: expect.any(Number),
      to: expect.any(String),
    });
    expect(
      await list(`?name=all&kind=cycle-missed&since=${missed?.['time']}&until=${Number(missed?.['time']) + 3600}`),
    ).toEqual([missed]);
  });

  test('returns the same as CSV', async () => {
    const lines = (await text('/api/events.csv?period=month')).trimEnd().split('\n');
    expect(lines[0]).toBe('time,archive,kind,realServer,from,to,cause,since,detail,text');
    expect(lines.length - 1).toBe((await list('?period=month')).length);
  });

  test('answers a conditional request with 304 until there are new events', async () => {
    const first = await fetch(`${viewer.url}/api/events`);
    const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${viewer.url}/api/events`, { headers })).status).toBe(304);
  });
});
