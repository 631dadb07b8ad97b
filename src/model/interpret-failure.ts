// A cycle that failed: nothing was read, but that it failed, why and since when is known afterwards.

import type { ArchiveChange, Cycle, Failure, Table } from './cycle.js';
import { directorChange, missed } from './interpret-director.js';
import type { LedgerEvent } from './ledger-event.js';
import { directorName } from './name.js';
import type { HostClock } from './snapshot.js';

/** What went wrong with a cycle that has no snapshot. */
export interface CycleFault {
  readonly timeS: number;
  readonly code: string;
  readonly message: string;
  readonly host?: HostClock | null;
}

/** A cycle without a reading: an event when failing begins or its kind changes, a count while it goes on. */
export function interpretFailure(previous: Table, fault: CycleFault): Cycle {
  const gap = missed(previous, { timeS: fault.timeS, host: fault.host ?? null, steppedS: 0 });
  const { failure, isNews } = goOnFailing(previous.failure, fault);
  const events: LedgerEvent[] = gap === null ? [] : [gap];
  if (isNews || gap !== null) {
    const detail = fault.message;
    events.push({ timeS: fault.timeS, archive: directorName, kind: 'cycle-failed', to: fault.code, detail });
  }
  const table: Table = { ...previous, failure };
  const archives: ArchiveChange[] = previous.timeS === null ? [directorChange] : [];
  const { timeS } = fault;
  return { timeS, previousS: previous.timeS, hasJumped: false, readings: [], archives, events, table };
}

/** A run of failures with one more; whether that is another kind of failing than before, or its beginning. */
export function goOnFailing(
  before: Failure | null,
  { code, timeS }: Pick<CycleFault, 'code' | 'timeS'>,
): { readonly failure: Failure; readonly isNews: boolean } {
  const failure = { code, sinceS: before?.sinceS ?? timeS, lastS: timeS, cycles: (before?.cycles ?? 0) + 1 };
  return { failure, isNews: before?.code !== code };
}
