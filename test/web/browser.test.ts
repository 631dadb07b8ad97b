// Every page of the real viewer in a real browser: with and without scripts, in light and dark, at three widths, held against axe;
// what an operator does with them; and what they say when something is wrong.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseShowStat } from '../../src/collect/haproxy/parse-show-stat.js';
import { fixturePath } from '../collect/capture.js';
import { closePages, hasChromium, launchChromium, openPage } from '../public/browser.js';
import { startViewer, type TestViewer } from './viewer-site.js';

/** Its readable form, `axe.source`, is more than twice as long. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Six proxies (frontends and backends), which have traffic as the 14 services do, and three servers. */
const { reading: haproxy } = parseShowStat(readFileSync(fixturePath('haproxy/before.txt'), 'utf8'), 'a capture');

describe.skipIf(!hasChromium)('in Chromium, the real viewer', () => {
  let browser: Browser;
  let viewer: TestViewer;
  const errors: string[] = [];

  beforeAll(async () => {
    [browser, viewer] = await Promise.all([launchChromium(), startViewer({ services: 14, days: 9, haproxy })]);
    await viewer.cycle();
    await viewer.cycle();
  });

  afterAll(async () => {
    await closePages(browser);
    await viewer?.close();
  });

  async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(browser, options);
    page.on('pageerror', (error) => errors.push(`${page.url()}: ${error}`));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`);
    });
    await page.goto(viewer.url + path);
    return page;
  }

  /** Pages with and without scripts that show one address after the other: a new page takes as much processor time as its contents. */
  const kept = new Map<boolean, Page>();

  /** Shows an address in the page that is kept, as a new one would, in light. */
  async function revisit(path: string, isScripted: boolean): Promise<Page> {
    const page = kept.get(isScripted) ?? (await visit('/api', { javaScriptEnabled: isScripted }));
    kept.set(isScripted, page);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(viewer.url + path);
    return page;
  }

  /** Waits for canvases, or for pictures where there is no script. */
  async function seen(page: Page, isScripted: boolean): Promise<number> {
    const figures = page.locator('figure');
    if ((await figures.count()) === 0) return 0;
    if (isScripted) await page.locator('figure.drawn').first().waitFor();
    else
      await expect.poll(() => page.evaluate<number>('document.querySelector("img").naturalWidth')).toBeGreaterThan(0);
    return figures.count();
  }

  const pages: readonly (readonly [path: string, figures: number])[] = [
    ['/', 5],
    ['/all?share=1&period=week', 5],
    ['/services', 0],
    ['/service/192.0.2.10_443', 13],
    ['/service/192.0.2.10_443?period=week', 13],
    ['/pairs?graph_type=active', 28],
    ['/tiles', 14 + 6],
    ['/tiles?graph_type=packetsize&since=2d', 14],
    ['/director', 10],
    ['/director/cpu_1', 6],
    ['/service/haproxy_be_web', 6],
    ['/service/haproxy_be_web/b%253A2', 6],
    ['/events?period=year', 0],
    ['/api', 0],
    ['/tiles?q=nothing.like.it', 0],
  ];

  /** The rules of axe that look at colours: of all of its findings, only theirs can differ between light and dark. */
  const colourRules = ['color-contrast', 'link-in-text-block'];

  async function seriousFindings(page: Page, runOnly?: string[]): Promise<readonly unknown[]> {
    const options: axe.RunOptions = { resultTypes: ['violations'], ...(runOnly === undefined ? {} : { runOnly }) };
    const { violations } = await page.evaluate(
      (own) => (globalThis as unknown as { axe: typeof axe }).axe.run(own),
      options,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.map(({ id, nodes }) => [id, nodes[0]?.html]);
  }

  test.each(pages)(
    '%s shows %i graphs with scripts, in light and dark without a serious finding of axe, at no width too wide',
    async (path, count) => {
      const page = await revisit(path, true);
      expect(await seen(page, true)).toBe(count);
      expect(await page.locator('.stage').count()).toBeGreaterThanOrEqual(count);
      await page.evaluate(axeSource);
      expect(await seriousFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(['dark', await seriousFindings(page, colourRules)]).toEqual(['dark', []]);
      for (const width of [1280, 390, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        await expect.poll(() => page.evaluate<number>(overflow), { message: `at ${width} pixels` }).toBe(0);
      }
    },
  );

  test.each(pages)('%s shows %i graphs without scripts', async (path, count) => {
    const page = await revisit(path, false);
    expect(await seen(page, false)).toBe(count);
    expect(await page.locator('.no-js figcaption').count()).toBeGreaterThanOrEqual(count);
  });

  test('the time zone that is chosen holds for pages and graphs, and is kept', async () => {
    const page = await visit('/service/192.0.2.10_443', { timezoneId: 'Asia/Tokyo' });
    await page.selectOption('#zone', 'browser');
    await page.locator('body[data-time-zone="Asia/Tokyo"]').waitFor();
    await seen(page, true);
    expect(await page.locator('.facts').textContent()).toMatch(/ JST/);
    await expect.poll(() => page.locator('figure .foot').first().textContent()).toMatch(/data to .* JST/);
    expect(await page.locator('.downloads a').first().getAttribute('href')).toContain('zone=Asia%2FTokyo');
    await page.goto(`${viewer.url}/events`);
    expect(await page.locator('#zone').inputValue()).toBe('browser');
    await page.selectOption('#zone', 'server');
    await page.locator('body[data-time-zone="UTC"]').waitFor();
    await page.context().close();
  });

  test('the state of services is in sight on a phone', async () => {
    const page = await visit('/services', { viewport: { width: 390, height: 844 } });
    const state = await page.locator('th.state').first().boundingBox();
    expect((state?.x ?? 999) + (state?.width ?? 0)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  test('Now shows on a phone below its name what a service has no columns for', async () => {
    const page = await visit('/', { viewport: { width: 390, height: 844 } });
    const folded = page.locator('.folded').first();
    expect(await page.locator('td.conns').first().isVisible()).toBe(false);
    expect(await folded.textContent()).toMatch(/^\S+ .*conn\/s · .* against last week · \d+ real servers?$/);
    expect(await folded.isVisible()).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await folded.isVisible()).toBe(false);
    expect(await page.locator('td.conns').first().isVisible()).toBe(true);
    await page.context().close();
  });

  test('Now fills a large screen with its stacks', async () => {
    const page = await visit('/', { viewport: { width: 2560, height: 1440 } });
    await seen(page, true);
    const tiles = await page
      .locator('.small-stacks figure')
      .evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect().toJSON() as Readonly<Record<'left' | 'right' | 'bottom', number>>),
      );
    expect(tiles).toHaveLength(5);
    expect(Math.min(...tiles.map(({ left }) => left))).toBeLessThan(0.6 * 2560);
    expect(Math.max(...tiles.map(({ right }) => right))).toBeGreaterThan(0.98 * 2560);
    expect(Math.max(...tiles.map(({ bottom }) => bottom))).toBeGreaterThan(0.8 * 1440);
    await page.context().close();
  });

  test('a click on a band of a stack opens that service', async () => {
    const page = await visit('/all');
    await seen(page, true);
    const canvas = page.locator('figure.drawn canvas[role=img]').first();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('there is no canvas to click on');
    // Near the zero line is the largest service.
    await canvas.click({ position: { x: box.width / 2, y: box.height - 40 } });
    await page.waitForURL(/\/service\/[^/]+$/);
    expect(await page.locator('h1').textContent()).toMatch(/\S/);
    await page.context().close();
  });

  test('the page of a service shows a week ago, and hides it by a key and by its button', async () => {
    const page = await visit('/service/192.0.2.10_443');
    await seen(page, true);
    const traffic = page.locator('figure[data-type=traffic]');
    const words = () => traffic.locator('canvas[role=img]').getAttribute('aria-label');
    const button = page.locator('#compare');
    await expect.poll(words).toContain('out a week ago last ');
    expect(await traffic.locator('.legend').textContent()).toContain('in a week ago');
    expect(await traffic.locator('.downloads a').first().getAttribute('href')).toContain('compare=1w');
    await page.keyboard.press('w');
    await expect.poll(words).not.toContain('a week ago');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    expect(page.url()).toContain('compare=none');
    await page.reload();
    await seen(page, true);
    expect(await words()).not.toContain('a week ago');
    await button.click();
    await expect.poll(words).toContain('in a week ago last ');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  test('what is chosen of order and number holds at once, in the address', async () => {
    const page = await visit('/tiles');
    await page.selectOption('select[name=sort]', 'name');
    await page.waitForURL(/sort=name/);
    const names = await page
      .locator('figure')
      .evaluateAll((figures) => figures.map((one) => one.getAttribute('data-name')));
    expect(names.length).toBe(14 + 6);
    await page.goto(page.url());
    expect(await page.locator('select[name=sort]').inputValue()).toBe('name');
    await page.context().close();
  });

  test('the pictures, rows and tables that are offered can be had', async () => {
    const page = await visit('/service/192.0.2.10_443?period=week');
    await seen(page, true);
    const links = await page
      .locator('.downloads a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(links).toHaveLength(39);
    for (const link of links.slice(0, 6)) {
      const response = await page.request.get(viewer.url + link);
      expect([link, response.status()]).toEqual([link, 200]);
    }
    await page.context().close();
  });

  test('a new cycle is drawn in place, with a service that was not there before', async () => {
    const page = await visit('/tiles?top=all&sort=name');
    await seen(page, true);
    const before = viewer.collecting.lastS ?? 0;
    await page.evaluate('document.body.dataset.kept = "yes"');
    const added = await viewer.addService('198.51.100.99', 8099);
    await viewer.cycle();
    await expect.poll(() => page.locator(`figure[data-name="${added}"]`).count()).toBe(1);
    expect(await page.evaluate('document.body.dataset.kept')).toBe('yes');
    expect(viewer.collecting.lastS).toBeGreaterThan(before);
    await page.context().close();
  });

  test('says loudly that collecting has stopped, with and without scripts', async () => {
    const { collecting } = viewer;
    viewer.collecting = { ...collecting, failure: { sinceS: collecting.lastS ?? 0, text: 'ipvsadm: not permitted' } };
    for (const javaScriptEnabled of [true, false]) {
      const page = await visit('/tiles', { javaScriptEnabled });
      const alarm = page.locator('#alarm');
      await alarm.waitFor();
      expect(await alarm.textContent()).toContain('ipvsadm: not permitted');
      await page.context().close();
    }
    const page = await visit('/all');
    viewer.collecting = collecting;
    await expect.poll(() => page.locator('#alarm').isVisible()).toBe(false);
    await page.context().close();
  });

  test('nothing was thrown or refused in any page, and nothing was the server’s own error', () => {
    expect(errors).toEqual([]);
    expect(viewer.errors).toEqual([]);
  });
});
