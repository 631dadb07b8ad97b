// Chromium for tests of pages. Where it is missing they are skipped, and say so.

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { patienceMs } from '../until.js';

const executablePath = process.env['LVS_STATS_CHROMIUM'] ?? '/usr/bin/chromium';

/** Is there a browser? */
export const hasChromium = existsSync(executablePath);

if (!hasChromium) {
  console.warn(
    `tests of pages are skipped: there is no ${executablePath} (apt-get install chromium, or set LVS_STATS_CHROMIUM)`,
  );
}

/** Starts it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: patienceMs,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Opens a page in a context of its own. What it is asked to wait for may take as long as it takes. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(patienceMs);
  return context.newPage();
}

/** Waits until a page has drawn so many frames: whatever it does in the next of them is done. */
export async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate<unknown>(
    `new Promise((resolve) => {
      const next = (left) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)));
      next(${count});
    })`,
  );
}
