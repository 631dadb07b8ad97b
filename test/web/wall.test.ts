// A screen on a wall in a real browser: at the sizes that walls have, with and without findings above the graphs, every legend lies whole
// within its card, names and figures included, and plots keep most of it.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownFinding } from '../../src/model/finding/finding.js';
import { closePages, hasChromium, launchChromium, openPage } from '../public/browser.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const service = '192.0.2.10_443';

function openFinding(number: number, openS: number): KnownFinding {
  return {
    kind: 'server-left',
    subject: `host/10.0.9.${number}`,
    severity: 'warning',
    sinceS: openS,
    openS,
    count: 0,
    archives: [`${service}/10.0.9.${number}_80`],
    numbers: { services: 1 },
  };
}

/** Cells of legends that are cut off: by the edge of their card, of their legend, or by an ellipsis in an address. */
const cutOff = `[...document.querySelectorAll('figure.graph')].flatMap((figure) => {
  const card = figure.getBoundingClientRect();
  const legend = figure.querySelector('.legends').getBoundingClientRect();
  const shown = [...figure.querySelectorAll('.legend :is(th, td)')].filter((cell) => !cell.closest('.tile thead')).filter((cell) => cell.checkVisibility());
  return shown.flatMap((cell) => {
    const texts = [...cell.querySelectorAll('a, button, span:not(.unseen, .hosts)')];
    const text = cell.textContent;
    const range = document.createRange();
    range.selectNodeContents(texts[0] ?? cell);
    const inked = range.getBoundingClientRect();
    const isCut = [card, legend].some((box) =>
      inked.right > box.right + 0.5 || inked.left < box.left - 0.5 || inked.bottom > box.bottom + 0.5 || inked.top < box.top - 0.5);
    const cellBox = cell.getBoundingClientRect();
    return inked.width > 0 && (isCut || inked.right > cellBox.right + 0.5) ? [figure.dataset.type + ': ' + text] : [];
  });
})`;

/** The smallest share of its card that a plot has. */
const leastPlot = `Math.min(...[...document.querySelectorAll('figure.graph')].map((figure) => {
  const [plot, card] = [figure.querySelector('.plot'), figure].map((one) => one.getBoundingClientRect());
  return (plot.width * plot.height) / (card.width * card.height);
}))`;

describe.skipIf(!hasChromium)('in Chromium, a wall screen', () => {
  let browser: Browser;
  let viewer: TestViewer;

  beforeAll(async () => {
    [browser, viewer] = await Promise.all([launchChromium(), startViewer({ services: 18, days: 2 })]);
  });

  afterAll(async () => {
    await closePages(browser);
    await viewer?.close();
  });

  async function visit(width: number, height: number): Promise<Page> {
    const page = await openPage(browser, { viewport: { width, height } });
    await page.goto(`${viewer.url}/all?kiosk`);
    await areDrawn(page);
    return page;
  }

  function show(count: number): void {
    const { collecting } = viewer;
    const lastS = collecting.lastS ?? 0;
    viewer.collecting = {
      ...collecting,
      findings: Array.from({ length: count }, (_, number) => openFinding(number + 1, lastS)),
    };
  }

  async function areDrawn(page: Page): Promise<void> {
    await expect.poll(() => page.locator('figure.drawn').count()).toBe(5);
    await expect.poll(() => page.locator('.legend tbody tr').count()).toBeGreaterThan(50);
  }

  test.each([
    [1920, 1080, 0],
    [1920, 1080, 5],
    [1280, 720, 0],
    [1280, 720, 5],
    [2560, 1440, 0],
    [2560, 1440, 5],
  ])('of %d by %d pixels shows whole legends with %d findings above', async (width, height, count) => {
    show(count);
    const page = await visit(width, height);
    expect(await page.locator('.findings li').count()).toBe(count);
    expect(await page.evaluate(cutOff)).toEqual([]);
    expect(await page.evaluate<number>(leastPlot)).toBeGreaterThan(0.45);
    await page.context().close();
  });

  test('shows whole legends after findings have come above its graphs', async () => {
    show(0);
    const page = await visit(1920, 1080);
    let ask = (): void => {};
    const areThere = new Promise<void>((resolve) => {
      ask = resolve;
    });
    await page.route('**/live/status', async (route) => {
      await areThere;
      await route.continue();
    });
    await viewer.cycle();
    show(5);
    ask();
    await expect.poll(() => page.locator('.findings li').count()).toBe(5);
    await expect.poll(() => page.evaluate(cutOff)).toEqual([]);
    await areDrawn(page);
    expect(await page.evaluate<number>(leastPlot)).toBeGreaterThan(0.45);
    await page.context().close();
  });
});
