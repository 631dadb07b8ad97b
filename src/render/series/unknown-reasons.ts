// Explains unknown rows of an archive from the ledgers: it was absent, its counters were reset, cycles failed.

import type { ArchiveInfo } from '../../model/archive.js';
import { isOfRealServer, type LedgerEvent } from '../../model/ledger-event.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import { causeTexts, codeText } from '../../model/text/event-text.js';
import type { UnknownReason } from '../define/graph-request.js';

/** The events that may explain them: the archive's own (or its service's), and the director's, oldest first. */
export interface Ledgers {
  readonly own: readonly LedgerEvent[];
  readonly director: readonly LedgerEvent[];
}

/** The heartbeat in seconds, and the end at which a continuing stretch is cut off. */
interface Ground {
  readonly heartbeatS: number;
  readonly endS: number;
}

/** Stretches in which an archive was gone before it came back, including the readings around them. */
export function absencesOf(own: readonly LedgerEvent[], heartbeatS: number): readonly UnknownReason[] {
  return between(own, { from: 'gone', to: 'back', heartbeatS, endS: 0 }, () => 'gone').filter(({ endS }) => endS > 0);
}

/** The known reasons, the most specific first. */
export function reasonsOf(
  { name, firstS, goneS }: Pick<ArchiveInfo, 'name' | 'firstS' | 'goneS'>,
  { own, director }: Ledgers,
  { heartbeatS, endS }: Ground,
): readonly UnknownReason[] {
  const reasons: UnknownReason[] = [{ startS: 0, endS: firstS, text: 'not there yet' }];
  if (goneS !== null) reasons.push({ startS: goneS - heartbeatS, endS: Math.max(endS, goneS), text: 'gone' });
  reasons.push(...between(own, { from: 'gone', to: 'back', heartbeatS, endS }, () => 'gone'));
  if (name !== serviceOf(name)) {
    const removed = { from: 'real-server-removed', to: 'real-server-added', heartbeatS, endS } as const;
    reasons.push(
      ...between(
        own.filter((event) => isOfRealServer(event, name)),
        removed,
        () => 'removed',
      ),
    );
  }
  const failed = { from: 'cycle-failed', to: 'cycle-resumed', heartbeatS, endS } as const;
  reasons.push(...between(director, failed, (event) => `not collected: ${codeText(event.to) || 'failed'}`));
  const unread = { from: 'haproxy-failed', to: 'haproxy-resumed', heartbeatS, endS } as const;
  reasons.push(...between(director, unread, (event) => `HAProxy not read: ${codeText(event.to) || 'failed'}`));
  if (name === directorName) {
    const partial = director.filter(({ kind }) => kind === 'sum-incomplete');
    for (const event of partial) reasons.push({ ...around(event, heartbeatS), text: partialText(event) });
    const lasting = director.filter(
      ({ kind, sinceS }) => kind === 'sum-complete' || (kind === 'sum-incomplete' && sinceS),
    );
    const stretch = { from: 'sum-incomplete', to: 'sum-complete', heartbeatS, endS } as const;
    reasons.push(...between(lasting, stretch, partialText));
  }
  const frozen = { from: 'counters-frozen', to: 'counters-running', heartbeatS, endS } as const;
  reasons.push(...between(director, frozen, () => 'counters frozen'));
  reasons.push(...director.flatMap((event) => silence(event, heartbeatS) ?? []));
  for (const event of own) {
    if (event.realServer === undefined || isOfRealServer(event, name))
      reasons.push(...(restart(event, heartbeatS) ?? []));
  }
  for (const event of director) reasons.push(...(restart(event, heartbeatS) ?? []));
  return reasons;
}

/** Missed cycles, including the readings around them. */
function silence({ kind, sinceS, timeS, cause }: LedgerEvent, heartbeatS: number): UnknownReason | null {
  if (kind !== 'cycle-missed' || sinceS === undefined) return null;
  const why = cause === undefined ? '' : `: ${causeTexts[cause]}`;
  return { startS: sinceS - heartbeatS, endS: timeS + heartbeatS, text: `not collected${why}` };
}

/** The interval that ends with a reading, and as much after it. */
function around({ timeS }: Pick<LedgerEvent, 'timeS'>, heartbeatS: number): Pick<UnknownReason, 'startS' | 'endS'> {
  return { startS: timeS - heartbeatS, endS: timeS + heartbeatS };
}

/** "997 of 1000 services known". */
function partialText({ to }: LedgerEvent): string {
  return to ?? 'not all services known';
}

/** Causes of a single unknown interval: a counter reset, a clock that was set. */
function restart({ kind, cause, timeS }: LedgerEvent, heartbeatS: number): [UnknownReason] | null {
  const span = around({ timeS }, heartbeatS);
  if (kind === 'clock-set') return [{ ...span, text: 'clock set' }];
  if (kind !== 'counters-reset' || cause === undefined) return null;
  return [{ ...span, text: machineCauses.has(cause) ? causeTexts[cause] : `counters reset: ${causeTexts[cause]}` }];
}

/** Causes that imply a restart of the counters. */
const machineCauses: ReadonlySet<LedgerEvent['cause']> = new Set([
  'machine-restarted',
  'module-reloaded',
  'namespace-recreated',
]);

interface Stretch extends Ground {
  readonly from: LedgerEvent['kind'];
  readonly to: LedgerEvent['kind'];
}

/** Stretches between an event of one kind, including the reading before, and one of another kind. */
function between(
  events: readonly LedgerEvent[],
  { from, to, heartbeatS, endS }: Stretch,
  textOf: (event: LedgerEvent) => string,
) {
  const reasons: UnknownReason[] = [];
  let open: LedgerEvent | null = null;
  for (const event of events) {
    if (event.kind === from) open ??= event;
    if (event.kind !== to || open === null) continue;
    reasons.push({ startS: open.timeS - 2 * heartbeatS, endS: event.timeS + heartbeatS, text: textOf(open) });
    open = null;
  }
  if (open !== null) reasons.push({ startS: open.timeS - 2 * heartbeatS, endS, text: textOf(open) });
  return reasons;
}
