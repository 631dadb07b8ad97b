// How long frames take while a reader zooms, pans and points, on a page of nine graphs with a year of five-minute rows, and
// on 2,000 tiles that are scrolled: npx tsx test/public/frames.ts. A frame is late when it comes over 50 ms after the one
// before; a long task is one of the script's own of over 50 ms.

import type { Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import { fixtureEndS as endS } from './fixture-rows.js';
import { startFixture } from './fixture-server.js';

const fixture = await startFixture();
const browser = await (await launchChromium()).newContext({ viewport: { width: 1280, height: 900 } });
// tsx names functions with a helper that pages do not have.
await browser.addInitScript('globalThis.__name = (made) => made');

async function measure(page: Page, title: string, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ entryTypes: ['longtask'] });
    let last = performance.now();
    const tick = (nowMs: number) => {
      frames.push(nowMs - last);
      last = nowMs;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(globalThis, { measured: { frames, tasks } });
  });
  await act();
  const { frames, tasks } = await page.evaluate(
    () => (globalThis as unknown as { measured: { frames: number[]; tasks: number[] } }).measured,
  );
  const sorted = frames.slice(1).sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);
  const late = sorted.filter((frameMs) => frameMs > 50).length;
  console.log(
    `${title}: ${sorted.length} frames, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, ${late} late; long tasks: ${tasks.map(Math.round).join(', ') || 'none'}`,
  );
}

for (const stepS of [undefined, 300]) {
  fixture.stepS = stepS;
  const page = await browser.newPage();
  const rows = stepS === undefined ? 'rows as the server sends them' : 'every five-minute row of a year';
  await page.goto(`${fixture.url}?layout=cards&since=${endS - 365 * 86_400}&until=${endS}`);
  await page.locator('figure.drawn').nth(3).waitFor();
  await page.waitForTimeout(3000);
  const box = await page.locator('figure canvas[role=img]').nth(1).boundingBox();
  if (box === null) throw new Error('no graph');
  const x = box.x + 60;
  const y = box.y + 80;
  await measure(page, `point, ${rows}`, async () => {
    for (let step = 0; step < 60; step++) await page.mouse.move(x + step * 8, y + (step % 7));
  });
  await measure(page, `pan, ${rows}`, async () => {
    await page.keyboard.down('Shift');
    await page.mouse.move(x + 100, y);
    await page.mouse.down();
    for (let step = 0; step < 60; step++) await page.mouse.move(x + 100 + step * 5, y);
    for (let step = 60; step > 1; step--) await page.mouse.move(x + 100 + step * 5, y);
  });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.waitForTimeout(1500);
  fixture.delayMs = 3000;
  await measure(page, `zoom before finer rows are there, ${rows}`, async () => {
    await page.mouse.move(x + 200, y);
    await page.mouse.down();
    await page.mouse.move(x + 400, y, { steps: 10 });
    await page.mouse.up();
    await page.waitForTimeout(1000);
  });
  fixture.delayMs = 0;
  await page.close();
}

fixture.services = 2000;
fixture.stepS = undefined;
const tiles = await browser.newPage();
const startMs = performance.now();
await tiles.goto(`${fixture.url}?layout=tiles`);
await tiles.locator('figure.drawn').nth(2).waitFor();
console.log(`2,000 tiles: first row after ${Math.round(performance.now() - startMs)} ms`);
await tiles.waitForTimeout(2000);
await measure(tiles, 'scroll 2,000 tiles', async () => {
  for (let step = 0; step < 80; step++) {
    await tiles.mouse.wheel(0, 300);
    await tiles.waitForTimeout(16);
  }
});
await browser.browser()?.close();
await fixture.close();
