// How a virtual server was set up, from one change to the next: scheduler, flags and the weights of its real servers. Worked
// out backwards, from what is known now and the changes that the ledger tells.

import { type ArchiveInfo, heartbeatS } from './archive.js';
import type { LedgerEvent } from './ledger-event.js';
import { nameWithin } from './name.js';

/** A set-up that held from `startS` to `endS`, epoch seconds; `endS` is infinite for the one in force. */
export interface ServiceSetup {
  readonly startS: number;
  readonly endS: number;
  readonly scheduler: string;
  readonly flags: string;
  /** By name of the real server within the service. */
  readonly weights: ReadonlyMap<string, number>;
}

type State = Omit<ServiceSetup, 'startS' | 'endS'>;

/** The set-ups of a service, the newest first, as far back as its ledger tells. `events` are its own, oldest first. */
export function setupsOf(
  service: ArchiveInfo,
  realServers: readonly ArchiveInfo[],
  events: readonly LedgerEvent[],
): readonly ServiceSetup[] {
  const setups: ServiceSetup[] = [];
  let state = stateNow(service, realServers);
  let endS = service.goneS === null ? Number.POSITIVE_INFINITY : service.goneS - heartbeatS;
  for (const { timeS, changes } of changesOf(events)) {
    setups.push({ ...state, startS: timeS, endS });
    // What a service was before it went away is not told by the ledger.
    if (changes.some(({ kind }) => kind === 'back' || kind === 'gone')) return setups;
    state = changes.reduceRight(before, state);
    // It was changed at some time since the reading before.
    endS = timeS - heartbeatS;
  }
  return [...setups, { ...state, startS: service.firstS, endS }];
}

function stateNow({ about, goneS }: ArchiveInfo, realServers: readonly ArchiveInfo[]): State {
  const there = realServers.filter((one) => one.goneS === null || one.goneS === goneS);
  const weights = there.flatMap((one) =>
    one.about.kind === 'real-server' ? [[nameWithin(one.name), one.about.weight] as const] : [],
  );
  const { scheduler, flags } = about.kind === 'service' ? about : { scheduler: '', flags: '' };
  return { scheduler, flags, weights: new Map(weights) };
}

const kinds: ReadonlySet<LedgerEvent['kind']> = new Set([
  'back',
  'gone',
  'real-server-added',
  'real-server-removed',
  'weight-changed',
  'scheduler-changed',
  'flags-changed',
]);

/** Changes of the set-up by the cycle that found them, the newest first. */
function changesOf(events: readonly LedgerEvent[]): readonly { timeS: number; changes: LedgerEvent[] }[] {
  const found: { timeS: number; changes: LedgerEvent[] }[] = [];
  for (const event of events.toReversed()) {
    if (!kinds.has(event.kind)) continue;
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
  if (kind === 'real-server-added') weights.delete(realServer);
  // "Masq, weight 1", or the weight alone.
  else weights.set(realServer, Number(/\d+$/.exec(from)?.[0] ?? Number.NaN));
  return { ...state, weights };
}
