// Chromium for tests of pages. Where it is missing they are skipped, and say so.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
