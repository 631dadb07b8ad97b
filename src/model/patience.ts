// How long the program waits for others: ipvsadm, HAProxy, rrdtool, or another of its own processes. The limits suit current
// machines and links. `LVS_STATS_PATIENCE` multiplies all of them where either is far slower.

import { UserError } from './user-error.js';

const most = 1000;

let factor = 1;

/** Sets the factor from the environment variable; without one, limits stay as written. Throws a `UserError`. */
export function setPatience(text: string | undefined): void {
  const times = Number(text ?? 1);
  if (text === '' || !(times >= 1 && times <= most)) {
    throw new UserError(
      'bad-config',
      `LVS_STATS_PATIENCE is "${text}": expected a number from 1 to ${most}, which multiplies all time limits`,
    );
  }
  factor = times;
}

/** A time limit in milliseconds, scaled by the factor. */
export function patiently(ms: number): number {
  return ms * factor;
}
