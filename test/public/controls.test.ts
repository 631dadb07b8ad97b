// Gestures of a reader in a real browser: the crosshair after a zoom, one graph in the whole window, hidden series in the
// address, and values that are copied.

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePages, frames, hasChromium, launchChromium, openPage } from './browser.js';
import { fixtureEndS as endS } from './fixture-rows.js';
import { type Fixture, startFixture } from './fixture-server.js';

describe.skipIf(!hasChromium)('in Chromium, a reader', () => {
  let browser: Browser;
  let fixture: Fixture;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [browser, fixture] = await Promise.all([launchChromium(), startFixture()]);
  });
  afterAll(async () => {
    await closePages(browser);
    await fixture?.close();
  });
  beforeEach(async () => {
    Object.assign(fixture, { services: 12, lastS: endS });
    fixture.hold()();
    errors.length = 0;
    page = await openPage(browser);
    page.on('pageerror', (error) => errors.push(String(error)));
  });
  afterEach(async () => {
    await page.context().close();
    expect(errors).toEqual([]);
  });

  const canvasOf = (figure: number) => page.locator('figure canvas[role=img]').nth(figure);
  const visit = async (query: string): Promise<void> => {
    await page.goto(fixture.url + query);
    await page.locator('figure.drawn').first().waitFor();
  };

  async function drag(target: Locator, from: number, to: number): Promise<void> {
    const box = await target.boundingBox();
    if (box === null) throw new Error('nothing to drag on');
    await page.mouse.move(box.x + from, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + to, box.y + 60, { steps: 5 });
    await page.mouse.up();
  }

  test('sees no canvas before it is drawn', async () => {
    const release = fixture.hold();
    await page.goto(`${fixture.url}?layout=cards`);
    await canvasOf(0).waitFor({ state: 'attached' });
    const opacity = () => canvasOf(0).evaluate((canvas) => getComputedStyle(canvas).opacity);
    expect(await opacity()).toBe('0');
    release();
    await page.locator('figure.drawn').first().waitFor();
    expect(await opacity()).toBe('1');
    // Without an alpha channel it would be black until its pixels are composed.
    const hasAlpha = (canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getContextAttributes().alpha;
    expect(await canvasOf(0).evaluate(hasAlpha)).toBe(true);
  });

  test.each([
    ['stacks', 1920, 1080],
    ['stacks', 1280, 720],
    ['cards', 1920, 1080],
    ['cards', 1080, 1920],
  ])('sees on a wall whole legends, and plots of half the height: %s at %d by %d', async (layout, width, height) => {
    await page.setViewportSize({ width, height });
    await visit(`?layout=${layout}&kiosk`);
    await expect.poll(() => fixture.open).toBe(0);
    await frames(page, 20);
    const cut = await page.locator('figure').evaluateAll((figures) =>
      figures.flatMap((figure) => {
        if (!figure.classList.contains('drawn')) return [];
        const { bottom, height: cardPx } = figure.getBoundingClientRect();
        const rows = [...figure.querySelectorAll('.legend tbody tr')].filter((row) => row.checkVisibility());
        const ends = rows.map((row) => row.getBoundingClientRect().bottom);
        const plotPx = figure.querySelector('.plot')?.clientHeight ?? 0;
        return rows.length === 0 || Math.max(...ends) > bottom || plotPx < 0.45 * cardPx
          ? [figure.dataset['type']]
          : [];
      }),
    );
    expect(cut).toEqual([]);
  });

  test.each(['cards', 'stacks'])(
    'sees one time after a zoom of %s with the mouse at rest, and values',
    async (layout) => {
      await visit(`?layout=${layout}`);
      await drag(canvasOf(1), 200, 400);
      await page.waitForURL(/since=\d+&until=\d+/);
      const figure = page.locator('figure').nth(1);
      const [head, tip] = [figure.locator('thead .here').first(), figure.locator('.tip')];
      const { x: left = 0, width = 0 } = (await canvasOf(1).boundingBox()) ?? {};
      const since = Number(new URL(page.url()).searchParams.get('since'));
      const until = Number(new URL(page.url()).searchParams.get('until'));
      // The row at the mouse, between the axis of values and the right edge.
      const pointedS = since + ((400 - 54) / (width - 62)) * (until - since);
      const rowS = Math.ceil(pointedS / 300) * 300;
      const clock = new Date((rowS + 9 * 3600) * 1000).toISOString().slice(11, 16);
      await expect.poll(() => head.textContent()).toContain(clock);
      await expect.poll(() => tip.textContent()).toContain(clock);
      const cursor = await figure.locator('.cursor').boundingBox();
      expect(Math.abs((cursor?.x ?? 0) - left - 400)).toBeLessThanOrEqual(1);
      const values = await figure.locator('tbody .here').allTextContents();
      expect(values.filter((value) => /\d/.test(value)).length).toBeGreaterThan(1);
      const named = / · 2026-11-2\d \d\d:\d\d – 2026-11-2\d \d\d:\d\d/;
      expect(await figure.locator('caption').first().textContent()).toMatch(named);
      expect(await canvasOf(1).getAttribute('aria-label')).toMatch(named);
    },
  );

  test('has hidden series in the address, also after a reload and in the links of other spans', async () => {
    await visit('?layout=cards&since=3h');
    const button = () => page.locator('figure').nth(1).locator('.legend button').nth(1);
    await button().click();
    await page.waitForURL((url) => url.searchParams.get('hide') === '192.0.2.1_80-traffic~out');
    expect(new URL(page.url()).searchParams.get('since')).toBe('3h');
    await page.reload();
    await expect.poll(() => button().getAttribute('aria-pressed')).toBe('false');
    expect(await page.locator('.periods a').nth(1).getAttribute('href')).toContain('hide=192.0.2.1_80-traffic');
    await button().click();
    await page.waitForURL((url) => !url.searchParams.has('hide'));
  });

  test('sees a span that rolls on, in the address and in what is fetched', async () => {
    await visit('?layout=cards&since=3h');
    await expect.poll(() => page.locator('figure .shows').nth(1).textContent()).toMatch(/ · 3 ?h$/);
    expect(page.url()).toMatch(/since=3h$/);
    expect(fixture.asked.some((url) => url.includes('since=3h&width='))).toBe(true);
  });

  test('lets one graph fill the window by button and key, in the address, and goes back', async () => {
    await visit('?layout=tiles');
    const figure = page.locator('figure').nth(2);
    const height = async () => (await figure.boundingBox())?.height ?? 0;
    await figure.hover();
    await figure.locator('button.fill').click();
    await page.waitForURL(/full=192\.0\.2\.\d+_80-traffic/);
    await expect.poll(height).toBeGreaterThan(700);
    await expect.poll(() => figure.locator('canvas').evaluate((canvas) => canvas.clientHeight)).toBeGreaterThan(500);
    await page.reload();
    await expect.poll(height).toBeGreaterThan(700);
    await page.keyboard.press('Escape');
    await expect.poll(height).toBeLessThan(300);
    expect(page.url()).not.toContain('full=');
    await figure.locator('canvas').hover({ position: { x: 200, y: 60 } });
    await page.keyboard.press('f');
    await expect.poll(height).toBeGreaterThan(700);
    await page.keyboard.press('f');
    await expect.poll(height).toBeLessThan(300);
  });

  test('copies a figure by a click, and the values at the crosshair by a key', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit('?layout=cards');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const cell = page.locator('figure').nth(1).locator('.legend td[data-label=max]').first();
    await cell.click();
    await expect.poll(copied).toBe(await cell.textContent());
    await canvasOf(1).hover({ position: { x: 300, y: 60 } });
    await expect.poll(() => page.locator('figure').nth(1).locator('thead .here').first().textContent()).not.toBe('');
    await page.keyboard.press('c');
    const line = /^192\.0\.2\.1:80 Traffic, bit\/s, 2026-11-2\d \d\d:\d\d JST: in [\d.]+ M, out [\d.]+ M$/;
    await expect.poll(copied).toMatch(line);
    await expect.poll(() => page.locator('[aria-live=polite]').textContent()).toMatch(/^copied: /);
  });

  test('has little above the graphs on a phone, and the rest of the bar behind a button', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit('?layout=cards');
    const top = await page.locator('main').boundingBox();
    expect(top?.y).toBeLessThan(125);
    const search = page.locator('.search input[type=search]');
    expect(await search.isVisible()).toBe(false);
    await page.locator('.more').click();
    expect(await search.isVisible()).toBe(true);
    expect(await page.locator('.more').getAttribute('aria-expanded')).toBe('true');
    await page.locator('.more').click();
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
  });
});
