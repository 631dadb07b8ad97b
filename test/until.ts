// Waiting for events. The limit is for what hangs: a machine that is many times slower than ours does not meet it.

import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which whatever was waited for is believed never to come. */
export const patienceMs = 20 * 60_000;

/** Milliseconds between two looks. */
const lookMs = 20;

/** Looks again and again until something is so; errors of a look mean that it is not so yet. Throws what was waited for. */
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
