// Detects that the clock was set between two readings. Rates are growth by the clock's seconds, so they are unknown over such
// an interval: an hour back would draw an hour's growth as that of minutes. The uptime (CLOCK_BOOTTIME, which continues while
// the machine sleeps, and is slewed with the clock) tells the true length.

import type { KnownState } from '../model/cycle.js';
import type { Snapshot } from '../model/snapshot.js';

/** Both times are whole seconds, and a leap second comes twice. */
const roundingS = 2;

/** A virtual machine that is saved or moved lags behind its clock when it wakes; a pause up to this long is accepted, in steps. */
const largestPause = 1 / 10;

/** Readings closer together than this, by the uptime, are a trial with the clock set forward by hand, which is accepted. In steps. */
const shortestCycle = 1 / 2;

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
