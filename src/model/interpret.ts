// The table before and the table now, turned into what one cycle writes: readings, events, and what is known after it.
// Pure: resets, wraps, torn listings, what appeared and what is gone are decided here, and nowhere else.

import { isJump } from './admit.js';
import { type Books, keepBooks, totalsComparison } from './books.js';
import type { Cycle, Reading, Table } from './cycle.js';
import { type DirectorSum, gauges } from './director-sum.js';
import { clockStepS } from './interpret-clock.js';
import {
  clockSet,
  commonCause,
  directorChange,
  missed,
  resumed,
  sumComplete,
  sumIncomplete,
  withCommonCause,
} from './interpret-director.js';
import { interpretKernel, type KernelOutcome } from './interpret-kernel.js';
import { interpretServices, type ServicesOutcome } from './interpret-services.js';
import type { LedgerEvent } from './ledger-event.js';
import { directorName, partName } from './name.js';
import { haveTotalsGoneOn, restartOf } from './restart.js';
import type { Snapshot } from './snapshot.js';
import { suspectsOf } from './suspects.js';

/** Interprets a snapshot that is newer than the table before it; `admit` has said so. */
export function interpret(previous: Table, snapshot: Snapshot): Cycle {
  const { timeS, host } = snapshot;
  const restart = restartOf(previous, snapshot);
  const draft = interpretServices({ previous, snapshot, restart, suspects: suspectsOf(previous, snapshot) });
  const { sum } = draft;
  if (previous.timeS === null) draft.archives.push(directorChange);
  const readings: readonly Reading[] = [{ archive: directorName, ...sum, timeS }, ...draft.readings];
  const common = draft.hasCountedOn ? null : commonCause(draft.resets, haveTotalsGoneOn(previous, snapshot));
  const cause = restart ?? common;
  const kernel = interpretKernel({ previous, snapshot, restart });
  const books = booksOf(draft, { previous, timeS, sum, kernel });
  const steppedS = clockStepS(previous, snapshot);
  if (steppedS !== 0 || kernel.isFrozen) for (const { values } of readings) values.fill(Number.NaN, gauges);
  if (steppedS !== 0) forgetGrowth(kernel.readings);
  const hasNothingBefore = previous.timeS === null || previous.isSetBack === true;
  const isExplained = hasNothingBefore || cause !== null || kernel.isFrozen || steppedS !== 0;
  const incomplete: SumState = isExplained ? { known: {}, event: null } : judgeSum(previous, draft, timeS);
  const ofDirector: readonly (LedgerEvent | null)[] = [
    previous.failure === null ? null : resumed(previous.failure, timeS),
    missed(previous, { timeS, host, steppedS }),
    cause === null ? null : { timeS, archive: directorName, kind: 'counters-reset', cause },
    incomplete.event,
    steppedS === 0 ? null : clockSet(steppedS, timeS),
    ...kernel.events,
  ];
  const events = draft.events.map((event) => withCommonCause(event, cause));
  const { services, gone } = draft;
  return {
    timeS,
    previousS: previous.timeS,
    hasJumped: isJump(previous, snapshot),
    readings: [...readings, ...kernel.readings],
    archives: [...draft.archives, ...kernel.archives],
    events: [...ofDirector.filter((event) => event !== null), ...events, ...books.events],
    table: {
      retention: previous.retention,
      timeS,
      host,
      services,
      gone,
      kernel: kernel.known,
      books: books.accounts,
      ...incomplete.known,
      failure: null,
      haproxy: previous.haproxy,
    },
  };
}

/** Whether the director's sum is known, and the event of a change. */
interface SumState {
  readonly known: Pick<Table, 'sumIncompleteS'>;
  readonly event: LedgerEvent | null;
}

function judgeSum(previous: Table, { services, unknown }: ServicesOutcome, timeS: number): SumState {
  if (unknown.length === 0) return { known: {}, event: sumComplete(previous, timeS) };
  const event = sumIncomplete(previous, { timeS, services: services.size, unknown });
  return { known: { sumIncompleteS: previous.sumIncompleteS ?? timeS }, event };
}

interface Bookkeeping {
  readonly previous: Table;
  readonly timeS: number;
  readonly sum: DirectorSum;
  readonly kernel: KernelOutcome;
}

/** Compares each service with its real servers, and their sum with the totals; not frozen counters, which do not run again all at once. */
function booksOf({ comparisons, services }: ServicesOutcome, { previous, timeS, sum, kernel }: Bookkeeping): Books {
  const total = kernel.readings.find(({ archive }) => archive === partName('total'));
  const all = [...comparisons, totalsComparison({ archive: directorName, ...sum, timeS }, total, kernel.ratesPerS)];
  const present = (archive: string): boolean => archive === directorName || services.has(archive);
  const comparable = kernel.isFrozen ? [] : all.filter((one) => one !== null);
  return keepBooks(previous.books, comparable, { timeS, present });
}

/** Growth by a clock that was set has no rate; the connection table, which has only gauges, is as it was read. */
function forgetGrowth(ofKernel: readonly Reading[]): void {
  for (const { archive, values } of ofKernel) if (archive !== partName('table')) values.fill(Number.NaN);
}
