// The page of the map in a real browser: by mouse, by keyboard, in light and dark, at three widths, held against axe; and a map of a thousand
// nodes and ten thousand edges, whose script stays out of the way.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkSubject } from '../../../src/model/finding/link-text.js';
import { standardPolicy } from '../../../src/model/policy/policy.js';
import type { MapMoment, ServedMap } from '../../../src/web/map/served-map.js';
import { hasChromium, launchChromium, openPage } from '../../public/browser.js';
import { startViewer, type TestViewer } from '../viewer-site.js';
import { largeMoment, servedMap, topology } from './a-map.js';

/** Where pictures of the page go, for people; none by default. */
const shots = process.env['LVS_STATS_SHOTS'] ?? '';

const nowS = 1_795_271_760;

const slow = {
  kind: 'link-lost',
  subject: linkSubject('web2/10.20.1.1'),
  severity: 'warning',
  sinceS: nowS - 600,
  archives: [],
  numbers: {},
} as const;

describe.skipIf(!hasChromium)('in Chromium, the map', () => {
  let browser: Browser;
  let viewer: TestViewer;
  let map: ServedMap;
  let large: MapMoment | null = null;

  beforeAll(async () => {
    [browser, viewer] = await Promise.all([
      launchChromium(),
      startViewer({
        services: 3,
        days: 1,
        policy: { policy: { ...standardPolicy, topology }, problem: null },
        linkFindings: () => [slow],
        map: {
          now: async () => large ?? (await map.now()),
          kept: () => map.kept(),
          at: (timeS) => map.at(timeS),
        },
      }),
    ]);
    map = servedMap(() => viewer.store.latest(), { nowS });
  });

  afterAll(async () => {
    await browser?.close();
    await viewer?.close();
  });

  /** A page whose errors, also those of the content security policy, are in a list. */
  async function opened(path: string, options: Parameters<typeof openPage>[1] = {}) {
    const page = await openPage(browser, options);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(viewer.url + path);
    return { page, errors };
  }

  async function seriousFindings(page: Page): Promise<readonly unknown[]> {
    const options: axe.RunOptions = { resultTypes: ['violations'] };
    const { violations } = await page.evaluate(
      (own) => (globalThis as unknown as { axe: typeof axe }).axe.run(own),
      options,
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.map(({ id, nodes }) => [id, nodes[0]?.html]);
  }

  /** Clicks the middle of an arc, which is curved. */
  async function clickArc(page: Page, selector: string): Promise<void> {
    const { x, y } = await page.evaluate<{ readonly x: number; readonly y: number }>(`(() => {
      const path = document.querySelector(${JSON.stringify(`${selector} path`)});
      const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
      return { x, y };
    })()`);
    await page.mouse.click(x, y);
  }

  const label = (page: Page): Promise<string | null> =>
    page.evaluate<string | null>("document.activeElement?.getAttribute('aria-label') ?? null");

  test('has no serious finding of axe in light and dark, and is at no width too wide', async () => {
    const { page, errors } = await opened('/map?expand=web&from=role:web&to=role:db', { bypassCSP: true });
    await page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 390, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        await expect.poll(() => page.evaluate<number>(overflow), { message: `at ${width} pixels` }).toBe(0);
        if (width !== 2560) expect([colorScheme, width, await seriousFindings(page)]).toEqual([colorScheme, width, []]);
        if (shots === '') continue;
        mkdirSync(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `map-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('clicks expand, select and go back without loading the page anew', async () => {
    const { page, errors } = await opened('/map');
    await page.evaluate(() => Object.assign(globalThis, { isSame: true }));
    await page.locator('svg.wide [aria-label="expand web"]').click();
    await page.locator('svg.wide .cell[aria-label^="web2"]').click();
    await page.locator('#about h2', { hasText: 'web2, tx' }).waitFor();
    expect(new URL(page.url()).search).toBe('?expand=web&node=host%3Aweb2');
    await clickArc(page, 'svg.wide .edge[aria-label^="web to db"]');
    await page.locator('#about h2', { hasText: 'web to db' }).waitFor();
    await page.goBack();
    await page.locator('#about h2', { hasText: 'web2, tx' }).waitFor();
    await page.locator('input[name=search]').fill('db1');
    await page.keyboard.press('Enter');
    await page.locator('svg.wide [aria-label^="db1, fr"]').waitFor();
    expect(await page.evaluate(() => 'isSame' in globalThis)).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('an address that the server refuses shows its error', async () => {
    const { page } = await opened('/map');
    await page.locator('input[name=uses]').fill('mark 99');
    await page.keyboard.press('Enter');
    await page.getByText('there is no virtual service').first().waitFor();
    await page.context().close();
  });

  test('the keyboard walks the map, expands, hides and closes', async () => {
    const { page } = await opened('/map');
    await page.locator('svg.wide .column [data-node]').first().focus();
    expect(await label(page)).toMatch(/^services: /);
    await page.keyboard.press('ArrowRight');
    expect(await label(page)).toMatch(/^web: 2 nodes/);
    await page.keyboard.press('End');
    expect(await label(page)).toMatch(/^unknown: /);
    await page.keyboard.press('Home');
    expect(await label(page)).toMatch(/^services: /);
    await page.keyboard.press('ArrowRight');
    expect(await label(page)).toMatch(/^web: 2 nodes/);
    await page.keyboard.press('e');
    await page.locator('svg.wide [aria-label="fold web"]').waitFor();
    // The focus stays at the column, so that the next key acts there.
    await expect.poll(() => label(page)).toBe('fold web');
    await page.keyboard.press('e');
    await expect.poll(() => label(page)).toBe('expand web');
    await page.keyboard.press('e');
    await expect.poll(() => label(page)).toBe('fold web');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => label(page)).toMatch(/^web[12], tx/);
    await page.keyboard.press('Enter');
    await page.locator('#about').waitFor();
    await expect.poll(() => label(page)).toMatch(/^web[12], tx/);
    await page.keyboard.press('Escape');
    await page.locator('#about').waitFor({ state: 'detached' });
    await expect.poll(() => label(page)).toMatch(/^web[12], tx/);
    await page.keyboard.press('x');
    await page.getByLabel('Show web again').waitFor();
    // On the column that took the place of the hidden one.
    await expect.poll(() => label(page)).toBe('expand db');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => label(page)).not.toBe('expand db');
    await page.locator('svg.wide .column [data-node]').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('#about').waitFor();
    await page.locator('#about .close').focus();
    await page.keyboard.press('Enter');
    await page.locator('#about').waitFor({ state: 'detached' });
    await expect.poll(() => label(page)).toMatch(/^services: /);
    await page.context().close();
  });

  test('the focus stays where it was after a link of the page, and is at the content if that is gone', async () => {
    const { page } = await opened('/map?exclude=web');
    const words = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent.trim()');
    await page.locator('.axes a', { hasText: 'data centre' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.axes [aria-current]', { hasText: 'data centre' }).waitFor();
    await expect.poll(words).toBe('data centre');
    await page.goto(`${viewer.url}/map?exclude=web`);
    await page.getByLabel('Show web again').focus();
    await page.keyboard.press('Enter');
    await page.locator('svg.wide [aria-label="expand web"]').waitFor();
    await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toBe('map');
    await page.context().close();
  });

  test('the focus stays on the second of two buttons with the same words', async () => {
    const { page } = await opened('/map');
    await page.locator('input[name=without]').fill('db1');
    const button = page.locator('form', { has: page.locator('input[name=without]') }).locator('button');
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Without host db1').waitFor();
    const field = "document.activeElement.closest('form')?.querySelector('input:not([type=hidden])')?.name";
    await expect.poll(() => page.evaluate<string>(field)).toBe('without');
    await page.context().close();
  });

  test('the page that renews itself keeps the force layout', async () => {
    const { page } = await opened('/map');
    await page.locator('#force').click();
    await page.locator('svg.force a').first().waitFor();
    // As the page does after a cycle, with what the server then has.
    await page.evaluate(`(() => {
      const part = document.querySelector('[data-live="map"]');
      const fresh = part.cloneNode(true);
      fresh.querySelector('svg.force').remove();
      fresh.querySelector('#force').setAttribute('aria-pressed', 'false');
      part.replaceChildren(...fresh.childNodes);
      part.dispatchEvent(new Event('renewed', { bubbles: true }));
    })()`);
    await page.locator('svg.force a').first().waitFor();
    expect(await page.locator('#force').getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  test('a column that is dragged stays where it was dropped, also in the address', async () => {
    const { page } = await opened('/map');
    const boxOf = async (group: string) => {
      const box = await page.locator(`svg.wide [data-group="${group}"] > rect`).first().boundingBox();
      if (box === null) throw new Error(`${group} is not drawn`);
      return box;
    };
    const [from, to] = [await boxOf('role:db'), await boxOf('role:services')];
    await page.mouse.move(from.x + 60, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x, from.y + 5, { steps: 4 });
    await page.mouse.move(to.x + 5, to.y + 5, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get('order')).toMatch(/^role:db,role:services/);
    await page.reload();
    expect((await boxOf('role:db')).x).toBeLessThan((await boxOf('role:services')).x);
    await page.context().close();
  });

  test('the slider shows an hour before', async () => {
    const { page } = await opened('/map');
    const valueText = () => page.locator('#hour').getAttribute('aria-valuetext');
    expect(await valueText()).toBe('now');
    await page.locator('#hour').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.verdict', { hasText: 'At 2026-11-21 14:00' }).waitFor();
    expect(await valueText()).toBe('2026-11-21 14:00, 2 lost');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.verdict', { hasText: 'At 2026-11-21 13:00' }).waitFor();
    await page.locator('.verdict a', { hasText: 'back to now' }).click();
    await page.locator('.hours [aria-current]', { hasText: 'now' }).waitFor();
    await page.context().close();
  });

  test('the force layout is a button, obeys the content security policy, and leads to the same details', async () => {
    const { page, errors } = await opened('/map?expand=web');
    await page.locator('#force').click();
    await page.locator('svg.force a[aria-label^="web1, tx"]').waitFor();
    const first = await page.locator('svg.force').innerHTML();
    await expect.poll(() => page.locator('svg.force').count()).toBe(1);
    await page.locator('svg.force a[aria-label^="web1, tx"]').click({ force: true });
    await page.locator('#about h2', { hasText: 'web1, tx' }).waitFor();
    await page.locator('svg.force').waitFor();
    expect(first).toContain('class="edges lost"');
    const state = (name: string) => page.locator(`svg.force a[aria-label^="${name}"]`).getAttribute('class');
    expect([await state('web1'), await state('web2, tx: '), await state('db: ')]).toEqual([
      'lost selected',
      'warning',
      'lost',
    ]);
    expect(await page.locator('.of-columns:visible').count()).toBe(0);
    await page.locator('#force').click();
    await page.locator('svg.wide').waitFor();
    expect(await page.locator('.of-columns:visible').count()).toBe(3);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a thousand nodes and ten thousand edges leave the page usable while they are placed', async () => {
    large = largeMoment({ hosts: 1000, timeS: nowS });
    try {
      expect([large.graph.nodes.length, large.graph.from.length]).toEqual([1000, 10_000]);
      const roles = large.graph.roles.join(',');
      const { page, errors } = await opened(`/map?expand=${roles}`);
      expect(await page.locator('svg.wide .cell').count()).toBe(1000);
      await page.locator('#force').click();
      // The worker computes; the page still answers.
      await page.locator('svg.wide').waitFor({ state: 'hidden' });
      await page.locator('.as-table summary').click();
      expect(await page.locator('.as-table[open]').count()).toBe(1);
      await page.locator('svg.force a').first().waitFor();
      await expect.poll(() => page.locator('svg.force a').count()).toBe(1000);
      expect(errors).toEqual([]);
      await page.context().close();
    } finally {
      large = null;
    }
  });

  test('works without scripts', async () => {
    const { page } = await opened('/map', { javaScriptEnabled: false });
    await page.locator('svg.wide [aria-label="expand web"]').click();
    await page.locator('svg.wide .cell[aria-label^="web2"]').waitFor();
    await page.locator('input[name=without]').fill('db1');
    await page
      .locator('form', { has: page.locator('input[name=without]') })
      .locator('button')
      .click();
    await page.getByText('Without host db1').waitFor();
    expect(new URL(page.url()).searchParams.get('expand')).toBe('web');
    await page.context().close();
  });

  test('the arrow keys go to nodes only, also beside expanded columns', async () => {
    const { page } = await opened('/map?expand=web');
    await page.locator('svg.wide .cell[aria-label^="web1"]').focus();
    const seen: (string | null)[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) {
      await page.keyboard.press(key);
      seen.push(await label(page));
    }
    expect(seen.slice(0, 2)).toEqual([expect.stringMatching(/^web2, tx/), expect.stringMatching(/^db: 1 node/)]);
    expect(seen.filter((own) => /^(expand|fold|hide) /.test(String(own)))).toEqual([]);
    await page.context().close();
  });

  test('prints without controls, with the table', async () => {
    const { page } = await opened('/map');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.as-table table').isVisible()).toBe(true);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('.as-table[open]').count()).toBe(0);
    expect(await page.locator('.controls').first().isVisible()).toBe(false);
    expect(await page.locator('svg.wide').isVisible()).toBe(true);
    await page.context().close();
  });
});
