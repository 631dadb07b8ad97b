// HAProxy's proxies with names as long as people make them, in a real browser: at every width the kind of graph and its unit are
// readable, nothing is wider than the page, and the whole name can be reached.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseShowStat } from '../../src/collect/haproxy/parse-show-stat.js';
import { haproxyName } from '../../src/model/names/haproxy-name.js';
import { pathOfName } from '../../src/model/names/name.js';
import { closePages, hasChromium, launchChromium } from '../public/browser.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const backends = [
  'be_secure:customer-portal-production:order-tracking-web-frontend-route',
  'be_without_a_place_to_break_'.padEnd(165, 'abcdefghij'),
  'short',
];
const server = 'pod_'.padEnd(165, 'frontend_v2_868959894b_');

/** One backend and one server, as a line of HAProxy's statistics. */
function line(proxy: string, name: string): string {
  const cells: Record<number, string> = { 0: proxy, 1: name, 4: '1', 7: '50', 8: '500', 9: '2500', 17: 'UP', 18: '1' };
  const more: Record<number, string> = {
    26: '1',
    27: '3',
    28: name === 'BACKEND' ? '0' : '1',
    32: name === 'BACKEND' ? '1' : '2',
  };
  return Array.from({ length: 34 }, (_, i) => cells[i] ?? more[i] ?? '').join(',');
}

const titles =
  '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,';
const lines = backends.flatMap((name) => [line(name, server), line(name, 'BACKEND')]);
const { reading: haproxy } = parseShowStat([titles, ...lines.map((text) => `${text},`), ''].join('\n'), 'a test');
const widthsPx = [390, 500, 1280, 2560] as const;

describe.skipIf(!hasChromium)('in Chromium, long names', () => {
  let browser: Browser;
  let viewer: TestViewer;

  beforeAll(async () => {
    [browser, viewer] = await Promise.all([
      launchChromium(),
      startViewer({ services: 2, days: 1, haproxy, director: 'lb-'.padEnd(200, 'director') }),
    ]);
    await viewer.cycle();
    await viewer.cycle();
  });

  afterAll(async () => {
    await closePages(browser);
    await viewer?.close();
  });

  async function visit(path: string, widthPx: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: widthPx, height: 900 } });
    const page = await context.newPage();
    await page.goto(viewer.url + path);
    return page;
  }

  /** Kinds of graphs that are cut off, or do not lie within their card. */
  function hiddenShows(page: Page): Promise<readonly string[]> {
    return page.evaluate<string[]>(`[...document.querySelectorAll('figure.graph')].flatMap((figure) => {
      const shows = figure.querySelector('.shows');
      if (shows === null) return ['no kind of graph'];
      const [own, card] = [shows.getBoundingClientRect(), figure.getBoundingClientRect()];
      const isInside = own.left >= card.left && own.right <= card.right && own.bottom <= card.bottom;
      const isWhole = shows.scrollWidth <= shows.clientWidth || getComputedStyle(shows).overflow === 'visible';
      return isInside && isWhole && own.width > 40 && own.height > 10 ? [] : [shows.textContent];
    })`);
  }

  /** Elements that are wider than the page, or squeeze the others in a table. */
  function tooWide(page: Page): Promise<readonly string[]> {
    return page.evaluate<string[]>(`(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const cells = [...document.querySelectorAll('.table :is(tbody th, td), h1, .host, figcaption .of')];
      const wide = cells.filter((cell) => cell.getBoundingClientRect().width > Math.max(480, clientWidth));
      const narrow = cells.filter((cell) => cell.matches('tbody th') && cell.getBoundingClientRect().height > 200);
      const widePage = scrollWidth > clientWidth ? ['the page: ' + scrollWidth + ' of ' + clientWidth] : [];
      return [...widePage, ...[...wide, ...narrow].map((cell) => cell.className + ' ' + cell.textContent.slice(0, 60))];
    })()`);
  }

  const pathOf = (proxy: string, of = ''): string =>
    `/service/${pathOfName(haproxyName({ kind: of === '' ? 'backend' : 'server', proxy, server: of }))}`;
  const pages: readonly (readonly [title: string, path: string, kinds: readonly string[]])[] = [
    ['the page of a backend', pathOf(backends[0] ?? ''), ['New sessions', 'Traffic, bit/s']],
    ['the page of a backend without a place to break', pathOf(backends[1] ?? ''), ['New sessions', 'Traffic, bit/s']],
    ['the page of a server', pathOf('short', server), ['New sessions', 'Traffic, bit/s']],
    ['tiles', '/tiles?top=all', ['Traffic, bit/s']],
    ['pairs', '/pairs?graph_type=sps', ['New sessions']],
    ['the list of services', '/services?q=haproxy', []],
    ['events', '/events?period=year', []],
  ];

  test.each(pages)(
    'on %s, leave each graph its kind and unit, and fit the page at every width',
    async (_, path, kinds) => {
      const page = await visit(path, widthsPx[0]);
      expect((await page.locator('figure').count()) > 0).toBe(kinds.length > 0);
      for (const widthPx of widthsPx) {
        await page.setViewportSize({ width: widthPx, height: 900 });
        if (kinds.length > 0) await page.locator('figure.drawn').first().waitFor();
        const shows = await page.locator('figure .shows').allTextContents();
        for (const kind of kinds) expect(shows.some((text) => text.startsWith(kind))).toBe(true);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect([widthPx, await hiddenShows(page)]).toEqual([widthPx, []]);
          expect([widthPx, await tooWide(page)]).toEqual([widthPx, []]);
        }
      }
      await page.context().close();
    },
  );

  test('are whole in titles and in labels for screen readers', async () => {
    const page = await visit(pathOf(backends[1] ?? ''), 390);
    await page.locator('figure.drawn').first().waitFor();
    expect(await page.locator('figure .of').first().getAttribute('title')).toContain(backends[1]);
    expect(await page.locator('figure canvas').first().getAttribute('aria-label')).toContain(backends[1]);
    expect(await page.locator('.host').getAttribute('title')).toMatch(/^lb-(director)+/);
    expect(await page.locator('h1').textContent()).toContain(backends[1]);
    await page.context().close();
  });
});
