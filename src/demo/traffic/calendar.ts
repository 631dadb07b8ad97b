// The times of events in the simulated world. All of them are relative to the end of the history, so that the pictures of a
// day, a week, a month and a year each show something. Events of one service are in its story (cast.ts); this file has those of
// the machine and of its collector, and the times of the readings.

import { standardRetention } from '../../model/retention.js';
import type { HostClock } from '../../model/snapshot.js';

const { stepS } = standardRetention;

const hourS = 3600;

/** Seconds of a day. */
export const dayS = 86400;

/** A span of time: from `fromS` on, before `toS`; either may be infinite. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** Whether a time lies within a span. */
export function isWithin({ fromS, toS }: Span, timeS: number): boolean {
  return timeS >= fromS && timeS < toS;
}

/** The events of the director and its machine. */
export interface Calendar {
  readonly epochS: number;
  readonly endS: number;
  readonly utcOffsetS: number;
  /** Boots of the machine, oldest first; the first one is before the history. All counters restart. */
  readonly bootsS: readonly number[];
  /** Spans without a reading, oldest first: the collector or the machine was down. */
  readonly gaps: readonly Span[];
  /** The quiet days of a holiday. */
  readonly holiday: Span;
}

/** The place of a history: it begins at `epochS`, and its events are placed before `endS`. */
export interface CalendarOptions {
  readonly epochS: number;
  readonly endS: number;
  /** Seconds that local clocks are ahead of UTC: the rhythm of the day follows them. */
  readonly utcOffsetS: number;
}

/** Places the machine's events. */
export function createCalendar({ epochS, endS, utcOffsetS }: CalendarOptions): Calendar {
  const at = (daysAgo: number, hour: number): number => localTime({ endS, utcOffsetS }, daysAgo, hour);
  const restarts: Span[] = [
    { fromS: at(241, 4.12), toS: at(241, 4.31) },
    { fromS: at(12, 3.18), toS: at(12, 3.34) },
  ].filter(({ toS }) => toS > epochS);
  const collectorOutages: Span[] = [
    { fromS: at(163, 22.4), toS: at(161, 9.1) },
    { fromS: at(47, 2.2), toS: at(47, 13.7) },
    { fromS: at(3, 10.6), toS: at(3, 13.65) },
  ];
  const gaps = [...restarts, ...collectorOutages].sort((a, b) => a.fromS - b.fromS);
  const bootsS = [epochS - 40 * dayS, ...restarts.map(({ toS }) => toS)];
  return { epochS, endS, utcOffsetS, bootsS, gaps, holiday: { fromS: at(131, 0), toS: at(121, 0) } };
}

/** The clock of the machine at a time: its current boot, and its uptime. */
export function hostAt({ bootsS }: Calendar, timeS: number): HostClock {
  const boot = Math.max(
    0,
    bootsS.findLastIndex((bootS) => bootS <= timeS),
  );
  return { bootId: `simulated-boot-${boot}`, uptimeS: timeS - (bootsS[boot] ?? timeS) };
}

/** The moment at that local hour, that many days before the day of the end. */
export function localTime(when: Pick<CalendarOptions, 'endS' | 'utcOffsetS'>, daysAgo: number, hour: number): number {
  const localDay = Math.floor((when.endS + when.utcOffsetS) / dayS) - daysAgo;
  return Math.round(localDay * dayS + hour * hourS - when.utcOffsetS);
}

/** Times of the readings in (`fromS`, `toS`], none before the history began: multiples of 300 s outside the gaps. */
export function readingTimes(calendar: Calendar, fromS: number, toS: number): Float64Array {
  const firstStep = Math.floor(Math.max(fromS, calendar.epochS) / stepS) + 1;
  const lastStep = Math.floor(toS / stepS);
  const times = new Float64Array(Math.max(0, lastStep - firstStep + 1));
  let count = 0;
  let next = 0;
  for (let step = firstStep; step <= lastStep; step++) {
    const timeS = step * stepS;
    while (timeS >= (calendar.gaps[next]?.toS ?? Number.POSITIVE_INFINITY)) next += 1;
    if (timeS < (calendar.gaps[next]?.fromS ?? Number.POSITIVE_INFINITY)) times[count++] = timeS;
  }
  return times.subarray(0, count);
}

/** Time of the newest reading at or before `timeS`; null if the history has none yet. */
export function newestReadingS(calendar: Calendar, timeS: number): number | null {
  let newestS = Math.floor(timeS / stepS) * stepS;
  for (const { fromS, toS } of calendar.gaps.toReversed()) {
    if (newestS >= fromS && newestS < toS) newestS = (Math.ceil(fromS / stepS) - 1) * stepS;
  }
  return newestS > calendar.epochS ? newestS : null;
}
