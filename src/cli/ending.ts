// How a process that runs until it is told to stop hears of it: SIGTERM and SIGINT, from before it holds anything to its end.

import { endGroups } from '../collect/ipvs/process-group.js';
import { say } from './settings.js';

/** Seconds from a signal to the end at the latest. */
export const endS = 5;

/** Another signal within so many milliseconds is the same one: npm passes on the Ctrl-C that the terminal sent to all. */
const sameMs = 500;

/**
 * Aborted at the first signal. The process then has `endS` seconds to end by itself; a further signal ends it at once. Signals
 * do nothing else any more, so whoever calls this has to mind them.
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
    say(`not all that was under way could be finished within ${endS} s`);
    cutOff();
  }, endS * 1000);
  timer.unref();
}

/** Whatever is still under way is cut off: what was stored is on the disk. */
function cutOff(): never {
  endGroups();
  process.exit(1);
}
