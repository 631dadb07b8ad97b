// The duration of frames in Chromium while a reader does something. A frame is late when it comes over 50 ms after the one before.

import type { Page } from 'playwright-core';

/** Milliseconds between frames while `act` runs. */
export async function framesOf(page: Page, act: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(`
    globalThis.frames_ = [];
    globalThis.isMeasuring_ = true;
    let last = performance.now();
    const tick = (nowMs) => {
      globalThis.frames_.push(nowMs - last);
      last = nowMs;
      if (globalThis.isMeasuring_) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  `);
  await act();
  const frames = await page.evaluate<number[]>('globalThis.isMeasuring_ = false, globalThis.frames_');
  return frames.slice(1);
}

/** Drags over a graph from one point to another, in steps. */
export async function drag(
  page: Page,
  { x, y }: { readonly x: number; readonly y: number },
  { toX, steps }: { readonly toX: number; readonly steps: number },
): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(toX, y, { steps });
  await page.mouse.up();
}
