// The time zone of a reader.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/web/query.js';
import { parseView } from '../../src/web/view.js';
import { chosenZone, dateInZone, zoneOfQuery } from '../../src/web/zone.js';
import { startViewer, type TestViewer } from './viewer-site.js';

describe('a reader’s zone', () => {
  test.each([
    ['lvs-stats-zone=UTC', 'UTC'],
    ['a=b; lvs-stats-zone=Europe%2FBerlin; c=d', 'Europe/Berlin'],
    ['lvs-stats-zone=europe/berlin', 'Europe/Berlin'],
    ['lvs-stats-zone=', null],
    ['lvs-stats-zone=Middle/Earth', null],
    ['lvs-stats-zone=%00', null],
    ['other-lvs-stats-zone=UTC', null],
    [undefined, null],
  ])('with the cookie %s is %s', (cookie, zone) => {
    expect(chosenZone({ headers: cookie === undefined ? {} : { cookie } })).toBe(zone);
  });

  test('of a picture is in its address, and refused if there is none of that name', () => {
    expect(zoneOfQuery(parseQuery('?zone=Asia%2FTokyo'))).toBe('Asia/Tokyo');
    expect(zoneOfQuery(parseQuery(''))).toBeNull();
    expect(() => zoneOfQuery(parseQuery('?zone=Middle%2FEarth'))).toThrow('write a time zone');
  });

  test.each([
    ['2026-11-21 14:30', 1_795_239_000],
    ['2026-11-21', 1_795_186_800],
    ['7d', null],
    ['2026-13-01', null],
  ])('has the date %s at %s in Tokyo', (text, timeS) => {
    expect(dateInZone(text, 'Asia/Tokyo')).toBe(timeS);
  });

  test('is that of dates in an address', () => {
    const { stretch } = parseView('?since=2026-11-20&until=2026-11-21', 1_795_271_760, 'Asia/Tokyo');
    expect(stretch).toEqual({ kind: 'range', startS: 1_795_186_800 - 86_400, untilS: 1_795_186_800 });
  });
});

describe('the viewer', () => {
  let viewer: TestViewer;
  beforeAll(async () => {
    viewer = await startViewer({ days: 2 });
  });
  afterAll(() => viewer.close());

  const page = async (path: string, zone: string | null): Promise<string> => {
    const headers: Record<string, string> = zone === null ? {} : { cookie: `lvs-stats-zone=${zone}` };
    const response = await fetch(viewer.url + path, { headers });
    expect([response.status, response.headers.get('vary')]).toEqual([200, expect.stringContaining('Cookie')]);
    return response.text();
  };

  test('writes the times of a page in the zone that a cookie names, and the server’s without one', async () => {
    const path = '/service/192.0.2.10_443?since=1795262400&until=1795269600';
    const [own, tokyo] = [await page(path, null), await page(path, 'Asia%2FTokyo')];
    expect(own).toMatch(/<dt>last seen<\/dt><dd>2026-11-21 14:35 UTC</);
    expect(tokyo).toMatch(/<dt>last seen<\/dt><dd>2026-11-21 23:35 JST</);
    expect(own).toContain('data-time-zone="UTC"');
    expect(tokyo).toContain('data-time-zone="Asia/Tokyo"');
    expect(tokyo).toMatch(/name="since" required value="2026-11-21 21:00"/);
    expect(tokyo).toMatch(/<option value="browser" title="" selected>/);
    expect(own).not.toMatch(/\.png[^"]*zone=/);
    expect(tokyo).toMatch(/192\.0\.2\.10_443-cps\.png\?since=\d+&amp;until=\d+&amp;zone=Asia%2FTokyo"/);
  });

  test('draws a picture in the zone that its address names', async () => {
    const bytes = async (query: string) => {
      const response = await fetch(`${viewer.url}/graphs/day/192.0.2.10_443-cps.png${query}`);
      expect([query, response.status]).toEqual([query, 200]);
      return Buffer.from(await response.arrayBuffer());
    };
    expect(await bytes('?zone=Asia/Tokyo')).not.toEqual(await bytes('?zone=UTC'));
    expect((await fetch(`${viewer.url}/graphs/day/192.0.2.10_443-cps.png?zone=x`)).status).toBe(400);
  });

  test('names a span in the zone of the address of its rows', async () => {
    const query = 'name=192.0.2.10_443&type=cps&since=1795262400&until=1795269600&zone=Asia/Tokyo';
    const { span } = (await (await fetch(`${viewer.url}/live/graph?${query}`)).json()) as { span: { label: string } };
    expect(span.label).toBe('2026-11-21 21:00 – 2026-11-21 23:00');
  });

  test('keeps a span that rolls on in the links of a page', async () => {
    const text = await page('/tiles?since=3h', null);
    expect(text).toContain('data-query="since=3h"');
    expect(text).toMatch(/<a href="\/tiles\?since=3h" aria-current="true">3 h<\/a>/);
    expect(text).toMatch(/\/graphs\/span\/[^"]*-traffic\.png\?since=3h&amp;size=tile"/);
    expect(text).toContain('· 3 h</span>');
  });
});
