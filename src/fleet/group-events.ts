// The events of a group: those of its directors, which name their director, and its failovers.

import type { LedgerEvent } from '../model/ledger-event.js';

/** The events of one director. */
export interface OwnEvents {
  readonly director: string;
  readonly events: readonly LedgerEvent[];
}

/**
 * The events of several directors in the order of time. A change that several of them saw within `withinS` seconds, such as that of a weight in
 * a configuration that they share, is one event, at the time of the first.
 */
export function mergeEvents(members: readonly OwnEvents[], withinS: number): readonly LedgerEvent[] {
  const all = members
    .flatMap(({ director, events }) => events.map((event) => ({ event, directors: [director] })))
    .sort((a, b) => a.event.timeS - b.event.timeS);
  const newest = new Map<string, { readonly event: LedgerEvent; readonly directors: string[] }>();
  const merged = all.filter((one) => {
    const key = keyOf(one.event);
    const before = newest.get(key);
    const isSame =
      before !== undefined &&
      one.event.timeS - before.event.timeS <= withinS &&
      !one.directors.some((director) => before.directors.includes(director));
    if (isSame) before.directors.push(...one.directors);
    else newest.set(key, one);
    return !isSame;
  });
  return merged.map(({ event, directors }) => ({ ...event, detail: detailOf(event, directors) }));
}

function keyOf({ archive, kind, realServer, from, to, cause }: LedgerEvent): string {
  return JSON.stringify([archive, kind, realServer, from, to, cause]);
}

function detailOf({ detail }: LedgerEvent, directors: readonly string[]): string {
  const on = `on ${directors.join(' and ')}`;
  return detail === undefined || detail === '' ? on : `${detail} (${on})`;
}
