// The events of a director. The engine has archive, kind, real server and time of each; values, causes and texts are not among its labels.

import { type EventQuery, eventKinds, type LedgerEvent } from '../../model/ledger-event.js';
import { type QueryGround, querySpan } from '../query/query.js';
import { selector } from '../query/selector.js';
import { eventMetric, eventOfLabels } from '../series/event-series.js';

/** A director, and the span in which it may have events. */
export interface EventGround extends QueryGround {
  readonly director: string;
  readonly firstS: number;
  readonly lastS: number;
}

const dayS = 86_400;

/** The events of a query, oldest first. Throws a `PassingError`. */
export async function readEvents(query: EventQuery, ground: EventGround): Promise<readonly LedgerEvent[]> {
  const { archive, sinceS = 0, untilS = ground.lastS, newest } = query;
  const span = { startS: Math.max(Math.ceil(sinceS), ground.firstS), endS: Math.min(Math.floor(untilS), ground.lastS) };
  const own = { ...ground, archive };
  if (newest === undefined) return eventsWithin(span, own);
  // The newest ones are seldom far back.
  for (let days = 1; ; days *= 10) {
    const startS = Math.max(span.startS, span.endS - days * dayS);
    const events = await eventsWithin({ ...span, startS }, own);
    if (events.length >= newest || startS === span.startS) return newest === 0 ? [] : events.slice(-newest);
  }
}

/** The events from a time up to another one, both included. */
async function eventsWithin(
  { startS, endS }: { readonly startS: number; readonly endS: number },
  { director, archive, ...ground }: EventGround & { readonly archive: string | undefined },
): Promise<readonly LedgerEvent[]> {
  if (endS < startS) return [];
  const matchers = { __name__: eventMetric, director, ...(archive === undefined ? {} : { archive }) };
  const found = await querySpan(selector(matchers), { startS, endS }, ground);
  const events = found.flatMap(({ labels, samples }) => {
    const times = new Set(samples.map(([timeS]) => timeS));
    return [...times].flatMap((timeS) => eventOfLabels(labels, timeS) ?? []);
  });
  return events.sort(inOrder);
}

function inOrder(a: LedgerEvent, b: LedgerEvent): number {
  if (a.timeS !== b.timeS) return a.timeS - b.timeS;
  if (a.archive !== b.archive) return a.archive < b.archive ? -1 : 1;
  return eventKinds.indexOf(a.kind) - eventKinds.indexOf(b.kind);
}
