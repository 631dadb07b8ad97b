// The layout of graphs in a real browser: plots grow with the window, and no words are cut while there is space.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closePages, hasChromium, launchChromium, openPage } from './browser.js';
import { type Fixture, startFixture } from './fixture-server.js';

interface Box {
  readonly width: number;
  readonly height: number;
}

describe.skipIf(!hasChromium)('in Chromium, graphs', () => {
  let browser: Browser;
  let fixture: Fixture;

  beforeAll(async () => {
    [browser, fixture] = await Promise.all([launchChromium(), startFixture()]);
  });
  afterAll(async () => {
    await closePages(browser);
    await fixture?.close();
  });

  async function visit(layout: string, viewport: Box): Promise<Page> {
    const page = await openPage(browser, { viewport });
    await page.goto(`${fixture.url}?layout=${layout}`);
    await page.locator('figure.drawn').first().waitFor();
    return page;
  }

  async function plotIn(layout: string, viewport: Box): Promise<Box & { readonly columns: number }> {
    const page = await visit(layout, viewport);
    const plot = (await page.locator('.plot').first().boundingBox()) ?? { width: 0, height: 0 };
    const columns = await page.evaluate<number>(
      `getComputedStyle(document.querySelector('main.graphs')).gridTemplateColumns.split(' ').length`,
    );
    await page.context().close();
    return { width: plot.width, height: plot.height, columns };
  }

  test('have higher plots in a wider card and in a higher window', async () => {
    const [narrow, wide] = [
      await plotIn('stacks', { width: 700, height: 1440 }),
      await plotIn('stacks', { width: 1000, height: 1440 }),
    ];
    expect(wide.height).toBeGreaterThan(narrow.height + 50);
    const low = await plotIn('stacks', { width: 1000, height: 800 });
    expect(wide.height).toBeGreaterThan(low.height + 50);
    expect((await plotIn('stacks', { width: 390, height: 844 })).height).toBe(204);
  });

  test('fill a large screen with three columns and higher plots', async () => {
    const large = await plotIn('stacks', { width: 2560, height: 1440 });
    const usual = await plotIn('stacks', { width: 1280, height: 800 });
    expect([large.columns, usual.columns]).toEqual([3, 2]);
    expect(large.height).toBeGreaterThan(usual.height + 50);
  });

  test('show each name as a whole at 2560 pixels', async () => {
    const page = await visit('stacks', { width: 2560, height: 1440 });
    const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('.legend tbody th')]
      .filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent)`);
    expect(await page.locator('.legend tbody th').count()).toBeGreaterThan(10);
    expect(cut).toEqual([]);
    await page.context().close();
  });

  test.each([340, 390, 1280])('set no words of a tile over others at %d pixels, whatever the span', async (width) => {
    const page = await visit('tiles', { width, height: 900 });
    const touching = await page.evaluate<string[]>(`(() => {
      const figure = document.querySelector('figure.drawn');
      figure.querySelector('.shows').textContent = 'Traffic, bit/s · 2026-12-01 02:00 – 2026-12-01 14:00';
      const words = [...figure.querySelectorAll('.shows, .foot, .legends td, .legends button, .of')].flatMap((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        // A part of the legend that does not fit its line is hidden as a whole.
        const line = one.closest('tbody')?.getBoundingClientRect();
        const isHidden = line !== undefined && one.getBoundingClientRect().top > line.bottom - 4;
        return isHidden || one.textContent.trim() === '' ? [] : [{ text: one.textContent, box: range.getBoundingClientRect() }];
      });
      return words.flatMap((a, i) => words.slice(i + 1).flatMap((b) => {
        const isBeside = a.box.right <= b.box.left || b.box.right <= a.box.left;
        const isAbove = a.box.bottom <= b.box.top + 2 || b.box.bottom <= a.box.top + 2;
        return isBeside || isAbove ? [] : [a.text + ' | ' + b.text];
      }));
    })()`);
    expect(touching).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['stacks', 390],
    ['stacks', 1280],
    ['tiles', 390],
    ['tiles', 1280],
  ])('show the words at the pointer as a whole, or with a sign that they go on (%s at %d)', async (layout, width) => {
    const page = await visit(layout, { width, height: 900 });
    const canvas = page.locator('figure canvas').first();
    const box = (await canvas.boundingBox()) ?? { width: 0, height: 0 };
    for (const part of [0.2, 0.45, 0.55, 0.95]) {
      await canvas.hover({ position: { x: box.width * part, y: box.height / 2 } });
      await page.locator('.tip:visible').first().waitFor();
      // As if a mark had many events with long names.
      await page.evaluate(
        `document.querySelector('.tip:not([hidden])').textContent += '\\n2026-11-21 14:35 real server added 10.0.0.5:8080 weight 100'.repeat(6)`,
      );
      const outside = await page.evaluate<string>(`(() => {
        const tip = document.querySelector('.tip:not([hidden])');
        const [own, card] = [tip.getBoundingClientRect(), tip.closest('figure').getBoundingClientRect()];
        const isInside = own.left >= card.left && own.right <= card.right && own.top >= card.top && own.bottom <= card.bottom;
        const isWhole = tip.scrollHeight <= tip.clientHeight + 1 || getComputedStyle(tip).webkitLineClamp !== 'none';
        const clip = tip.closest('.plot').getBoundingClientRect();
        const isClipped = getComputedStyle(tip.parentElement).overflowY !== 'visible' && own.bottom > clip.bottom;
        return isInside && isWhole && !isClipped ? '' : JSON.stringify([own, card]);
      })()`);
      expect(outside).toBe('');
    }
    await page.context().close();
  });
});
