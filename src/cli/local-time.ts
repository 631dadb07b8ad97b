// Times for people: in the local zone, to the second. A formatter of Intl would load its tables, which takes longer than a cycle.

import { twoDigits } from '../model/text/two-digits.js';

/** `2026-11-21 14:35:00`, in this machine's time zone. */
export function formatLocal(timeS: number): string {
  const time = new Date(timeS * 1000);
  const day = [time.getFullYear(), twoDigits(time.getMonth() + 1), twoDigits(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')}`;
}
