// Bounded waits: a benchmark that hangs ends, and says what it waited for.

import { setTimeout as pause } from 'node:timers/promises';

/** Time between two looks, ms, which go through a whole log; times are those of its lines. */
const defaultLookMs = 200;

/** Waits until something is so, and returns how long that took, ms. Throws with `state()` after `limitS`. */
export async function within(
  limitS: number,
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { state = () => '', lookMs = defaultLookMs }: { readonly state?: () => string; readonly lookMs?: number } = {},
): Promise<number> {
  const beginMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - beginMs > limitS * 1000)
      throw new Error(`waited for ${limitS} s in vain until ${what} ${state()}`.trimEnd());
    await pause(lookMs);
  }
  return performance.now() - beginMs;
}
