// Events as samples at their time, with value 1. Texts, causes and most values are not among the labels: they would make too many series. What a set-up
// was before a change is, because stacks depend on it.
//   lvs_event{archive="192.0.2.1_80",director="lb1",event="weight-changed",from="100",real_server="10.0.0.5_8080"}

import { type EventKind, eventKinds, type LedgerEvent } from '../../model/ledger-event.js';
import { type Sample, sampleOf } from './sample.js';

/** The metric. */
export const eventMetric = 'lvs_event';

/** The changes of the set-up of a service. */
const setupKinds: ReadonlySet<EventKind> = new Set([
  'real-server-removed',
  'weight-changed',
  'forwarding-changed',
  'scheduler-changed',
  'flags-changed',
]);

/** The sample of an event. */
export function describeEvent(event: LedgerEvent, director: string): Sample {
  const { timeS, archive, kind, realServer = '', from = '' } = event;
  const before = setupKinds.has(kind) ? from : '';
  const labels = { archive, director, event: kind, from: before, real_server: realServer };
  return sampleOf(eventMetric, labels, { timeS, value: 1 });
}

/** The event of labels, at a time; null if its kind is unknown, as that of a newer version may be. */
export function eventOfLabels(labels: Readonly<Record<string, unknown>>, timeS: number): LedgerEvent | null {
  const { archive, event, from, real_server: realServer } = labels;
  const kind = eventKinds.find((one): one is EventKind => one === event);
  if (kind === undefined || typeof archive !== 'string') return null;
  const own = typeof realServer === 'string' ? { realServer } : {};
  return { timeS, archive, kind, ...own, ...(typeof from === 'string' ? { from } : {}) };
}
