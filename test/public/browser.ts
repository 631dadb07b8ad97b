// Chromium for tests of pages. Where it is missing they are skipped, and say so.

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { patienceMs } from '../until.js';

/** The same browser without its own windows, a package of its own in Debian, takes less than half of the processor time outside pages. */
const found = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

const executablePath = process.env['LVS_STATS_CHROMIUM'] ?? found ?? '/usr/bin/chromium';

/** Is there a browser? */
export const hasChromium = existsSync(executablePath);

if (!hasChromium) {
  console.warn(
    `tests of pages are skipped: there is no ${executablePath} (apt-get install chromium, or set LVS_STATS_CHROMIUM)`,
  );
}

/**
 * Two pages behind the address bar of each window, and a renderer in advance of the next page: processes of their own that take as
 * long as the pages under test, and that no test looks at.
 */
const unseen = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];

/** The features that Playwright 1.65 turns off: Chromium obeys only the last list on its command line. */
const unwanted = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

let launched: Promise<Browser> | null = null;

/** Starts it, once for all files of a process. It ends with the process; a file closes its pages with `closePages`. */
export async function launchChromium(): Promise<Browser> {
  const before = await launched?.catch(() => null);
  if (before?.isConnected()) return before;
  launched = chromium.launch({
    executablePath,
    timeout: patienceMs,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      `--disable-features=${[...unwanted, ...unseen].join(',')}`,
    ],
  });
  return launched;
}

/** Closes all pages that a file has opened. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
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
