// Events of the director as a whole: why all services restarted at once, which services make its sum incomplete, whether cycles
// were missed, failed or resumed, and whether the clock was set.

import { type ArchiveChange, type Failure, type KnownDirector, type KnownState, sourcesIn } from '../../model/cycle.js';
import { archiveText } from '../../model/finding/finding-text.js';
import type { LedgerEvent, MissCause, ResetCause } from '../../model/ledger-event.js';
import { directorName } from '../../model/names/name.js';
import { heartbeatOf } from '../../model/retention.js';
import type { HostClock } from '../../model/snapshot.js';
import { formatDuration } from '../../model/text/duration-text.js';

/** The director's own archive, which is always there. */
export const directorChange: ArchiveChange = {
  name: directorName,
  about: { kind: 'director' },
  lastS: null,
  goneS: null,
};

/**
 * Why all services restarted at once; null if at most one did, which is then its own affair. Open connections do not tell
 * zeroing from clearing: real servers that return soon keep theirs. `didTotalsContinue` refers to the kernel's totals, which are
 * zeroed with all services but not cleared with the table.
 */
export function commonCause(resets: readonly LedgerEvent['cause'][], didTotalsContinue = false): ResetCause | null {
  if (resets.includes('machine-restarted')) return 'machine-restarted';
  if (resets.includes('module-reloaded')) return 'module-reloaded';
  if (resets.length < 2) return null;
  const isSeen = resets.every((cause) => cause === 'service-re-added');
  return didTotalsContinue || isSeen ? 'table-cleared' : 'table-cleared-or-zeroed';
}

/** The form of an event if all counters restarted for one cause. */
export function withCommonCause(event: LedgerEvent, cause: ResetCause | null): LedgerEvent {
  const isOne = event.kind === 'counters-reset' && event.realServer === undefined;
  return isOne && cause !== null ? { ...event, cause } : event;
}

/** A silence in which no cycle ran, with both ends; `steppedS` is the amount by which the clock was set meanwhile. */
interface Silence {
  readonly timeS: number;
  readonly host: HostClock | null;
  readonly steppedS: number;
}

/** The event of missed cycles, which neither failed nor stored a reading; null if none was missed. */
export function missed(previous: KnownState, { timeS, host, steppedS }: Silence): LedgerEvent | null {
  // A cycle that could not read one of its sources did run.
  const sources = sourcesIn(previous);
  const times = [previous, ...sources].map((known) => known.timeS ?? 0);
  const failures = sources.map(({ failure }) => failure?.lastS ?? 0);
  const sinceS = Math.max(...times, ...failures);
  const silentS = timeS - sinceS - steppedS;
  if (previous.isSetBack === true || sinceS === 0 || silentS <= heartbeatOf(previous.retention)) return null;
  const about = { timeS, sinceS, archive: directorName, kind: 'cycle-missed', to: formatDuration(silentS) } as const;
  return host === null ? about : { ...about, ...missReason(host, previous, silentS) };
}

function missReason(
  { uptimeS, bootId }: HostClock,
  before: Pick<KnownState, 'host' | 'retention'>,
  silentS: number,
): { readonly cause: MissCause; readonly detail: string } {
  const up = formatDuration(uptimeS);
  const isSameBoot = bootId !== null && bootId === before.host?.bootId;
  if (isSameBoot || uptimeS >= silentS) {
    return {
      cause: 'collector-stopped',
      detail: 'the machine was up: was cron, or the server that collects, stopped?',
    };
  }
  const later = uptimeS > heartbeatOf(before.retention) ? ', and nothing has been collected since' : '';
  return { cause: 'machine-down', detail: `the machine has been up for only ${up}${later}` };
}

/** The event of a reading after cycles that failed. */
export function cycleResumed(failure: Failure, timeS: number): LedgerEvent {
  const cycles = failure.cycles === 1 ? '1 cycle' : `${failure.cycles} cycles`;
  const detail = `${cycles} failed, the last with "${failure.code}"`;
  return { timeS, archive: directorName, kind: 'cycle-resumed', from: failure.code, detail };
}

/** The event of a clock that was set by `steppedS` seconds. */
export function clockSet(steppedS: number, timeS: number): LedgerEvent {
  const to = `${steppedS > 0 ? '+' : ''}${steppedS} s`;
  const detail = 'since the last reading, by the uptime: rates of that time are unknown';
  return { timeS, archive: directorName, kind: 'clock-set', to, detail };
}

/** All services, and those whose growth is unknown, by name. */
interface PartialSum {
  readonly timeS: number;
  readonly services: number;
  readonly unknown: readonly string[];
}

/** Most names that an event lists. */
const maxNames = 3;

/**
 * The event of a sum that is unknown because single services are; null while that continues. It is reported at the beginning,
 * and again with `sinceS` if the next reading does not end it.
 */
export function sumIncomplete(
  { sumIncompleteS: sinceS, timeS: previousS }: Pick<KnownDirector, 'sumIncompleteS' | 'timeS'>,
  { timeS, services, unknown }: PartialSum,
): LedgerEvent | null {
  if (sinceS !== undefined && sinceS !== previousS) return null;
  const names = unknown.slice(0, maxNames).map(archiveText).join(', ');
  const others = unknown.length - maxNames;
  const detail = `not ${names}${others > 0 ? ` and ${others} more` : ''}`;
  const to = `${services - unknown.length} of ${services} services known`;
  const event = { timeS, archive: directorName, kind: 'sum-incomplete', to, detail } as const;
  return sinceS === undefined ? event : { ...event, sinceS };
}

/** The event of a sum that is known again after more than one interval; null otherwise. */
export function sumComplete(
  { sumIncompleteS: sinceS, timeS: previousS }: Pick<KnownDirector, 'sumIncompleteS' | 'timeS'>,
  timeS: number,
): LedgerEvent | null {
  if (sinceS === undefined || sinceS === previousS) return null;
  return { timeS, sinceS, archive: directorName, kind: 'sum-complete' };
}
