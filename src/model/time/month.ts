// Calendar months of UTC, by number: 12 times the year plus the month from 0. UTC, since monthly figures must not depend on the
// time zone of the process that keeps them, and since months of UTC begin with a day row.

/** The month that contains a time; its first second belongs to it. */
export function monthOf(timeS: number): number {
  const date = new Date(timeS * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The beginning of a month, epoch seconds. */
export function monthStartS(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / 1000;
}

/** `2026-11` */
export function formatMonth(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}
