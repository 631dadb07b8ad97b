// Why rows of an archive are unknown, out of what the ledger tells: it was not there, its counters were reset, cycles failed.

import { type ArchiveInfo, heartbeatS } from '../model/archive.js';
import type { LedgerEvent, ResetCause } from '../model/ledger-event.js';
import type { UnknownReason } from './graph-request.js';

const resetTexts: Readonly<Record<ResetCause, string>> = {
  'machine-restarted': 'machine restarted',
  'table-cleared': 'table cleared',
  'service-re-added': 'service re-added',
  zeroed: 'counters zeroed',
  're-added-or-zeroed': 'counters reset',
  'real-server-re-added': 'real server re-added',
};

/** What may be to blame: the archive's own events (of its service), and the director's, oldest first. */
export interface Ledgers {
  readonly own: readonly LedgerEvent[];
  readonly director: readonly LedgerEvent[];
}

/** Stretches in which an archive was gone before it came back, with the readings around them. */
export function absencesOf(own: readonly LedgerEvent[]): readonly UnknownReason[] {
  return between(own, { from: 'gone', to: 'back', endS: 0 }, () => 'gone').filter(({ endS }) => endS > 0);
}

/** The reasons known, the most telling first. `endS` is where what still lasts is cut off. */
export function reasonsOf(
  { firstS, goneS }: Pick<ArchiveInfo, 'firstS' | 'goneS'>,
  { own, director }: Ledgers,
  endS: number,
): readonly UnknownReason[] {
  const reasons: UnknownReason[] = [{ startS: 0, endS: firstS, text: 'not there yet' }];
  if (goneS !== null) reasons.push({ startS: goneS - heartbeatS, endS: Math.max(endS, goneS), text: 'gone' });
  reasons.push(...between(own, { from: 'gone', to: 'back', endS }, () => 'gone'));
  const failed = { from: 'cycle-failed', to: 'cycle-resumed', endS } as const;
  reasons.push(...between(director, failed, (event) => `not collected: ${event.to ?? 'failed'}`));
  for (const { kind, cause, timeS, realServer } of own) {
    if (kind !== 'counters-reset' || cause === undefined || realServer !== undefined) continue;
    reasons.push({ startS: timeS - heartbeatS, endS: timeS + heartbeatS, text: resetTexts[cause] });
  }
  return reasons;
}

interface Stretch {
  readonly from: LedgerEvent['kind'];
  readonly to: LedgerEvent['kind'];
  readonly endS: number;
}

/** Stretches that an event of one kind begins, with the readings around it, and one of another kind ends. */
function between(events: readonly LedgerEvent[], { from, to, endS }: Stretch, textOf: (event: LedgerEvent) => string) {
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
