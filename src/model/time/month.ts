// Calendar months of UTC, by number: 12 times the year and the month from 0. UTC, since what is kept for a month must not depend
// on the time zone of whichever process kept it, and since months of UTC begin with a day row.

/** The month in which a time lies; its first second is in it. */
export function monthOf(timeS: number): number {
  const date = new Date(timeS * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** When a month begins, epoch seconds. */
export function monthStartS(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / 1000;
}

/** `2026-11` */
export function formatMonth(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}
