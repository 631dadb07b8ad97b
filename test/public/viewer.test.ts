// The client in a real browser, on pages and rows as the server gives them.

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../until.js';
import { closePages, frames, hasChromium, launchChromium, openPage } from './browser.js';
import { fixtureEndS as endS, fixtureName } from './fixture-rows.js';
import { type Fixture, startFixture } from './fixture-server.js';

describe.skipIf(!hasChromium)('in Chromium, the viewer', () => {
  let browser: Browser;
  let fixture: Fixture;
  let page: Page;
  let kept: Page | undefined;
  const errors: string[] = [];

  beforeAll(async () => {
    [browser, fixture] = await Promise.all([launchChromium(), startFixture()]);
  });
  afterAll(async () => {
    await closePages(browser);
    await fixture?.close();
  });
  beforeEach(async () => {
    Object.assign(fixture, { services: 12, lastS: endS, status: {}, isBroken: false, stepS: undefined });
    fixture.hold()();
    fixture.asked.length = 0;
    errors.length = 0;
    kept ??= await open({});
    page = kept;
  });
  afterEach(async () => {
    if (page === kept) await empty(page);
    else await page.context().close();
    // Nothing was refused by the policy of content, and nothing thrown.
    expect(errors).toEqual([]);
  });

  /** Leaves a page as a new one: a new one takes as much processor time as most of what is tested in it. */
  async function empty(used: Page): Promise<void> {
    await used.mouse.move(0, 0);
    await used.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await used.goto('about:blank');
  }

  /** Opens a page with options of its own, or whose clock is replaced. */
  async function open(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
    if (page !== kept) await page?.context().close();
    const opened = await openPage(browser, options);
    opened.on('pageerror', (error) => errors.push(String(error)));
    opened.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('503')) errors.push(message.text());
    });
    return opened;
  }

  /** Asks again and again while the page's clock runs on: answers take their own time, whatever it shows. */
  const soon = <T>(ask: () => Promise<T>) =>
    expect.poll(async () => {
      await page.clock.runFor(5000);
      return ask();
    });
  const canvasOf = (figure: number) => page.locator('figure canvas[role=img]').nth(figure);
  const drawn = async (figure = 0) => page.locator('figure.drawn').nth(figure).waitFor();
  /** Waits until no rows are asked for any more. */
  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < 5; ) {
      const before = fixture.asked.length;
      await frames(page, 10);
      calm = fixture.open === 0 && fixture.asked.length === before ? calm + 1 : 0;
    }
  };
  const shows = (figure: number) => page.locator('figure .shows').nth(figure);

  async function visit(query: string): Promise<void> {
    await page.goto(fixture.url + query);
    await drawn();
  }

  async function drag(target: Locator, from: number, to: number): Promise<void> {
    const box = await target.boundingBox();
    if (box === null) throw new Error('nothing to drag on');
    await page.mouse.move(box.x + from, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + (from + to) / 2, box.y + 70, { steps: 3 });
    await page.mouse.move(box.x + to, box.y + 60, { steps: 3 });
    await page.mouse.up();
  }

  test('draws canvases with figures, and states them in words', async () => {
    await visit('?layout=cards');
    const label = await canvasOf(1).getAttribute('aria-label');
    expect(label).toContain('Traffic, bit/s · 24 h of 192.0.2.1:80 TCP: in last ');
    expect(label).toContain('counters reset');
    const heads = await page.locator('figure').nth(1).locator('thead th').allTextContents();
    expect(heads.slice(2)).toEqual(['last', 'min', 'avg', 'max', 'p95', 'total']);
    const colours = await canvasOf(1).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(new Uint32Array(Uint8Array.from(data).buffer)).size;
    });
    expect(colours).toBeGreaterThan(20);
  });

  test('without a script shows pictures with links', async () => {
    page = await open({ javaScriptEnabled: false });
    await page.goto(`${fixture.url}?layout=cards`);
    expect(await page.locator('figure img').first().isVisible()).toBe(true);
    expect(await page.locator('.stage').first().isVisible()).toBe(false);
  });

  test('zooms all graphs by dragging one, in the address, and back again', async () => {
    await visit('?layout=cards');
    await drawn(3);
    const release = fixture.hold();
    await drag(canvasOf(1), 200, 400);
    await page.waitForURL(/since=\d+&until=\d+/);
    // At once, from the rows that are known.
    await expect.poll(() => shows(1).textContent()).toMatch(/JST|–/);
    release();
    await expect.poll(() => shows(2).textContent()).toMatch(/ – /);
    await expect.poll(() => fixture.asked.filter((url) => url.includes('since=')).length).toBeGreaterThan(3);
    await expect.poll(() => page.locator('.zoomed').textContent()).toContain(' – ');
    await expect.poll(() => page.locator('figure .downloads a').first().getAttribute('href')).toContain('since=');
    await page.goBack();
    await expect.poll(() => shows(1).textContent()).toBe('Traffic, bit/s · 24 h');
    expect(page.url()).not.toContain('since=');
    await page.goForward();
    await expect.poll(() => shows(1).textContent()).toMatch(/ – /);
    await page.keyboard.press('Escape');
    await expect.poll(() => shows(1).textContent()).toBe('Traffic, bit/s · 24 h');
  });

  test('shows the same again from an address with a span', async () => {
    await visit(`?layout=cards&since=${endS - 7200}&until=${endS}`);
    await expect.poll(() => shows(1).textContent()).toMatch(/2026-11-21 03:35 – 2026-11-21 05:35/);
    expect(fixture.asked.filter((url) => url.startsWith('/live/graph')).every((url) => url.includes('since='))).toBe(
      true,
    );
    await page.locator('body').press('0');
    await expect.poll(() => shows(1).textContent()).toBe('Traffic, bit/s · 24 h');
  });

  test('goes back to the day after a zoom and a reload, and fixes times that only the server knows', async () => {
    await visit('?layout=cards');
    await drag(canvasOf(0), 200, 400);
    await page.waitForURL(/since=\d+&until=\d+/);
    await page.reload();
    await drawn();
    await page.goBack();
    await expect.poll(() => shows(0).textContent()).toMatch(/ · 24 h$/);
    await page.goto(`${fixture.url}?layout=cards&since=${endS - 7200}&until=${endS}`);
    await drawn();
    expect(page.url()).toContain(`since=${endS - 7200}&until=${endS}`);
  });

  test('goes out by a double click, and pans by dragging with Shift', async () => {
    await visit(`?layout=cards&since=${endS - 7200}&until=${endS - 3600}`);
    await canvasOf(1).dblclick({ position: { x: 300, y: 60 } });
    await page.waitForURL(
      (url) => Number(url.searchParams.get('until')) - Number(url.searchParams.get('since')) === 7200,
    );
    const until = Number(new URL(page.url()).searchParams.get('until'));
    await page.keyboard.down('Shift');
    await drag(canvasOf(1), 200, 400);
    await page.keyboard.up('Shift');
    await page.waitForURL((url) => Number(url.searchParams.get('until')) < until - 1200);
  });

  test('puts one crosshair on all graphs, with their values there', async () => {
    await visit('?layout=cards');
    await drawn(1);
    await canvasOf(0).hover({ position: { x: 300, y: 60 } });
    const heads = page.locator('figure .legend thead .here');
    await expect.poll(() => heads.nth(0).textContent()).toMatch(/^(Fri 20|Sat 21) \d\d:\d5$|\d0$/);
    const here = await heads.nth(0).textContent();
    await expect.poll(() => heads.nth(1).textContent()).toBe(here);
    const value = page.locator('figure').nth(1).locator('tbody .here').first();
    await expect.poll(() => value.textContent()).toMatch(/\d M$/);
    const places = await page
      .locator('.cursor:not([hidden])')
      .evaluateAll((lines) => lines.map((line) => (line as HTMLElement).style.transform));
    expect(places.length).toBeGreaterThan(1);
    expect(new Set(places).size).toBe(1);
    await page.mouse.move(5, 5);
    await expect.poll(() => heads.nth(0).textContent()).toBe('');
  });

  test('shows what happened near the crosshair, and the newest of it in words', async () => {
    await visit('?layout=cards');
    await drawn(1);
    // Three hours before the end of a day, between the axis of values and the right edge.
    const { width = 0 } = (await canvasOf(1).boundingBox()) ?? {};
    await canvasOf(1).hover({ position: { x: 54 + (width - 62) * (21 / 24) + 2, y: 60 } });
    const tip = page.locator('figure').nth(1).locator('.tip');
    await expect.poll(() => tip.textContent()).toMatch(/\n2026-11-21 11:35 weight changed 10\.0\.0\.5:8080: 1 to 0$/);
    expect(await canvasOf(1).getAttribute('aria-label')).toContain('Newest events: 2026-11-21 11:35 weight changed');
    await canvasOf(1).hover({ position: { x: 300, y: 60 } });
    await expect.poll(() => tip.textContent()).not.toContain('weight');
  });

  test('is worked by the keyboard alone on a graph', async () => {
    await visit('?layout=cards');
    await canvasOf(1).focus();
    await page.keyboard.press('ArrowLeft');
    const head = page.locator('figure').nth(1).locator('thead .here');
    await expect.poll(() => head.textContent()).not.toBe('');
    const before = await head.textContent();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => head.textContent()).not.toBe(before);
    await expect.poll(() => page.locator('[aria-live=polite]').textContent()).toMatch(/: in [\d.]+ M, out /);
    await page.keyboard.press('+');
    await page.waitForURL(
      (url) => Number(url.searchParams.get('until')) - Number(url.searchParams.get('since')) === 43_200,
    );
    const since = Number(new URL(page.url()).searchParams.get('since'));
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForURL((url) => Number(url.searchParams.get('since')) === since - 10_800);
    await page.keyboard.press('0');
    await page.waitForURL(/period=day/);
    // Faster than anything is drawn: each goes on from where the one before it led.
    await canvasOf(1).evaluate((canvas) => {
      for (const key of ['+', '+']) canvas.dispatchEvent(new KeyboardEvent('keydown', { key }));
    });
    await page.waitForURL(
      (url) => Number(url.searchParams.get('until')) - Number(url.searchParams.get('since')) === 21_600,
    );
  });

  test('switches series by click and by keyboard, and draws without them', async () => {
    await visit('?layout=cards');
    await drawn(1);
    const buttons = page.locator('figure').nth(1).locator('.legend button');
    const picture = () => canvasOf(1).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await picture();
    const pressed = (button: number) => expect.poll(() => buttons.nth(button).getAttribute('aria-pressed'));
    await buttons.nth(0).click();
    await pressed(0).toBe('false');
    await expect.poll(picture).not.toBe(before);
    await buttons.nth(0).press('Enter');
    await pressed(0).toBe('true');
    await page.mouse.move(5, 5);
    await expect.poll(picture).toBe(before);
    await buttons.nth(1).click({ modifiers: ['Shift'] });
    await pressed(0).toBe('false');
    await pressed(1).toBe('true');
    const nothing = page.locator('figure').nth(1).locator('.nothing');
    expect(await nothing.isVisible()).toBe(false);
    await buttons.nth(1).click();
    await expect.poll(() => nothing.isVisible()).toBe(true);
  });

  test('opens the service whose band is clicked, and names it before', async () => {
    await visit('?layout=stacks');
    await canvasOf(0).hover({ position: { x: 300, y: 164 } });
    const tip = page.locator('figure').nth(0).locator('.tip');
    await expect.poll(() => tip.textContent()).toMatch(/^192\.0\.2\.\d+:80 /);
    const named = /^(\S+):80/.exec((await tip.textContent()) ?? '')?.[1];
    await canvasOf(0).click({ position: { x: 300, y: 164 } });
    await page.waitForURL(`**/service/${named}_80?period=day`);
  });

  test('shows stacks as parts of a hundred', async () => {
    await visit('?layout=stacks');
    await page.locator('figure[data-share]').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('figure[data-share] .shows').textContent()).toContain('% of all');
  });

  test('renews graphs and takes in new services after a cycle, in place', async () => {
    page = await open({});
    await page.clock.install({ time: (endS + 100) * 1000 });
    await visit('?layout=tiles');
    const names = page.locator('figure');
    expect(await names.count()).toBe(12);
    await page.clock.runFor(3000);
    fixture.asked.length = 0;
    fixture.services = 13;
    fixture.lastS = endS + 300;
    await soon(() => names.count()).toBe(13);
    await expect.poll(() => fixture.asked.filter((url) => url.includes(fixtureName(0))).length).toBe(1);
    await page.clock.runFor(100);
    await expect.poll(() => page.locator('.foot').first().textContent()).toContain('14:40');
  });

  test('raises the alarm if collecting has stopped or the server is unreachable', async () => {
    page = await open({});
    await page.clock.install({ time: (endS + 100) * 1000 });
    await visit('?layout=cards');
    await page.clock.runFor(3000);
    await expect.poll(() => page.locator('#age').textContent()).toBe('● 2 min ago');
    expect(await page.locator('#alarm').isVisible()).toBe(false);
    fixture.status = { state: 'late', message: 'Collecting has stopped: start it again.', nowS: endS + 1500 };
    await soon(() => page.locator('#alarm').textContent()).toBe('Collecting has stopped: start it again.');
    await soon(() => page.locator('#age').getAttribute('class')).toBe('late');
    await soon(() => page.title()).toMatch(/^STOPPED · /);
    fixture.isBroken = true;
    await soon(() => page.locator('#alarm').textContent()).toContain('has been unreachable since');
    fixture.isBroken = false;
    fixture.status = {};
    await soon(() => page.locator('#alarm').isVisible()).toBe(false);
    await soon(() => page.title()).toMatch(/^lb1/);
  });

  test('says where a graph would be why it is not there', async () => {
    fixture.isBroken = true;
    await page.goto(`${fixture.url}?layout=cards`);
    await expect.poll(() => page.locator('.trouble').first().textContent()).toContain('the database is being repaired');
  });

  test('goes through the themes, keeps the choice, and draws in its colours', async () => {
    await visit('?layout=cards');
    const corner = () =>
      canvasOf(0).evaluate((canvas: HTMLCanvasElement) => [
        ...(canvas.getContext('2d')?.getImageData(1, 1, 1, 1).data ?? []),
      ]);
    await expect.poll(corner).toEqual([255, 255, 255, 255]);
    await page.locator('#theme').click();
    await page.keyboard.press('t');
    await expect.poll(corner).toEqual([23, 26, 31, 255]);
    await page.reload();
    await drawn();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await expect.poll(corner).toEqual([23, 26, 31, 255]);
  });

  test('puts light graphs on paper, those that were freed too, and dark ones on the screen again', async () => {
    page = await open({ colorScheme: 'dark' });
    fixture.services = 200;
    await visit('?layout=tiles');
    await page.locator('figure').nth(199).waitFor({ state: 'attached' });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.locator('figure.drawn').last().waitFor();
    await expect.poll(() => canvasOf(0).evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(0);
    const corner = () =>
      canvasOf(0).evaluate((canvas: HTMLCanvasElement) =>
        canvas.width === 0 ? 'freed' : [...(canvas.getContext('2d')?.getImageData(1, 1, 1, 1).data ?? [])].join(),
      );
    await page.emulateMedia({ media: 'print' });
    await expect.poll(corner).toBe('255,255,255,255');
    await page.emulateMedia({ media: 'screen' });
    await expect.poll(corner).toBe('freed');
    const last = page.locator('figure canvas[role=img]').last();
    await expect
      .poll(() => last.evaluate((one: HTMLCanvasElement) => one.getContext('2d')?.getImageData(1, 1, 1, 1).data[0]))
      .toBe(23);
  });

  test('names a band at a tap, and opens it at the next', async () => {
    page = await open({ hasTouch: true, isMobile: true, viewport: { width: 800, height: 900 } });
    await visit('?layout=stacks');
    const box = await canvasOf(0).boundingBox();
    if (box === null) throw new Error('nothing to tap on');
    // A finger that a busy browser takes for one that rests has to tap again.
    const tapUntil = (isSo: () => Promise<boolean>) =>
      until('a tap is taken', async () => {
        await page.touchscreen.tap(box.x + 300, box.y + 164);
        await frames(page, 3);
        return isSo();
      });
    const tip = page.locator('figure').nth(0).locator('.tip');
    const named = /^192\.0\.2\.\d+:80 .* · tap again to open$/;
    await tapUntil(async () => named.test((await tip.textContent()) ?? ''));
    expect(page.url()).not.toContain('/service/');
    await tapUntil(async () => /\/service\/192/.test(page.url()));
    await visit('?layout=tiles');
    const heights = await page
      .locator('figure .downloads a')
      .evaluateAll((links) => links.slice(0, 6).map((link) => link.checkVisibility() && link.clientHeight >= 24));
    expect(heights).toEqual(Array(6).fill(true));
  });

  test('follows the system in its colours', async () => {
    page = await open({ colorScheme: 'dark' });
    await visit('?layout=cards');
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await expect.poll(ground).toBe('rgb(15, 18, 22)');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(ground).toBe('rgb(242, 244, 247)');
  });

  test('has keys for search, periods and help', async () => {
    await visit('?layout=cards');
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
    await page.keyboard.type('?2t');
    await expect.poll(() => page.locator('input[name=q]').inputValue()).toBe('?2t');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.keyboard.press('2');
    await page.waitForURL(/period=week/);
  });

  test('fetches of 2,000 tiles what is near, a few at a time, and frees what is far', async () => {
    fixture.services = 2000;
    const release = fixture.hold();
    await page.goto(`${fixture.url}?layout=tiles`);
    await expect.poll(() => fixture.open).toBe(5);
    await frames(page, 30);
    expect(fixture.open).toBe(5);
    release();
    await drawn();
    await quiet();
    const first = fixture.asked.length;
    expect(first).toBeLessThan(60);
    await page.locator('figure').nth(1999).waitFor({ state: 'attached' });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.locator('figure.drawn').last().waitFor();
    await quiet();
    expect(fixture.asked.length - first).toBeLessThan(90);
    const canvases = await page
      .locator('figure canvas[role=img]')
      .evaluateAll((all) => all.filter((one) => (one as HTMLCanvasElement).width > 0).length);
    expect(canvases).toBeLessThan(80);
  });

  test.each([390, 1280, 2560])('has no scrolling sideways at %d pixels', async (width) => {
    page = await open({ viewport: { width, height: 900 } });
    for (const layout of ['cards', 'tiles', 'pairs', 'stacks']) {
      await visit(`?layout=${layout}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  });

  test('has all tiles in their order, with scripts and without, though those after the first sixty arrive as text', async () => {
    fixture.services = 150;
    const names = Array.from({ length: 150 }, (_, index) => fixtureName(index));
    const ofPage = (): Promise<readonly (string | null)[]> =>
      page.locator('main > figure').evaluateAll((all) => all.map((one) => one.getAttribute('data-name')));
    await visit('?layout=tiles');
    await page.locator('figure').nth(149).waitFor({ state: 'attached' });
    expect(await ofPage()).toEqual(names);
    expect(await page.locator('noscript.later, figure .still img').count()).toBe(0);
    await page.locator('figure').nth(149).scrollIntoViewIfNeeded();
    await page.locator('figure').nth(149).and(page.locator('.drawn')).waitFor();

    page = await open({ javaScriptEnabled: false });
    await page.goto(`${fixture.url}?layout=tiles`);
    const last = page.getByRole('img').nth(149);
    await last.scrollIntoViewIfNeeded();
    const [first, after] = [await page.getByRole('img').nth(59).boundingBox(), await last.boundingBox()];
    expect(after?.width).toBe(first?.width);
  });

  test('keeps the place when it is loaded again', async () => {
    fixture.services = 300;
    await visit('?layout=tiles');
    await page.locator('figure').nth(299).waitFor({ state: 'attached' });
    await page.evaluate('scrollTo(0, 9000)');
    await frames(page, 20);
    await page.reload();
    await expect.poll(() => page.evaluate('scrollY')).toBe(9000);
  });

  test('does not jump while it loads', async () => {
    for (const layout of ['cards', 'tiles', 'pairs', 'stacks']) {
      const release = fixture.hold();
      await page.goto(`${fixture.url}?layout=${layout}`);
      await expect.poll(() => fixture.open).toBeGreaterThan(0);
      await frames(page, 10);
      const tops = () =>
        page.locator('figure').evaluateAll((all) => all.slice(0, 6).map((one) => one.getBoundingClientRect().top));
      const before = await tops();
      release();
      await drawn(1);
      await quiet();
      expect([layout, ...(await tops())]).toEqual([layout, ...before]);
    }
  });

  test('fills a wall screen, without controls', async () => {
    await visit('?layout=cards&kiosk');
    expect(
      await page
        .locator('.search, .periods, .downloads, #theme')
        .evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
    expect(await page.locator('button.help').isVisible()).toBe(false);
  });
});
