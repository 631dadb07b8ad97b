// How much of an archive's outbound traffic was seen, from one change of forwarding to the next: a service that is masqueraded
// now may have been routed directly an hour ago. Derived from its set-ups (service-setup.ts).

import type { ArchiveInfo } from '../archive.js';
import { kindOf } from '../kinds/registry.js';
import type { LedgerEvent } from '../ledger-event.js';
import { nameWithin } from '../names/name.js';
import { heartbeatOf } from '../retention.js';
import { type Outbound, outboundBy, outboundOf, type Reach, unseenReason } from './outbound.js';
import { forwardingKinds, type ServiceSetup, setupsOf } from './service-setup.js';

/**
 * The outbound traffic seen from `startS` to `endS`, epoch seconds. A change lies somewhere between two readings, so the
 * stretches before and after it overlap there.
 */
export interface OutboundStretch {
  readonly startS: number;
  readonly endS: number;
  readonly outbound: Outbound;
}

/** The stretches of a span, newest first; none for time that the ledger does not cover. `events` as in `SetupGround`. */
export function outboundStretches(
  reach: Reach,
  events: readonly LedgerEvent[],
  span: { readonly startS: number; readonly endS: number },
): readonly OutboundStretch[] {
  const { archive, service, realServers } = reach;
  if (kindOf(archive.about).source.seesAllReplies)
    return [{ startS: span.startS, endS: span.endS, outbound: { kind: 'seen' } }];
  const setups = setupsOf({ service, realServers, events }, forwardingKinds);
  const heartbeatS = heartbeatOf(service.retention);
  const stretches: OutboundStretch[] = [];
  let endS = Number.POSITIVE_INFINITY;
  for (const setup of setups) {
    // Before its first reading there is nothing to see.
    const startS = setup.startS <= service.firstS ? 0 : setup.startS - heartbeatS;
    addStretch(stretches, { startS, endS, outbound: outboundIn(setup, archive) });
    endS = setup.startS;
  }
  const [newest] = stretches;
  // Without a real server nothing goes out; its former ones tell about what is left to see.
  if (newest?.outbound.kind === 'no-server') stretches[0] = { ...newest, outbound: outboundOf(reach) };
  return stretches
    .filter((one) => one.endS > span.startS && one.startS < span.endS)
    .map((one) => ({ ...one, startS: Math.max(one.startS, span.startS), endS: Math.min(one.endS, span.endS) }));
}

function outboundIn({ flags, forwardings }: ServiceSetup, { name, about }: ArchiveInfo): Outbound {
  if (kindOf(about).level !== 'member') return outboundBy(flags, [...forwardings.values()]);
  const own = forwardings.get(nameWithin(name));
  return outboundBy(flags, own === undefined ? [] : [own]);
}

/** Adds a stretch, newest first. Time without real servers takes the outbound of its neighbour, since nothing could be seen. */
function addStretch(stretches: OutboundStretch[], added: OutboundStretch): void {
  const newer = stretches.at(-1);
  const isSame = newer !== undefined && JSON.stringify(newer.outbound) === JSON.stringify(added.outbound);
  if (newer === undefined || !(isSame || newer.outbound.kind === 'no-server' || added.outbound.kind === 'no-server')) {
    stretches.push(added);
    return;
  }
  const { outbound } = newer.outbound.kind === 'no-server' ? added : newer;
  stretches[stretches.length - 1] = { startS: added.startS, endS: newer.endS, outbound };
}

/** How much outbound traffic was seen in a row: `turning` if it was seen for part of the time, `unknown` if nobody knows. */
export type Sight = 'seen' | 'partly' | 'unseen' | 'turning' | 'unknown';

/** Rows of one length; the first begins at `startS`. */
export interface RowGrid {
  readonly startS: number;
  readonly stepS: number;
  readonly count: number;
}

/** The sight of each row, computed once per run of rows between borders of stretches. */
export function sightsIn(stretches: readonly OutboundStretch[], { startS, stepS, count }: RowGrid): readonly Sight[] {
  const sights: Sight[] = [];
  while (sights.length < count) {
    const fromS = startS + sights.length * stepS;
    const toS = fromS + stepS;
    let end = count;
    for (const one of stretches) {
      // The first row that it reaches, and the first that it no longer reaches.
      if (one.startS >= toS) end = Math.min(end, Math.floor((one.startS - startS) / stepS));
      if (one.endS > fromS) end = Math.min(end, Math.ceil((one.endS - startS) / stepS));
    }
    const sight = sightIn(stretches, fromS, toS);
    while (sights.length < end) sights.push(sight);
  }
  return sights;
}

function sightIn(stretches: readonly OutboundStretch[], fromS: number, toS: number): Sight {
  const all = stretches.flatMap(({ startS, endS, outbound }) => (startS < toS && endS > fromS ? [outbound] : []));
  const unseen = all.filter((one) => unseenReason(one) !== null);
  if (unseen.length > 0) return unseen.length < all.length ? 'turning' : 'unseen';
  if (all.some(({ kind }) => kind === 'partly')) return 'partly';
  return all.some(({ kind }) => kind === 'seen') ? 'seen' : 'unknown';
}
