// The set-ups of a service, from one change to the next: scheduler, flags, the weights of its real servers and their
// forwarding. Worked out backwards, from the current state and the changes in the ledger.

import type { ArchiveInfo } from '../archive.js';
import type { EventKind, LedgerEvent } from '../ledger-event.js';
import { nameWithin } from '../names/name.js';
import { heartbeatOf } from '../retention.js';

/** A set-up in force from `startS` to `endS`, epoch seconds; `endS` is infinite for the current one. */
export interface ServiceSetup {
  readonly startS: number;
  readonly endS: number;
  readonly scheduler: string;
  readonly flags: string;
  /** By name of the real server within the service. */
  readonly weights: ReadonlyMap<string, number>;
  /** Likewise: `Masq`, `Route`, `FullNat`, …; '' if the ledger does not say. */
  readonly forwardings: ReadonlyMap<string, string>;
}

type State = Omit<ServiceSetup, 'startS' | 'endS'>;

/** A service, its present and former real servers, and its ledger, oldest first. */
export interface SetupGround {
  readonly service: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
  readonly events: readonly LedgerEvent[];
}

/** Changes that alter what a scheduler promises. */
const promiseKinds: ReadonlySet<EventKind> = new Set([
  'real-server-added',
  'real-server-removed',
  'weight-changed',
  'scheduler-changed',
  'flags-changed',
]);

/** Changes that alter how real servers are reached. */
export const forwardingKinds: ReadonlySet<EventKind> = new Set([
  'real-server-added',
  'real-server-removed',
  'forwarding-changed',
  'flags-changed',
]);

/** Events before which the ledger does not say what a service was. */
export const setupEnds: ReadonlySet<EventKind> = new Set(['back', 'gone', 'older-dropped']);

/** The set-ups of a service, newest first, as far back as its ledger goes: a new one with each change of `kinds`. */
export function setupsOf(
  { service, realServers, events }: SetupGround,
  kinds: ReadonlySet<EventKind> = promiseKinds,
): readonly ServiceSetup[] {
  const setups: ServiceSetup[] = [];
  const heartbeatS = heartbeatOf(service.retention);
  let state = stateNow(service, realServers);
  let endS = service.goneS === null ? Number.POSITIVE_INFINITY : service.goneS - heartbeatS;
  // For a service that is gone, the current description is what it was before.
  const known = service.goneS === null ? events : events.filter(({ timeS }) => timeS < (service.goneS ?? timeS));
  for (const { timeS, changes } of changesOf(known, kinds)) {
    setups.push({ ...state, startS: timeS, endS });
    if (changes.some(({ kind }) => setupEnds.has(kind))) return setups;
    state = changes.reduceRight(before, state);
    // The change happened at some time since the previous reading.
    endS = timeS - heartbeatS;
  }
  return [...setups, { ...state, startS: service.firstS, endS }];
}

function stateNow({ about, goneS }: ArchiveInfo, realServers: readonly ArchiveInfo[]): State {
  const there = realServers.filter((one) => one.goneS === null || one.goneS === goneS);
  const { scheduler, flags } = about.kind === 'service' ? about : { scheduler: '', flags: '' };
  const weights = new Map<string, number>();
  const forwardings = new Map<string, string>();
  for (const { name, about: own } of there) {
    if (own.kind !== 'real-server') continue;
    weights.set(nameWithin(name), own.weight);
    forwardings.set(nameWithin(name), own.forwarding);
  }
  return { scheduler, flags, weights, forwardings };
}

/** Changes of the set-up by the cycle that found them, newest first. */
function changesOf(
  events: readonly LedgerEvent[],
  kinds: ReadonlySet<EventKind>,
): readonly { timeS: number; changes: LedgerEvent[] }[] {
  const found: { timeS: number; changes: LedgerEvent[] }[] = [];
  for (const event of events.toReversed()) {
    if (!kinds.has(event.kind) && !setupEnds.has(event.kind)) continue;
    const last = found.at(-1);
    if (last?.timeS === event.timeS) last.changes.unshift(event);
    else found.push({ timeS: event.timeS, changes: [event] });
  }
  return found;
}

function before(state: State, { kind, realServer = '', from = '' }: LedgerEvent): State {
  if (kind === 'scheduler-changed') return { ...state, scheduler: from };
  if (kind === 'flags-changed') return { ...state, flags: from };
  const weights = new Map(state.weights);
  const forwardings = new Map(state.forwardings);
  if (kind === 'real-server-added') {
    weights.delete(realServer);
    forwardings.delete(realServer);
  }
  // "Masq, weight 1", or the changed value alone.
  if (kind !== 'real-server-added' && kind !== 'forwarding-changed') {
    weights.set(realServer, Number(/\d+$/.exec(from)?.[0] ?? Number.NaN));
  }
  if (kind === 'real-server-removed' || kind === 'forwarding-changed') {
    forwardings.set(realServer, /^[A-Za-z][\w+-]*/.exec(from)?.[0] ?? '');
  }
  return { ...state, weights, forwardings };
}
