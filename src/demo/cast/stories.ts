// The stories of the hand-made services: each is placed relative to the end of the history, so that the pictures of the last
// day, week, month and year each show one. Hours are local, days are counted back from the day of the end.

import { type Calendar, localTime } from '../traffic/calendar.js';
import { type Episode, type Story, uneventful } from './character.js';

const hourS = 3600;

/** Week: one evening, small packets flood in, in three waves; month: a real server is added. Real server 5 comes late. */
export function attacked(calendar: Calendar): Story {
  const flood = (fromHour: number, toHour: number, strength: number): Episode => ({
    fromS: localTime(calendar, 2, fromHour),
    toS: localTime(calendar, 2, toHour),
    factors: [
      1.15,
      1 + 0.8 * strength,
      1 + 1.6 * strength,
      1 + 1.1 * strength,
      1 + 0.2 * strength,
      1 + 0.34 * strength,
      1 - 0.05 * strength,
    ],
  });
  return {
    ...uneventful,
    episodes: [flood(20.3, 20.9, 2), flood(20.9, 22.15, 6), flood(22.15, 22.6, 3)],
    changes: [{ atS: localTime(calendar, 23, 10.4), realServer: 5, weight: 100 }],
  };
}

/** Day: the application answers nothing for forty minutes, and clients retry; then they all come back. */
export function failing({ endS }: Calendar): Story {
  const fromS = endS - 6.2 * hourS;
  return {
    ...uneventful,
    episodes: [
      { fromS, toS: fromS + 2520, factors: [0.02, 1.6, 1.7, 0.34, 0.2, 0.14, 0.06] },
      { fromS: fromS + 2520, toS: fromS + 4300, factors: [1.3, 1.2, 1.35, 1.4, 1.4, 1.4, 1.4] },
    ],
  };
}

/** Day: a real server is drained for maintenance and returns, at first with half its weight. */
export function maintained({ endS }: Calendar): Story {
  return {
    ...uneventful,
    changes: [
      { atS: Math.round(endS - 12.4 * hourS), realServer: 1, weight: 0 },
      { atS: Math.round(endS - 9.3 * hourS), realServer: 1, weight: 50 },
      { atS: Math.round(endS - 8.2 * hourS), realServer: 1, weight: 100 },
    ],
  };
}

/** Week and month: a real server fails, and the health check removes and restores it; another is replaced. */
export function repaired(calendar: Calendar): Story {
  return {
    ...uneventful,
    changes: [
      { atS: localTime(calendar, 18, 14.2), realServer: 3, weight: 10 },
      { atS: localTime(calendar, 16, 11.1), realServer: 2, weight: 0 },
      { atS: localTime(calendar, 16, 13.6), realServer: 2, weight: null },
      { atS: localTime(calendar, 4, 3.37), realServer: 0, weight: null },
      { atS: localTime(calendar, 4, 5.11), realServer: 0, weight: 10 },
    ],
  };
}

/** Month: somebody zeroes its counters; year: twice a long night of full copies. */
export function zeroed(calendar: Calendar): Story {
  const fullCopy = (daysAgo: number): Episode => ({
    fromS: localTime(calendar, daysAgo, 2),
    toS: localTime(calendar, daysAgo, 6.5),
    factors: [2, 1.5, 1.2, 3.2, 3.2, 3.2, 3.2],
  });
  return {
    ...uneventful,
    zeroedS: [localTime(calendar, 22, 15.3), localTime(calendar, 1, 10.7)],
    episodes: [fullCopy(190), fullCopy(71), fullCopy(8)],
  };
}

/** Day: of four equal real servers one takes 41 % of the new connections: 2.085 parts of 5.085. */
export function uneven({ endS }: Calendar): Story {
  return { ...uneventful, pulls: [{ atS: Math.round(endS - 9.6 * hourS), realServer: 2, factor: 2.085 }] };
}

/** Year: added some months ago, with growing popularity. */
export function launched(calendar: Calendar): Story {
  const startS = localTime(calendar, 104, 9.55);
  const weeks = [0.06, 0.12, 0.2, 0.3, 0.42, 0.55, 0.68, 0.8, 0.9];
  const weekS = 7 * 24 * hourS;
  return {
    ...uneventful,
    absences: [{ fromS: Number.NEGATIVE_INFINITY, toS: startS }],
    episodes: weeks.map((part, i) => ({
      fromS: startS + i * weekS,
      toS: startS + (i + 1) * weekS,
      factors: [part, part, part, part, part, part, part],
    })),
  };
}

/** Month and year: usage declines, then it is removed. */
export function retired(calendar: Calendar): Story {
  const goneS = localTime(calendar, 9, 11.27);
  const weekS = 7 * 24 * hourS;
  const parts = [0.8, 0.55, 0.35, 0.2];
  return {
    ...uneventful,
    episodes: parts.map((part, i) => ({
      fromS: goneS - (parts.length - i) * weekS,
      toS: goneS - (parts.length - i - 1) * weekS,
      factors: [part, part, part, part, part, part, part],
    })),
    absences: [{ fromS: goneS, toS: Number.POSITIVE_INFINITY }],
  };
}

/** Week: removed by mistake for some hours, and restored; long ago a script rebuilt it, so it was gone for a moment. */
export function removedAndBack(calendar: Calendar): Story {
  return {
    ...uneventful,
    absences: [
      { fromS: localTime(calendar, 84, 12.04), toS: localTime(calendar, 84, 12.1) },
      { fromS: localTime(calendar, 5, 13.2), toS: localTime(calendar, 5, 19.9) },
    ],
  };
}
