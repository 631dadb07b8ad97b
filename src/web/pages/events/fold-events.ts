// Folds events: after a restart, every service reports the same at the same time, which is one piece of news.

import type { LedgerEvent } from '../../../model/ledger-event.js';
import { directorName } from '../../../model/names/name.js';
import { countOf } from '../../../model/text/count-of.js';
import { eventTitles, eventWhat } from '../../../model/text/event-text.js';
import { isProbeName, isProxyName } from '../../data/catalogue.js';

/** Events of one time, kind and cause. `summary` is empty if they are listed one by one. */
export interface EventFold {
  readonly events: readonly LedgerEvent[];
  readonly summary: string;
}

/** Fewer events are listed one by one. */
const fewest = 3;

/**
 * The events that a list shows, in its order, with those of one time, kind and cause together: "17 services: counters reset
 * (machine restarted)". The summary counts all of them in the list, shown or not.
 */
export function foldEvents(shown: readonly LedgerEvent[], all: readonly LedgerEvent[] = shown): EventFold[] {
  const counts = new Map<string, number>();
  for (const event of all) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  const folds = new Map<string, LedgerEvent[]>();
  for (const event of shown) {
    const key = keyOf(event);
    // Below a few, each event is a fold of its own.
    const place = (counts.get(key) ?? 0) < fewest ? `${key} ${folds.size}` : key;
    folds.set(place, [...(folds.get(place) ?? []), event]);
  }
  return [...folds].map(([key, events]) => {
    const [first] = events;
    const count = counts.get(key) ?? 0;
    return { events, summary: first === undefined || count < fewest ? '' : summaryOf(first, count) };
  });
}

function keyOf(event: LedgerEvent): string {
  // The director's events are about the whole; none is like another.
  const own = event.archive === directorName ? event.detail : '';
  return JSON.stringify([event.timeS, event.kind, eventWhat(event), nounOf(event), own]);
}

function summaryOf(event: LedgerEvent, count: number): string {
  const title = eventTitles[event.kind].replace(/^real server /, '');
  const what = eventWhat(event);
  const [one, many] = nounOf(event);
  return `${countOf(count, one, many)}: ${title}${what === '' ? '' : ` (${what})`}`;
}

function nounOf({ archive, realServer }: LedgerEvent): readonly [one: string, many: string] {
  if (isProxyName(archive)) return realServer === undefined ? ['proxy', 'proxies'] : ['server', 'servers'];
  if (isProbeName(archive)) return ['probe', 'probes'];
  if (realServer !== undefined) return ['real server', 'real servers'];
  return archive === directorName ? ['event', 'events'] : ['service', 'services'];
}
