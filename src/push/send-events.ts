// The events of a slice as samples. A receiver that would store them twice is asked first which it has.

import { querySpan } from '../engine/query/query.js';
import { selector } from '../engine/query/selector.js';
import { eventMetric } from '../engine/series/event-series.js';
import { eventSamples, sampleKey } from './event-samples.js';
import type { Slice } from './plan/pieces.js';
import type { Written } from './receiver/write-rows.js';
import { writeSamples } from './receiver/write-samples.js';
import type { SenderGround, Sending } from './sender.js';

/** Sends the events after the start of a slice, up to its end. Throws a `PassingError`, or what reading the archives throws. */
export async function sendEvents(slice: Slice, sending: Sending, ground: SenderGround): Promise<Written> {
  const { lend, director, writeUrl: url, send, encoder } = ground;
  const events = await lend((source) => source.events({ sinceS: slice.startS + 1, untilS: slice.endS }));
  const samples = eventSamples(events, director);
  const present = sending.isUnsure && samples.length > 0 ? await presentEvents(slice, sending, ground) : new Set();
  return writeSamples(
    samples.filter((sample) => !present.has(sampleKey(sample))),
    { url, send, encoder },
  );
}

/** The events that a receiver has which takes them in any order; others do not store one twice. */
async function presentEvents(
  { startS, endS }: Slice,
  { order }: Sending,
  { baseUrl, send, director }: SenderGround,
): Promise<ReadonlySet<string>> {
  if (baseUrl === null || order !== 'any') return new Set();
  const events = selector({ __name__: eventMetric, director });
  const found = await querySpan(events, { startS: startS + 1, endS }, { baseUrl, send });
  const keys = found.flatMap(({ labels, samples }) => {
    const own = Object.entries(labels).map(([name, text]) => [name, String(text)] as const);
    const sorted = own.sort(([a], [b]) => (a < b ? -1 : 1));
    return samples.map(([timeS]) => sampleKey({ labels: sorted, timeS }));
  });
  return new Set(keys);
}
