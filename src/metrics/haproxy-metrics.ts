// Series of HAProxy's proxies and servers, as of the newest cycle.

import type { KnownEntry, KnownHaproxy } from '../model/cycle.js';
import { type HaproxyKind, haproxyColumns } from '../model/haproxy.js';
import { type HaproxyId, parseHaproxyName } from '../model/names/haproxy-name.js';
import { type Family, type Labels, labels, type Sample } from './exposition.js';

/** The metric of each counter, by its data source. */
const metrics: Readonly<Record<string, readonly [name: string, help: string]>> = {
  Sessions: ['sessions', 'Sessions'],
  InBytes: ['incoming_bytes', 'Bytes from clients'],
  OutBytes: ['outgoing_bytes', 'Bytes to clients'],
  ReqErrors: ['request_errors', 'Requests that ended in an error'],
  ConnErrors: ['connection_errors', 'Connections to servers that failed'],
  RespErrors: ['response_errors', 'Responses that ended in an error'],
  DeniedReqs: ['denied_requests', 'Requests that a rule denied'],
  DeniedResps: ['denied_responses', 'Responses that a rule denied'],
};

interface LabelledEntry {
  readonly kind: HaproxyKind;
  readonly labels: Labels;
  readonly entry: KnownEntry;
}

/** The families of HAProxy; none if it was never read. */
export function haproxyFamilies({ entries }: Pick<KnownHaproxy, 'entries'>): readonly Family[] {
  const labelled = [...entries].flatMap(([name, entry]): readonly LabelledEntry[] => {
    const id = parseHaproxyName(name);
    return id === null || entry.absentS !== null ? [] : [{ kind: id.kind, labels: entryLabels(id), entry }];
  });
  const families = Object.entries(metrics).map(
    ([source, [name, help]]): Family => ({
      name: `lvs_haproxy_${name}`,
      type: 'counter',
      help: `${help}. As of the newest cycle: rates need a range of two cycles, such as [10m].`,
      samples: samplesOf(labelled, (one) => one === source),
    }),
  );
  const responses = ['1xx', '2xx', '3xx', '4xx', '5xx'].flatMap((code) =>
    samplesOf(labelled, (source) => source === `Hrsp${code}`).map(
      ([own, value]): Sample => [`${own},code="${code}"`, value],
    ),
  );
  return [
    ...families,
    {
      name: 'lvs_haproxy_responses',
      type: 'counter',
      help: 'HTTP responses by class. As of the newest cycle.',
      samples: responses,
    },
    {
      name: 'lvs_haproxy_up',
      type: 'gauge',
      help: '1 if a proxy or a server is up, open, or not checked; 0 otherwise. As of the newest cycle.',
      samples: labelled.map(({ labels: own, entry }) => [own, Number(/^(UP|OPEN|no check)/.test(entry.status))]),
    },
  ];
}

function entryLabels({ kind, proxy, server }: HaproxyId): Labels {
  return labels({ proxy, type: kind, server });
}

/** The known values of a counter. */
function samplesOf(entries: readonly LabelledEntry[], isWanted: (source: string) => boolean): readonly Sample[] {
  return entries.flatMap(({ kind, labels: own, entry }): readonly Sample[] => {
    const counters = haproxyColumns[kind].map(({ measure }) => measure).filter(({ type }) => type === 'DERIVE');
    const at = counters.findIndex(({ name }) => isWanted(name));
    const value = entry.counters[at] ?? null;
    return value === null ? [] : [[own, value]];
  });
}
