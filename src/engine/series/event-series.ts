// Events as samples at their time, with value 1. Texts, values and causes are not among the labels: they would make too many series.
//   lvs_event{archive="192.0.2.1_80",director="lb1",event="weight-changed",real_server="10.0.0.5_8080"}

import { type EventKind, eventKinds, type LedgerEvent } from '../../model/ledger-event.js';
import { type Sample, sampleOf } from './sample.js';

/** The metric. */
export const eventMetric = 'lvs_event';

/** The sample of an event. */
export function describeEvent({ timeS, archive, kind, realServer = '' }: LedgerEvent, director: string): Sample {
  return sampleOf(eventMetric, { archive, director, event: kind, real_server: realServer }, { timeS, value: 1 });
}

/** The event of labels, at a time; null if its kind is unknown, as that of a newer version may be. */
export function eventOfLabels(labels: Readonly<Record<string, unknown>>, timeS: number): LedgerEvent | null {
  const { archive, event, real_server: realServer } = labels;
  const kind = eventKinds.find((one): one is EventKind => one === event);
  if (kind === undefined || typeof archive !== 'string') return null;
  return { timeS, archive, kind, ...(typeof realServer === 'string' ? { realServer } : {}) };
}
