// The entries that the newest cycle left out, on pages and for programs.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startViewer, type TestViewer } from '../viewer-site.js';

let viewer: TestViewer;

beforeAll(async () => {
  viewer = await startViewer({ services: 2, days: 1 });
});

afterAll(() => viewer.close());

const text = async (path: string): Promise<string> => (await fetch(`${viewer.url}${path}`)).text();
const json = async (path: string): Promise<unknown> => (await fetch(`${viewer.url}${path}`)).json();

describe('the entries that the last cycle left out', () => {
  test('are reported as none if there are none', async () => {
    expect(await text('/services')).toContain('<a id="left-out" href="/director#left-out-entries" hidden>');
    expect(await text('/director')).toContain('None: the last cycle read every entry.');
    expect(await json('/api/left-out')).toEqual({ time: viewer.collecting.lastS, count: 0, entries: [] });
    expect(await json('/healthz')).toMatchObject({ status: 'ok', leftOut: 0 });
  });

  test("are counted on every page and for monitoring, and listed on the director's page", async () => {
    const entry = {
      kind: 'refused',
      entry: '"<b>QUIC"',
      text: 'an entry is left out: line 9, "<b>QUIC 10.0.0.1:443"',
    } as const;
    viewer.collecting = { ...viewer.collecting, leftOut: { count: 1201, entries: [entry] } };
    for (const path of ['/', '/services', '/events', '/director']) {
      expect(await text(path)).toContain('<a id="left-out" href="/director#left-out-entries">1201 left out</a>');
    }
    const page = await text('/director');
    expect(page).toContain('<li>an entry is left out: line 9, &#34;&lt;b&gt;QUIC 10.0.0.1:443&#34;</li>');
    expect(page).toContain('<li>and 1200 more</li>');
    expect(await json('/api/left-out')).toMatchObject({ count: 1201, entries: [entry] });
    const health = await text('/healthz');
    expect(JSON.parse(health)).toMatchObject({ status: 'ok', leftOut: 1201 });
    expect(health).not.toContain('QUIC');
    expect(await json('/live/status')).toMatchObject({ leftOut: 1201 });
  });
});
