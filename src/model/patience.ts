// How long the program waits for others: for ipvsadm, HAProxy, rrdtool, another process of its own. Its limits suit machines and links
// of our days. `LVS_STATS_PATIENCE` is a factor for all of them, where either is far slower.

import { UserError } from './user-error.js';

const most = 1000;

let factor = 1;

/** Takes the factor as the variable of the environment has it; without one limits are as they are written. Throws a `UserError`. */
export function setPatience(text: string | undefined): void {
  const times = Number(text ?? 1);
  if (text === '' || !(times >= 1 && times <= most)) {
    throw new UserError(
      'bad-config',
      `"${text}" in the variable LVS_STATS_PATIENCE is not understood: expected a number from 1 to ${most}, by which all time limits are multiplied`,
    );
  }
  factor = times;
}

/** A time limit in milliseconds, as long as it is here. */
export function patiently(ms: number): number {
  return ms * factor;
}
