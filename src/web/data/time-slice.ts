// Long work in slices, so that other requests are answered meanwhile: reading rows never waits, it only computes, and would
// otherwise block the event loop.

import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../../map/steps.js';

/** Milliseconds after which others get a turn. */
const sliceMs = 8;

/** Iterates over items one by one, with breaks. */
export async function* inSlices<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  let beganMs = performance.now();
  for await (const item of items) {
    yield item;
    if (performance.now() - beganMs < sliceMs) continue;
    await setImmediate();
    beganMs = performance.now();
  }
}

/** Runs steps with breaks. Throws what they throw. */
export async function finishInSlices<T>(steps: Steps<T>): Promise<T> {
  let beganMs = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() - beganMs < sliceMs) continue;
    await setImmediate();
    beganMs = performance.now();
  }
}
