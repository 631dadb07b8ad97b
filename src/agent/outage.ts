// Reports a failure once, when it begins or becomes another one, and its end, instead of a line in every round.

import type { Level } from './log.js';

/** A failure that may last. */
export interface Outage {
  /** Reports a failure; `key` tells whether it is another one than before. */
  readonly failed: (key: string, text: string) => void;
  /** Reports the end, if there was a failure. */
  readonly worked: (text: string) => void;
}

/** An outage that speaks through `say`. */
export function openOutage(say: (text: string, level: Level) => void): Outage {
  let open: string | null = null;
  return {
    failed(key, text) {
      if (open !== key) say(text, 'warning');
      open = key;
    },
    worked(text) {
      if (open !== null) say(text, 'notice');
      open = null;
    },
  };
}
