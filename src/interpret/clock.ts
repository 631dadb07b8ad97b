// Decides whether the time of a reading can be believed, and whether the clock was set between two readings.
//
// Archives only move forward, and one step far into the future would empty every ring, so a jump of the clock is refused. Rates are growth by
// the clock's seconds, so they are unknown over an interval in which it was set: an hour back would draw an hour's growth as that of minutes.
// The uptime (CLOCK_BOOTTIME, which continues while the machine sleeps, and is slewed with the clock) tells the true length.

import type { KnownState } from '../model/cycle.js';
import type { Snapshot } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';

/** Most seconds that a reading may lie ahead of the last one before the machine's uptime must confirm it. */
const largestStepS = 86400;

/** Both times are whole seconds, and a leap second comes twice. */
const roundingS = 2;

/** A virtual machine that is saved or moved lags behind its clock when it wakes; a pause up to this long is accepted, in steps. */
const largestPause = 1 / 10;

/** Readings closer together than this, by the uptime, are a trial with the clock set forward by hand, which is accepted. In steps. */
const shortestCycle = 1 / 2;

/** A reading whose time is refused: `not-newer` than the last one, or `clock-jumped`. */
class TimeError extends UserError {
  declare readonly code: 'not-newer' | 'clock-jumped';
}

/** Throws a `TimeError` unless `snapshot` may follow `previous`. `acceptTime` allows a jump forward. */
export function admit(previous: KnownState, snapshot: Clock, acceptTime: boolean): void {
  if (previous.timeS === null) return;
  const aheadS = snapshot.timeS - previous.timeS;
  const [now, last] = [formatTime(snapshot.timeS), formatTime(previous.timeS)];
  if (aheadS === 0) {
    throw new TimeError('not-newer', `a reading of this second (${now}) is already stored: nothing was stored`);
  }
  if (aheadS < 0) {
    throw new TimeError(
      'not-newer',
      `the clock says ${now}, but the last reading is from ${last}: nothing was stored; if the clock is wrong, correct it; ` +
        'if it was wrong at that reading, collecting resumes once the clock passes that time, or at once after ' +
        '"lvs-stats rewind", which drops the readings in the future',
    );
  }
  if (acceptTime || !isJump(previous, snapshot)) return;
  throw new TimeError(
    'clock-jumped',
    `the clock says ${now}, over a day after the last reading (${last}), but this machine has not been up for that long: ` +
      'nothing was stored; correct the clock, or run once with --accept-time if it is right',
  );
}

/** The time of an event without a reading: the clock's, unless it has jumped or lies before the last reading. */
export function believedTimeS(previous: KnownState, clock: Clock): number {
  if (previous.timeS === null) return clock.timeS;
  return isJump(previous, clock) ? previous.timeS : Math.max(clock.timeS, previous.timeS);
}

type Clock = Pick<Snapshot, 'timeS' | 'host'>;

/**
 * Is a clock more than a day ahead of the last reading, without the uptime confirming it? Recorded tables have no uptime and
 * are believed.
 */
export function isJump(previous: KnownState, { timeS, host }: Clock): boolean {
  const aheadS = timeS - (previous.timeS ?? timeS);
  if (aheadS <= largestStepS || host === null || previous.host === null) return false;
  return host.uptimeS - previous.host.uptimeS <= aheadS - largestStepS;
}

/** Seconds the clock was set forward (back: below zero) since the last reading; 0 if uncertain or too small. */
export function clockStepS(
  previous: Pick<KnownState, 'timeS' | 'host' | 'retention'>,
  snapshot: Pick<Snapshot, 'timeS' | 'host'>,
): number {
  const [before, now] = [previous.host, snapshot.host];
  if (previous.timeS === null || before === null || now === null) return 0;
  const { stepS } = previous.retention;
  const upS = now.uptimeS - before.uptimeS;
  const steppedS = snapshot.timeS - previous.timeS - upS;
  // Holds however often it booted since: it cannot be up for longer than time has passed.
  if (steppedS < -roundingS) return steppedS;
  const isSameBoot = before.bootId !== null && before.bootId === now.bootId;
  return isSameBoot && upS >= shortestCycle * stepS && steppedS > largestPause * stepS ? steppedS : 0;
}

function formatTime(timeS: number): string {
  return `${new Date(timeS * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
