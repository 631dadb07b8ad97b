// The time axis: lines and labels at round local times of a zone, whatever the span.
//
//   hours and minutes   a label at its line, midnight stronger
//   weekdays, dates     a label in the middle of its day, lines at midnight, Mondays and firsts stronger
//   weeks               a label at each Monday, a month's first Monday stronger
//   months, years       a label in the middle of its month or year, January stronger
//
// The room for a label decides; local days of 23 and 25 hours come out right.

import { twoDigits } from '../../model/text/two-digits.js';
import { timeOfWall, type WallTime, wallSeconds, wallTime } from '../look/local-time.js';

/** A label centred on `atS`. */
export interface TimeLabel {
  readonly atS: number;
  readonly text: string;
  readonly strong: boolean;
}

/** Vertical lines, and labels below them, in order of time. */
export interface TimeAxis {
  readonly lines: readonly { readonly atS: number; readonly strong: boolean }[];
  readonly labels: readonly TimeLabel[];
}

/** The input of an axis: from `startS` to `endS` on `widthPx`, in a zone. */
export interface TimeAxisRequest {
  readonly startS: number;
  readonly endS: number;
  readonly timeZone: string;
  readonly widthPx: number;
}

const dayS = 86_400;
const clockStepsS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const monthSteps = [1, 3, 6, 12, 24, 60, 120];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const digitPx = 6;

/** Lines and labels for a span of time; empty for a span of no length. */
export function timeAxis(request: TimeAxisRequest): TimeAxis {
  const spanS = request.endS - request.startS;
  if (!(spanS > 0)) return { lines: [], labels: [] };
  const pxPerS = request.widthPx / spanS;
  const clockStepS = clockStepsS.find((stepS) => stepS * pxPerS >= 44);
  if (clockStepS !== undefined && spanS <= 4 * dayS) return clockAxis(request, clockStepS);
  if (dayS * pxPerS >= 16) return dayAxis(request);
  if (7 * dayS * pxPerS >= 44) return weekAxis(request);
  const monthPx = 30.4 * dayS * pxPerS;
  return monthAxis(request, monthSteps.find((step) => step * monthPx >= 24) ?? 120);
}

function clockAxis(request: TimeAxisRequest, stepS: number): TimeAxis {
  const { startS, endS, timeZone } = request;
  const firstWallS = Math.floor(wallSeconds(timeZone, startS) / stepS) * stepS;
  const lines = [];
  const labels = [];
  for (let wallS = firstWallS; wallS <= wallSeconds(timeZone, endS) + dayS / 8; wallS += stepS) {
    const atS = timeOfWall(timeZone, wallS);
    if (atS < startS || atS > endS || wallSeconds(timeZone, atS) !== wallS) continue;
    const strong = wallS % dayS === 0;
    const wall = wallTime(timeZone, atS);
    lines.push({ atS, strong });
    labels.push({ atS, text: `${twoDigits(wall.hour)}:${twoDigits(wall.minute)}`, strong });
  }
  return { lines, labels };
}

function dayAxis(request: TimeAxisRequest): TimeAxis {
  const startsS = calendarStarts(request, (wall, ahead) => utcS(wall.year, wall.month - 1, wall.day + ahead));
  const dayPx = (request.widthPx / (request.endS - request.startS)) * dayS;
  const format = (wall: WallTime) => {
    const weekday = weekdays[wall.weekday] ?? '';
    if (dayPx >= 56) return `${weekday} ${wall.day}`;
    if (dayPx >= 34) return weekday;
    return wall.day === 1 ? monthName(wall) : String(wall.day);
  };
  const isStrong = (wall: WallTime) => wall.weekday === 1 || wall.day === 1;
  return amidAxis(request, startsS, { format, isStrong, isStrongLabel: (wall) => wall.day === 1 });
}

function weekAxis(request: TimeAxisRequest): TimeAxis {
  const startsS = calendarStarts(request, ({ year, month, day, weekday }, ahead) =>
    utcS(year, month - 1, day - ((weekday + 6) % 7) + 7 * ahead),
  );
  return atAxis(request, startsS, {
    format: (wall) => `${wall.day} ${monthName(wall)}`,
    isStrong: (wall) => wall.day <= 7,
    isStrongLabel: () => false,
  });
}

function monthAxis(request: TimeAxisRequest, step: number): TimeAxis {
  const startsS = calendarStarts(request, (wall, ahead) => {
    const month = wall.year * 12 + wall.month - 1;
    return utcS(0, (Math.floor(month / step) + ahead) * step, 1);
  });
  const isStrong = (wall: WallTime) => wall.month === 1 && step < 12;
  const format = (wall: WallTime) => (wall.month === 1 ? String(wall.year) : monthName(wall));
  const axis = step === 1 || step === 12 ? amidAxis : atAxis;
  return axis(request, startsS, { format, isStrong, isStrongLabel: isStrong });
}

interface AxisStyle {
  readonly format: (wall: WallTime) => string;
  readonly isStrong: (wall: WallTime) => boolean;
  readonly isStrongLabel: (wall: WallTime) => boolean;
}

// A line where each part begins, and its label there.
function atAxis({ startS, endS, timeZone }: TimeAxisRequest, startsS: readonly number[], style: AxisStyle): TimeAxis {
  const seen = startsS
    .filter((atS) => atS >= startS && atS <= endS)
    .map((atS) => ({ atS, wall: wallTime(timeZone, atS) }));
  return {
    lines: seen.map(({ atS, wall }) => ({ atS, strong: style.isStrong(wall) })),
    labels: seen.map(({ atS, wall }) => ({ atS, text: style.format(wall), strong: style.isStrongLabel(wall) })),
  };
}

// A line where each part begins, and a label in the middle of its visible portion, if there is room.
function amidAxis(request: TimeAxisRequest, startsS: readonly number[], style: AxisStyle): TimeAxis {
  const pxPerS = request.widthPx / (request.endS - request.startS);
  const labels = [];
  for (let index = 0; index + 1 < startsS.length; index++) {
    const fromS = Math.max(startsS[index] ?? 0, request.startS);
    const toS = Math.min(startsS[index + 1] ?? 0, request.endS);
    const wall = wallTime(request.timeZone, startsS[index] ?? 0);
    const text = style.format(wall);
    if ((toS - fromS) * pxPerS < text.length * digitPx + 2) continue;
    labels.push({ atS: (fromS + toS) / 2, text, strong: style.isStrongLabel(wall) });
  }
  return { lines: atAxis(request, startsS, style).lines, labels };
}

// Starts of the calendar's parts, from the one that contains the span's start to the first after its end. `partWallS` returns
// the wall time at which a part begins, counted from the part of the given time.
function calendarStarts(
  { startS, endS, timeZone }: TimeAxisRequest,
  partWallS: (wall: WallTime, ahead: number) => number,
): number[] {
  let atS = timeOfWall(timeZone, partWallS(wallTime(timeZone, startS), 0));
  const startsS = [atS];
  while (atS <= endS) {
    atS = timeOfWall(timeZone, partWallS(wallTime(timeZone, atS), 1));
    startsS.push(atS);
  }
  return startsS;
}

function monthName(wall: WallTime): string {
  return months[wall.month - 1] ?? '';
}

function utcS(year: number, monthIndex: number, day: number): number {
  return Date.UTC(year + Math.floor(monthIndex / 12), ((monthIndex % 12) + 12) % 12, day) / 1000;
}
