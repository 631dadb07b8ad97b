// Waiting for events. The limit is for hangs: a machine many times slower than ours does not reach it.

import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which a wait fails. */
export const patienceMs = 20 * 60_000;

/** Milliseconds between two tries. */
const lookMs = 20;

/** Tries until the condition holds; an error counts as "not yet". Throws with the name of the condition. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  let failed: unknown = null;
  for (const endMs = performance.now() + patienceMs; performance.now() < endMs; await pause(lookMs)) {
    try {
      if (await isSo()) return;
    } catch (error) {
      failed = error;
    }
  }
  throw new Error(`waited in vain until ${what}`, { cause: failed });
}
