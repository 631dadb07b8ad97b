// The samples of events. Two events of one kind at the same archive, real server and second are one sample.

import { describeEvent } from '../engine/series/event-series.js';
import type { Sample } from '../engine/series/sample.js';
import type { EventKind, LedgerEvent } from '../model/ledger-event.js';

/** They are not in a ledger, but made when it is read. */
const madeKinds: readonly EventKind[] = ['older-dropped', 'failover'];

/** The samples of events of a director, each once; in the order of the events. */
export function eventSamples(events: readonly LedgerEvent[], director: string): readonly Sample[] {
  const stored = events.filter(({ kind }) => !madeKinds.includes(kind)).map((event) => describeEvent(event, director));
  return [...new Map(stored.map((sample) => [sampleKey(sample), sample])).values()];
}

/** A key for maps: equal for samples of the same series and time. */
export function sampleKey({ labels, timeS }: Pick<Sample, 'labels' | 'timeS'>): string {
  return JSON.stringify([timeS, labels]);
}
