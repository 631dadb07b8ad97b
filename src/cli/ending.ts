// Ends a long-running process on SIGTERM and SIGINT, from before it holds any resource.

import { endGroups } from '../collect/process/process-group.js';
import { say } from './settings.js';

/** Seconds from a signal to the end at most. */
export const endS = 5;

/** A second signal within this many milliseconds counts as the same one: npm repeats the Ctrl-C that the terminal sent to all. */
const sameMs = 500;

/**
 * A signal that is aborted at the first SIGTERM or SIGINT. The process then has `endS` seconds to end by itself; a further signal ends it
 * at once. The caller must react to it, since signals no longer do anything else.
 */
export function untilSignal(): AbortSignal {
  const ending = new AbortController();
  let sinceMs = 0;
  const onSignal = (): void => {
    if (!ending.signal.aborted) {
      sinceMs = performance.now();
      ending.abort();
      endInTime();
    } else if (performance.now() - sinceMs > sameMs) cutOff();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  return ending.signal;
}

function endInTime(): void {
  const timer = setTimeout(() => {
    say(`some work could not be finished within ${endS} s`);
    cutOff();
  }, endS * 1000);
  timer.unref();
}

/** Cuts off any running work: stored data are on disk. */
function cutOff(): never {
  endGroups();
  process.exit(1);
}
