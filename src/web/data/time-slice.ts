// Long work in slices, so that whoever asks meanwhile is answered: reading rows takes no time of waiting, only of computing,
// and without a break nothing else would come to its turn.

import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which others get their turn. */
const sliceMs = 8;

/** Goes through items one by one, with breaks. */
export async function* inSlices<T>(items: Iterable<T>): AsyncGenerator<T> {
  let beganMs = performance.now();
  for (const item of items) {
    yield item;
    if (performance.now() - beganMs < sliceMs) continue;
    await setImmediate();
    beganMs = performance.now();
  }
}
