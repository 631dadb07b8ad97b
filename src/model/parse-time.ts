// Times as people write them, on the command line and in an address: an age, a date, or epoch seconds.

import { UserError } from './user-error.js';

const unitsS: Readonly<Record<string, number>> = {
  min: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  mo: 31 * 86_400,
  y: 365 * 86_400,
};

/**
 * Epoch seconds of `24h`, `7d`, `4w`, `6mo`, `1y` (before `nowS`), `now`, `2026-11-21`, `2026-11-21 14:30` (local time) or
 * epoch seconds. Throws a `UserError` with code `bad-time`.
 */
export function parseTime(text: string, nowS: number): number {
  if (text === 'now') return nowS;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const age = /^(\d{1,5})(min|h|d|w|mo|y)$/.exec(text);
  if (age !== null) return nowS - Number(age[1]) * (unitsS[age[2] ?? ''] ?? 0);
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?$/.exec(text);
  if (date !== null) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = date.slice(1).map((part) => Number(part ?? 0));
    const time = new Date(year, month - 1, day, hour, minute);
    if (time.getMonth() === month - 1 && time.getDate() === day && hour < 24 && minute < 60)
      return time.getTime() / 1000;
  }
  throw new UserError(
    'bad-time',
    `"${text}" is no time: write an age (24h, 7d, 4w, 6mo, 1y; 90min), a date (2026-11-21 or "2026-11-21 14:30") or epoch seconds`,
  );
}
