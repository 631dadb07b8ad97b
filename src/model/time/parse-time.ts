// Times as people write them, on the command line and in an address: an age, a date, epoch seconds, or the forms of rrdtool
// (AT-STYLE in rrdfetch(1)): `now-1h`, `end-1d`, `midnight`. Ambiguous text is refused, with examples.

import { UserError } from '../user-error.js';

const dayS = 86_400;

/** Seconds by the name of a unit; a month has 31 days, a year 365. */
const unitsS: readonly (readonly [names: RegExp, seconds: number])[] = [
  [/^s(ec(onds?)?)?$/, 1],
  [/^min(utes?)?$/, 60],
  [/^h(ours?)?$/, 3600],
  [/^d(ays?)?$/, dayS],
  [/^w(eeks?)?$/, 7 * dayS],
  [/^mo(n(ths?)?)?$/, 31 * dayS],
  [/^y(ears?)?$/, 365 * dayS],
];

/** The ends of the span that a time belongs to, as far as they are known. */
export interface SpanEnds {
  readonly startS?: number;
  readonly endS?: number;
}

/** The years 1 to 9999: they can be written as a date, and are well within the range of a `Date`, whatever is added. */
const [earliestS, latestS] = [-62_135_596_800, 253_402_300_799];

/**
 * Epoch seconds of `24h`, `7d`, `4w`, `6mo`, `1y` (before `nowS`), `now`, `end`, `start`, `midnight` and `noon` (of the day of
 * `nowS`) and these with offsets (`end-1d`, `midnight yesterday+6h`), `2026-11-21`, `2026-11-21 14:30` (local time) or epoch seconds.
 * Throws a `UserError` with code `bad-time`.
 */
export function parseTime(text: string, nowS: number, ends: SpanEnds = {}): number {
  const timeS = timeOf(text, nowS, ends);
  if (timeS >= earliestS && timeS <= latestS) return timeS;
  throw new UserError('bad-time', `"${text}" is outside the years 1 to 9999: ${examples}`);
}

/** A number and a unit. */
const agePattern = /^(\d{1,5})([a-z]+)$/;

/** Is a text an age, such as `3h`? Its unit may still be unknown. */
export function isAge(text: string): boolean {
  return agePattern.test(text);
}

/** The seconds of an age such as `3h`. Throws a `UserError` with code `bad-time`. */
export function ageS(text: string): number {
  const [, count, unit] = agePattern.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw bad(text);
  return Number(count) * unitS(unit, text);
}

function timeOf(text: string, nowS: number, ends: SpanEnds): number {
  if (/^\d{1,10}$/.test(text)) return parseSeconds(text);
  if (agePattern.test(text)) return nowS - ageS(text);
  if (/^\d{4}-/.test(text)) return parseDate(text);
  const word = /^([a-z]+)( +(?:today|yesterday|tomorrow))?((?: *[+-] *\d{1,10}[a-z]*)*)$/.exec(text);
  if (word !== null) {
    const [, name = '', day = '', offsets = ''] = word;
    return wordS(text, { name, day: day.trim() }, { nowS, ...ends }) + offsetS(offsets, text);
  }
  if (/^\d{1,2}[./]\d{1,2}[./]\d{2,4}$/.test(text)) throw ambiguous(text, 'the day or the month may come first');
  throw bad(text);
}

const examples =
  'write an age (24h, 7d, 4w, 6mo, 1y; 90min), a date (2026-11-21 or "2026-11-21 14:30"), epoch seconds, or now-1h, end-1d, midnight, "midnight yesterday"';

function bad(text: string): UserError {
  return new UserError('bad-time', `"${text}" is not a time: ${examples}`);
}

function ambiguous(text: string, reason: string): UserError {
  return new UserError('bad-time', `"${text}" is ambiguous (${reason}): ${examples}`);
}

/** A few digits more often mean a year, a day or an age than a second of 1970. */
function parseSeconds(text: string): number {
  if (/^(19|20)\d\d$/.test(text)) throw ambiguous(text, 'a year, or seconds after 1970');
  if (/^(19|20)\d\d[01]\d[0-3]\d$/.test(text)) throw ambiguous(text, 'a day, or seconds after 1970');
  if (/^[1-9]\d{0,4}$/.test(text)) throw ambiguous(text, 'an age without its unit, or seconds after 1970');
  return Number(text);
}

function unitS(unit: string, text: string): number {
  if (unit === 'm') throw ambiguous(text, 'minutes are min, months are mo');
  const known = unitsS.find(([names]) => names.test(unit));
  if (known === undefined) throw bad(text);
  return known[1];
}

function offsetS(offsets: string, text: string): number {
  let sumS = 0;
  for (const [, sign, count, unit = ''] of offsets.matchAll(/([+-]) *(\d+)([a-z]*)/g)) {
    sumS += (sign === '-' ? -1 : 1) * Number(count) * unitS(unit, text);
  }
  return sumS;
}

function wordS(
  text: string,
  { name, day }: { readonly name: string; readonly day: string },
  known: { readonly nowS: number } & SpanEnds,
): number {
  if (name === 'midnight' || name === 'noon') {
    const date = new Date(known.nowS * 1000);
    const days = day === 'yesterday' ? -1 : day === 'tomorrow' ? 1 : 0;
    date.setDate(date.getDate() + days);
    return date.setHours(name === 'noon' ? 12 : 0, 0, 0, 0) / 1000;
  }
  const timeS = name === 'now' ? known.nowS : name === 'end' ? known.endS : name === 'start' ? known.startS : undefined;
  if (timeS === undefined || day !== '') throw bad(text);
  return timeS;
}

function parseDate(text: string): number {
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?$/.exec(text);
  if (date === null) throw bad(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = date.slice(1).map((part) => Number(part ?? 0));
  const time = new Date(year, month - 1, day, hour, minute);
  // `Date` maps the years 0 to 99 to others.
  if (
    time.getFullYear() !== year ||
    time.getMonth() !== month - 1 ||
    time.getDate() !== day ||
    hour >= 24 ||
    minute >= 60
  )
    throw bad(text);
  // If daylight saving time skips midnight, the day begins at the next valid time; any other skipped time is invalid.
  if (date[4] === undefined) return time.getTime() / 1000;
  if (time.getHours() !== hour)
    throw new UserError('bad-time', `"${text}" was skipped when the clocks went forward: ${examples}`);
  const again = new Date(time.getTime() + 3_600_000);
  if (again.getHours() === hour) {
    const twice = `the clocks went back: epoch ${time.getTime() / 1000} or ${again.getTime() / 1000}`;
    throw ambiguous(text, twice);
  }
  return time.getTime() / 1000;
}
