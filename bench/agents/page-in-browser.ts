// The page of links in Chromium: its first paint, and the time that its scripts take.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const chromiumPath = process.env['LVS_STATS_CHROMIUM'] ?? '/usr/bin/chromium';
const rounds = 5;
const settlesMs = 1000;

/** Of each round. */
export interface PageTimes {
  readonly paintMs: readonly number[];
  readonly scriptMs: readonly number[];
}

/** Opens an address, each time in a new profile; null without Chromium. */
export async function pageTimes(address: string): Promise<PageTimes | null> {
  if (!existsSync(chromiumPath)) return null;
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const times: { paintMs: number; scriptMs: number }[] = [];
    // The first one is a browser that is busy with its own start.
    for (let round = -1; round < rounds; round += 1) {
      const own = await opened(browser, address);
      if (round >= 0) times.push(own);
    }
    return { paintMs: times.map(({ paintMs }) => paintMs), scriptMs: times.map(({ scriptMs }) => scriptMs) };
  } finally {
    await browser.close();
  }
}

async function opened(browser: Browser, address: string): Promise<{ paintMs: number; scriptMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    await page.goto(address);
    await page.waitForTimeout(settlesMs);
    const paintMs = await page.evaluate<number>(
      `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN`,
    );
    const { metrics } = await devtools.send('Performance.getMetrics');
    const scriptS = metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
    return { paintMs, scriptMs: scriptS * 1000 };
  } finally {
    await context.close();
  }
}
