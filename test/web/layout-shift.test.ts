// A page's contents stay in place when its script arrives late: the browser's own measure of layout shifts
// (https://web.dev/articles/cls), where up to 0.1 is good.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closePages, frames, hasChromium, launchChromium, openPage } from '../public/browser.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const maxShift = 0.1;

const observe = `globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shift += value;
}).observe({ type: 'layout-shift', buffered: true });`;

describe.skipIf(!hasChromium)('in Chromium, the layout', () => {
  let browser: Browser;
  let viewer: TestViewer;

  beforeAll(async () => {
    [browser, viewer] = await Promise.all([launchChromium(), startViewer({ services: 14, days: 9 })]);
  });

  afterAll(async () => {
    await closePages(browser);
    await viewer?.close();
  });

  test.each(['/', '/service/192.0.2.10_443', '/pairs', '/tiles'])(
    'of %s does not shift while it loads',
    async (path) => {
      const page = await openPage(browser);
      await page.addInitScript(observe);
      let send = (): void => {};
      const wanted = new Promise<void>((resolve) => {
        send = resolve;
      });
      await page.route('**/app*.js', async (route) => {
        await wanted;
        await route.continue();
      });
      await page.goto(viewer.url + path, { waitUntil: 'domcontentloaded' });
      await frames(page, 20);
      send();
      await page.locator('figure.drawn').first().waitFor();
      await frames(page, 30);
      expect(await page.evaluate<number>('globalThis.shift')).toBeLessThan(maxShift);
      await page.context().close();
    },
  );
});
