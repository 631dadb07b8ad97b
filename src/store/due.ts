// Whether a cycle has maintenance to do (upkeep/maintain.ts). Most cycles have none, and need not read the records of all archives for it.

import type { State } from './layout/directory.js';
import { dayS } from './rows/slot.js';
import { expireDays, keepDayRows } from './upkeep/expire.js';
import { keepMonths } from './upkeep/keep-months.js';
import { sealWindows } from './upkeep/seal.js';

/** Is a window, a day or a month due, or the daily search for what has expired? */
export function isMaintenanceDue(state: State): boolean {
  if (state.lastS === null) return false;
  const isDue = [sealWindows, keepDayRows, keepMonths, expireDays].some(
    ({ cursor, limit }) => state[cursor].at < limit(state),
  );
  return isDue || state.dropDay < Math.floor(state.agedS / dayS);
}
