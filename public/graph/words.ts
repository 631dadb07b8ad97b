// A graph in words: a screen reader's description of its canvas, and the words at the pointer.

import { twoDigits } from '../../src/model/text/two-digits.js';
import type { EventMark } from '../../src/render/define/graph-request.js';
import type { Picture } from '../../src/render/define/picture.js';
import { formatLocal, wallTime } from '../../src/render/look/local-time.js';
import { formatMark } from '../../src/render/series/mark.js';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const maxGaps = 4;
const maxMarks = 3;

/** "Traffic, bit/s · 24 h of 192.0.2.1:80: in last 812 M, …; out …; unknown from 03:00 to 04:00: counters reset." */
export function describe(picture: Picture, timeZone: string): string {
  const { heading, legend, sentence, gaps, marks, peaks, limits, footer } = picture;
  const subject = `${heading.shows} of ${[heading.endpoint, heading.protocol].filter((text) => text !== '').join(' ')}`;
  if (sentence !== null) return `${subject}: ${sentence}`;
  const rows = legend.rows.map(({ name, cells, remark }) => {
    const figures = legend.columns.map((column, index) => `${column} ${cells[index] ?? ''}`);
    return `${name} ${remark === '' ? figures.join(', ') : remark}`;
  });
  const unknown = gaps.slice(0, maxGaps).map(({ startS, endS, text }) => {
    const why = text === 'unknown' ? '' : `: ${text}`;
    return `unknown from ${formatLocal(timeZone, startS)} to ${formatLocal(timeZone, endS)}${why}`;
  });
  if (gaps.length > maxGaps) unknown.push(`and ${gaps.length - maxGaps} more gaps`);
  const highest = peaks.map(({ timeS, text }) => `${text} at ${formatLocal(timeZone, timeS)}`);
  const capacities = limits.flatMap(({ text }) => (text === '' ? [] : [text]));
  const newest = marks.slice(-maxMarks).reverse();
  const events = newest.map((mark) => formatMarkAt(timeZone, mark));
  const marksText = events.length === 0 ? '' : ` Newest events: ${events.join('; ')}.`;
  return `${subject}: ${[...rows, ...highest, ...capacities, ...unknown].join('; ')}.${marksText} ${footer}.`;
}

/** A mark with its time: "2026-11-21 14:35 counters reset: zeroed". */
export function formatMarkAt(timeZone: string, mark: EventMark): string {
  return `${formatLocal(timeZone, mark.timeS).slice(0, 16)} ${formatMark(mark)}`;
}

/** The time of a row, as short as clarity permits: "Sat 21 14:35", and for day rows "2026-11-21". */
export function formatMoment(
  timeZone: string,
  { startS, endS }: { readonly startS: number; readonly endS: number },
): string {
  // A day row is named by the day that it mostly covers.
  const { year, month, day, hour, minute, weekday } = wallTime(
    timeZone,
    endS - startS >= 86_400 ? (startS + endS) / 2 : endS,
  );
  if (endS - startS >= 86_400) return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  return `${weekdays[weekday] ?? ''} ${day} ${twoDigits(hour)}:${twoDigits(minute)}`;
}
