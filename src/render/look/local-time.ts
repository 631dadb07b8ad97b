// Local time of a zone, from the zone data of Intl: offsets, wall-clock times, and the zone's short name. The same times are
// looked up repeatedly (every picture of a run has the same axis), so offsets are cached; each Intl call takes microseconds.

import { twoDigits } from '../../model/text/two-digits.js';

/** A wall-clock time; `month` 1 to 12, `weekday` 0 (Sunday) to 6. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();
const names = new Map<string, string>();
const maxOffsets = 20_000;
// Readers of the viewer choose zones.
const maxZones = 16;
const offsetGridS = 900;

// Locales differ in the abbreviations they know: Tokyo is "JST" only in Japanese.
const namingLocales = ['en-US', 'en-GB', 'ja-JP', 'en-AU', 'en-IN', 'en-ZA', 'en-HK', 'pt-BR', 'id-ID'];

/** Seconds that a zone is ahead of UTC at a time. Throws a RangeError for an unknown zone. */
export function zoneOffsetS(timeZone: string, timeS: number): number {
  // Zones change at whole quarters of an hour, so one answer holds for the quarter.
  const quarterS = Math.floor(timeS / offsetGridS) * offsetGridS;
  let known = offsets.get(timeZone);
  if (known === undefined || known.size > maxOffsets) {
    known = new Map();
    if (offsets.size >= maxZones) offsets.clear();
    offsets.set(timeZone, known);
  }
  const remembered = known.get(quarterS);
  if (remembered !== undefined) return remembered;
  const offsetS = askOffsetS(timeZone, quarterS);
  known.set(quarterS, offsetS);
  return offsetS;
}

/** The wall-clock time of a zone at a time. */
export function wallTime(timeZone: string, timeS: number): WallTime {
  const date = new Date((timeS + zoneOffsetS(timeZone, timeS)) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: date.getUTCDay(),
  };
}

/** Wall-clock time as seconds of a calendar without zones: whole days are multiples of 86,400. */
export function wallSeconds(timeZone: string, timeS: number): number {
  return timeS + zoneOffsetS(timeZone, timeS);
}

/**
 * The first time at which the wall clock shows `wallS` or later. A skipped wall time becomes the moment of the change, a
 * repeated one its first occurrence.
 */
export function timeOfWall(timeZone: string, wallS: number): number {
  const candidates = [zoneOffsetS(timeZone, wallS - 86_400), zoneOffsetS(timeZone, wallS + 86_400)].map(
    (offsetS) => wallS - offsetS,
  );
  const earlier = Math.min(...candidates);
  const later = Math.max(...candidates);
  if (wallSeconds(timeZone, earlier) === wallS) return earlier;
  if (wallSeconds(timeZone, later) === wallS) return later;
  return firstAtOrAfter(timeZone, wallS, { earlier, later });
}

/** `2026-11-21 14:35 JST`: date and time of day in the zone, with the zone's short name. */
export function formatLocal(timeZone: string, timeS: number): string {
  const { year, month, day, hour, minute } = wallTime(timeZone, timeS);
  return `${year}-${twoDigits(month)}-${twoDigits(day)} ${twoDigits(hour)}:${twoDigits(minute)} ${zoneName(timeZone, timeS)}`;
}

/** The short name of a zone at a time: `JST`, `CEST`, or `UTC+8` if it has none. */
export function zoneName(timeZone: string, timeS: number): string {
  const key = `${timeZone} ${zoneOffsetS(timeZone, timeS)}`;
  const remembered = names.get(key);
  if (remembered !== undefined) return remembered;
  const name = askName(timeZone, timeS);
  names.set(key, name);
  return name;
}

// The change that skipped a wall time lies between the two candidates; bisected to the minute.
function firstAtOrAfter(timeZone: string, wallS: number, range: { earlier: number; later: number }): number {
  let low = range.earlier;
  let high = range.later;
  while (high - low > 60) {
    const middle = Math.floor((low + high) / 120) * 60;
    if (wallSeconds(timeZone, middle) >= wallS) high = middle;
    else low = middle;
  }
  return high;
}

function askOffsetS(timeZone: string, timeS: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const digits = 'numeric' as const;
    const fields = { year: digits, month: digits, day: digits, hour: digits, minute: digits, second: digits };
    format = new Intl.DateTimeFormat('en-US', { ...fields, timeZone, hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (
    format.format(timeS * 1000).match(/\d+/g) ?? []
  ).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - timeS;
}

function askName(timeZone: string, timeS: number): string {
  let fallback = '';
  for (const locale of namingLocales) {
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
    const name = format.formatToParts(timeS * 1000).find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{2,5}$/.test(name)) return name;
    fallback ||= name;
  }
  return fallback.replace('GMT', 'UTC');
}
