// When the director's sum was incomplete, from the results of each service alone: those that were unknown at a reading, and how
// many there were. `interpret` reports when that begins and when it ends.

import { sumComplete, sumIncomplete } from '../../interpret/director/interpret-director.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { type Calendar, dayS, newestReadingS, readingTimes } from '../traffic/calendar.js';

/** A reading at which a service was unknown. */
export interface UnknownReading {
  readonly timeS: number;
  /** Whether it was missing: `interpret` handles those last. */
  readonly isAbsent: boolean;
}

/** A service's part. */
interface PastOfService {
  readonly name: string;
  readonly events: readonly LedgerEvent[];
  readonly unknown: readonly UnknownReading[];
}

/** The state of the sum at the end of the past, and its events, oldest first. */
export interface PastSum {
  readonly sumIncompleteS: number | undefined;
  readonly events: readonly LedgerEvent[];
}

/** Judges the sum over readings up to `untilS`. `isExplained`: another event already explains why a reading is unknown. */
export function pastSum(
  calendar: Calendar,
  pasts: readonly PastOfService[],
  { untilS, isExplained }: { readonly untilS: number; readonly isExplained: (timeS: number) => boolean },
): PastSum {
  const unknown = unknownByTime(pasts);
  const events: LedgerEvent[] = [];
  let sinceS: number | undefined;
  for (const timeS of readingsToJudge(calendar, unknown.keys(), untilS)) {
    if (isExplained(timeS)) {
      sinceS = undefined;
      continue;
    }
    const names = unknown.get(timeS);
    const before = {
      timeS: newestReadingS(calendar, timeS - 1),
      ...(sinceS === undefined ? {} : { sumIncompleteS: sinceS }),
    };
    const services = names === undefined ? 0 : pasts.filter(({ events: own }) => wasInTable(own, timeS)).length;
    const event =
      names === undefined ? sumComplete(before, timeS) : sumIncomplete(before, { timeS, services, unknown: names });
    if (event !== null) events.push(event);
    sinceS = names === undefined ? undefined : (sinceS ?? timeS);
  }
  return { sumIncompleteS: sinceS, events };
}

/** The unknown services at each reading that has any, the missing ones last. */
function unknownByTime(pasts: readonly PastOfService[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const isLast of [false, true]) {
    for (const { name, unknown } of pasts) {
      for (const { timeS, isAbsent } of unknown) {
        if (isAbsent === isLast) found.set(timeS, [...(found.get(timeS) ?? []), name]);
      }
    }
  }
  return found;
}

/** Readings with an unknown service, and the two after each: the end of the gap can be hidden once, by a restart of all counters. */
function readingsToJudge(calendar: Calendar, unknownS: Iterable<number>, untilS: number): readonly number[] {
  const times = new Set<number>();
  for (const timeS of unknownS) {
    times.add(timeS);
    for (const afterS of readingTimes(calendar, timeS, timeS + 4 * dayS).subarray(0, 2)) times.add(afterS);
  }
  return [...times].filter((timeS) => timeS <= untilS).sort((a, b) => a - b);
}

/** Was a service in the table at a reading, or missing from it for the first time? */
function wasInTable(events: readonly LedgerEvent[], timeS: number): boolean {
  const moves = ['appeared', 'back', 'gone'];
  const last = events.findLast((event) => event.timeS <= timeS && moves.includes(event.kind));
  return last !== undefined && last.kind !== 'gone';
}
