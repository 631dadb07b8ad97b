// Whether the time of a reading can be believed. Archives only go forward, and one step far into the future would empty
// every ring, so a clock that jumped is held back rather than followed.

import type { Table } from './cycle.js';
import type { Snapshot } from './snapshot.js';
import { UserError } from './user-error.js';

/** Seconds a reading may lie ahead of the last one before the machine's uptime has to agree. */
const largestStepS = 86400;

/** A reading whose time is not taken: `not-newer` than the last one, or `clock-jumped`. */
class TimeError extends UserError {
  declare readonly code: 'not-newer' | 'clock-jumped';
}

/** Throws a `TimeError` unless `snapshot` may follow `previous`. `acceptTime` believes a jump forward. */
export function admit(previous: Table, snapshot: Snapshot, acceptTime: boolean): void {
  if (previous.timeS === null) return;
  const aheadS = snapshot.timeS - previous.timeS;
  const [now, last] = [formatTime(snapshot.timeS), formatTime(previous.timeS)];
  if (aheadS <= 0) {
    throw new TimeError(
      'not-newer',
      `this reading is of ${now}, the last one stored is of ${last}: nothing was stored; is the clock of this machine right? ` +
        'If it was ahead at the last reading, collecting goes on when it has passed that time',
    );
  }
  if (acceptTime || aheadS <= largestStepS || uptimeAgrees(previous, snapshot, aheadS)) return;
  throw new TimeError(
    'clock-jumped',
    `the clock says ${now}, over a day after the last reading (${last}), but this machine has not been up for that long: ` +
      'nothing was stored; set the clock right, or run once with --accept-time if the time is right',
  );
}

/** Recorded tables have no uptime: their time is believed. */
function uptimeAgrees(previous: Table, snapshot: Snapshot, aheadS: number): boolean {
  if (snapshot.host === null || previous.host === null) return true;
  return snapshot.host.uptimeS - previous.host.uptimeS > aheadS - largestStepS;
}

function formatTime(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
