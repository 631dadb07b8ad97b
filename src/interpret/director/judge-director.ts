// The judge of the kernel's table: turns the previous and the current table into readings, events and the next known state.
// Resets, wraps, torn listings, arrivals and departures are decided here, and nowhere else.

import type { ArchiveChange, DirectorBefore, KnownDirector, Reading } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { directorName, partName } from '../../model/names/name.js';
import { aboutOfName } from '../../model/names/parse-name.js';
import type { Snapshot } from '../../model/snapshot.js';
import { type RowReadings, valuesPerRow } from '../../model/table/row-readings.js';
import { clockStepS } from '../clock.js';
import { isFault, type Judge, type JudgeInput, type Judgement, type SourceFault, withFailure } from '../judge.js';
import { type Books, keepBooks, totalsComparison } from './books.js';
import { type DirectorSum, gauges } from './director-sum.js';
import {
  commonCause,
  cycleResumed,
  directorChange,
  sumComplete,
  sumIncomplete,
  withCommonCause,
} from './interpret-director.js';
import { interpretKernel, type KernelOutcome } from './interpret-kernel.js';
import { interpretServices } from './interpret-services.js';
import { didTotalsContinue, restartOf } from './restart.js';
import type { ServicesOutcome } from './services-draft.js';
import { suspectsOf } from './suspects.js';

/** The judge of the kernel's table. */
export const directorJudge: Judge<Snapshot, KnownDirector> = {
  place: { in: ({ director }) => director, put: (table, director) => ({ ...table, director }) },
  judge: (input) => {
    const { known, previous, read } = input;
    if (read === null) return unchanged(previous, { ...known, failure: null });
    return isFault(read) ? judgeFault(input, read) : judgeSnapshot(previous, read);
  },
  present: presentArchives,
};

function unchanged({ gone }: DirectorBefore, known: KnownDirector): Judgement<KnownDirector> {
  return { known, readings: [], archives: [], events: [], gone };
}

/** A failed reading: an event if the run begins or its kind changes, a count while it lasts. */
function judgeFault(
  { known, previous, timeS, isAfterGap }: JudgeInput<Snapshot, KnownDirector>,
  fault: SourceFault,
): Judgement<KnownDirector> {
  const { failure, isNews } = withFailure(known.failure, { code: fault.code, timeS });
  const { code: to, message: detail } = fault;
  const event: LedgerEvent = { timeS, archive: directorName, kind: 'cycle-failed', to, detail };
  return { ...unchanged(previous, { ...known, failure }), events: isNews || isAfterGap ? [event] : [] };
}

function judgeSnapshot(previous: DirectorBefore, snapshot: Snapshot): Judgement<KnownDirector> {
  const { timeS, host, hostTables } = snapshot;
  const tables = hostTables === undefined ? {} : { hostTables };
  const restart = restartOf(previous, snapshot);
  const draft = interpretServices({ previous, snapshot, restart, suspects: suspectsOf(previous, snapshot) });
  const { sum } = draft;
  const sumReading: Reading = { archive: directorName, ...sum, timeS };
  const common = draft.haveSomeContinued ? null : commonCause(draft.resets, didTotalsContinue(previous, snapshot));
  const cause = restart ?? common;
  const kernel = interpretKernel({ previous, snapshot, restart });
  const books = booksOf(draft, { previous, timeS, sum, kernel });
  const steppedS = clockStepS(previous, snapshot);
  if (steppedS !== 0 || kernel.isFrozen) {
    sum.values.fill(Number.NaN, gauges);
    forgetRowGrowth(draft.rows);
  }
  if (steppedS !== 0) forgetGrowth(kernel.readings);
  const hasNothingBefore = previous.timeS === null || previous.isSetBack === true;
  const isExplained = hasNothingBefore || cause !== null || kernel.isFrozen || steppedS !== 0;
  const incomplete: SumState = isExplained ? { known: {}, event: null } : judgeSum(previous, draft, timeS);
  const directorEvents: readonly (LedgerEvent | null)[] = [
    previous.failure === null ? null : cycleResumed(previous.failure, timeS),
    cause === null ? null : { timeS, archive: directorName, kind: 'counters-reset', cause },
    incomplete.event,
    ...kernel.events,
  ];
  const events = draft.events.map((event) => withCommonCause(event, cause));
  const { services, gone } = draft;
  return {
    known: {
      ...{ timeS, host, services, kernel: kernel.known, books: books.accounts, ...incomplete.known, ...tables },
      failure: null,
    },
    readings: [sumReading, ...kernel.readings],
    rows: draft.rows,
    archives: [...draft.archives, ...kernel.archives],
    events: [...directorEvents.filter((event) => event !== null), ...events, ...books.events],
    gone,
  };
}

/** The present archives of the kernel's table, with the time of their last reading. */
function presentArchives({ timeS, services, kernel }: KnownDirector): readonly ArchiveChange[] {
  if (timeS === null) return [];
  const present: ArchiveChange[] = [{ ...directorChange, lastS: timeS }];
  for (const [part, { lastS, absentS }] of kernel.parts) {
    if (absentS === null)
      present.push({ name: partName(part), about: aboutOfName(partName(part)), lastS, goneS: null });
  }
  for (const [name, { scheduler, flags, lastS, absentS, realServers }] of services) {
    if (absentS !== null) continue;
    present.push({ name, about: { kind: 'service', scheduler, flags }, lastS, goneS: null });
    for (const [server, own] of realServers) {
      const about = { kind: 'real-server', forwarding: own.forwarding, weight: own.weight } as const;
      if (own.absentS === null) present.push({ name: `${name}/${server}`, about, lastS: own.lastS, goneS: null });
    }
  }
  return present;
}

/** Whether the director's sum is known, and the event of a change. */
interface SumState {
  readonly known: Pick<KnownDirector, 'sumIncompleteS'>;
  readonly event: LedgerEvent | null;
}

function judgeSum(previous: DirectorBefore, { services, unknown }: ServicesOutcome, timeS: number): SumState {
  if (unknown.length === 0) return { known: {}, event: sumComplete(previous, timeS) };
  const event = sumIncomplete(previous, { timeS, services: services.size, unknown });
  return { known: { sumIncompleteS: previous.sumIncompleteS ?? timeS }, event };
}

interface Bookkeeping {
  readonly previous: DirectorBefore;
  readonly timeS: number;
  readonly sum: DirectorSum;
  readonly kernel: KernelOutcome;
}

/**
 * Compares each service with its real servers, and their sum with the totals. Frozen counters are not compared, since they do
 * not resume all at once.
 */
function booksOf({ comparisons, services }: ServicesOutcome, { previous, timeS, sum, kernel }: Bookkeeping): Books {
  const total = kernel.readings.find(({ archive }) => archive === partName('total'));
  const all = [...comparisons, totalsComparison({ archive: directorName, ...sum, timeS }, total, kernel.ratesPerS)];
  const present = (archive: string): boolean => archive === directorName || services.has(archive);
  const comparable = kernel.isFrozen ? [] : all.filter((one) => one !== null);
  return keepBooks(previous.books, comparable, { timeS, present });
}

/** Drops the growth of all rows; connections stay as read. */
function forgetRowGrowth({ values }: RowReadings): void {
  for (let at = 0; at < values.length; at += valuesPerRow) values.fill(Number.NaN, at + gauges, at + valuesPerRow);
}

/** Drops growth over a set clock, since it has no rate; the connection table has only gauges and stays as read. */
function forgetGrowth(kernelReadings: readonly Reading[]): void {
  for (const { archive, values } of kernelReadings) if (archive !== partName('table')) values.fill(Number.NaN);
}
