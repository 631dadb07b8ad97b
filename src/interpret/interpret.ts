// Interprets one cycle: each source has its own judge, and a source that could not be read does not hold back the others.
// Decides what concerns all of them: whether cycles were missed, whether the clock was set, and which archives pause because
// their source was left out of a cycle that read another one.

import { type ArchiveChange, beforeOf, type Cycle, type KnownSources, type KnownState } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import type { HostClock, Snapshot } from '../model/snapshot.js';
import { cycleOf, listRows } from '../model/table/row-readings.js';
import { clockStepS, isJump } from './clock.js';
import { clockSet, directorChange, missed } from './director/interpret-director.js';
import { directorJudge } from './director/judge-director.js';
import { haproxyJudge } from './haproxy/judge-haproxy.js';
import { isFault, type Judge, type Judgement, type SourceFault, type SourceName, type SourceRead } from './judge.js';

/** The judges, in the order in which a cycle lists their results. */
const judges: { readonly [S in SourceName]: Judge<S> } = { director: directorJudge, haproxy: haproxyJudge };
const sourceNames: readonly SourceName[] = ['director', 'haproxy'];

/** The readings of a cycle. */
export interface CycleReading extends SourceReads {
  readonly timeS: number;
  readonly host: HostClock | null;
}

type SourceReads = { readonly [S in SourceName]: SourceRead<S> };

/** Interprets a snapshot of the director alone; see `interpretCycle`. */
export function interpret(previous: KnownState, snapshot: Snapshot): Cycle {
  const { timeS, host } = snapshot;
  return interpretCycle(previous, { timeS, host, director: snapshot, haproxy: null });
}

/** Interprets a cycle that read nothing, because the director could not be read. */
export function interpretFailure(
  previous: KnownState,
  { timeS, host = null, ...fault }: SourceFault & { readonly timeS: number; readonly host?: HostClock | null },
): Cycle {
  return interpretCycle(previous, { timeS, host, director: fault, haproxy: null });
}

/**
 * Interprets readings newer than the previous table, which `admit` has checked. A cycle may have readings of some sources only,
 * or of none: then it failed.
 */
export function interpretCycle(previous: KnownState, reading: CycleReading): Cycle {
  const { timeS, host } = reading;
  const clock = clockOf(previous, reading);
  const asked = sourceNames.filter((source) => reading[source] !== null);
  const others = sourceNames.filter((source) => reading[source] === null);
  let gone = previous.gone;
  const outcomes: Outcome[] = [];
  const judgeEach = (sources: readonly SourceName[]): void => {
    for (const source of sources) {
      const outcome = judged(source, { previous: { ...previous, gone }, reading, clock });
      outcomes.push(outcome);
      gone = outcome.gone;
    }
  };
  judgeEach(asked);
  const isRead = outcomes.some(({ readings }) => readings.length > 0);
  // If nothing was read, sources that nobody asked for stay as they are.
  if (isRead || asked.length === 0) judgeEach(others);
  const archives = [
    ...(previous.timeS === null ? [directorChange] : []),
    ...outcomes.flatMap((outcome) => outcome.archives),
  ];
  const changed = new Set(archives.map(({ name }) => name));
  const paused = isRead ? outcomes.flatMap((outcome) => outcome.pausedOrResumed(changed)) : [];
  const { isSetBack, ...kept } = previous;
  const isDirectorRead = isReading(reading.director);
  const fields = {
    timeS,
    previousS: previous.timeS,
    hasJumped: isRead && isJump(previous, { timeS, host }),
    archives: [...archives, ...paused],
    events: inOrder(
      clock.events,
      outcomes.flatMap(({ events }) => events),
    ),
    table: {
      ...kept,
      ...(isSetBack && !isDirectorRead && { isSetBack }),
      ...(isRead && { timeS, host }),
      ...Object.assign({}, ...outcomes.map(({ known }) => known)),
      gone,
    },
  };
  return cycleOf(fields, outcomes);
}

/** Events of one second in the order in which they are read: the end of a failure, what was missed meanwhile, all else. */
function inOrder(clockEvents: readonly LedgerEvent[], others: readonly LedgerEvent[]): readonly LedgerEvent[] {
  const isResumed = ({ kind }: LedgerEvent): boolean => kind === 'cycle-resumed';
  return [...others.filter(isResumed), ...clockEvents, ...others.filter((event) => !isResumed(event))];
}

/** The time since the last cycle. */
interface Clock {
  readonly isSet: boolean;
  readonly isAfterGap: boolean;
  readonly events: readonly LedgerEvent[];
}

/** A failed cycle does not report that the clock was set: the next reading does. */
function clockOf(previous: KnownState, reading: CycleReading): Clock {
  const { timeS, host } = reading;
  const steppedS = sourceNames.some((source) => isReading(reading[source])) ? clockStepS(previous, { timeS, host }) : 0;
  const gap = missed(previous, { timeS, host, steppedS });
  const events = [gap, steppedS === 0 ? null : clockSet(steppedS, timeS)].filter((event) => event !== null);
  return { isSet: steppedS !== 0, isAfterGap: gap !== null, events };
}

function isReading<S extends SourceName>(read: SourceRead<S>): boolean {
  return read !== null && !isFault(read);
}

/** A judgement, its known state under the name of its source. */
interface Outcome extends Omit<Judgement<SourceName>, 'known'> {
  readonly known: Partial<KnownSources>;
  readonly pausedOrResumed: (changed: ReadonlySet<string>) => readonly ArchiveChange[];
}

interface JudgeContext {
  readonly previous: KnownState;
  readonly reading: CycleReading;
  readonly clock: Clock;
}

function judged<S extends SourceName>(source: S, { previous, reading, clock }: JudgeContext): Outcome {
  const judge: Judge<S> = judges[source];
  const { timeS, host } = reading;
  const { isSet: isClockSet, isAfterGap } = clock;
  const reads: SourceReads = reading;
  const read: SourceRead<S> = reads[source];
  const judgement = judge.judge({
    known: previous[source],
    previous: beforeOf(previous, source),
    ...{ read, timeS, host, isClockSet, isAfterGap },
  });
  const known: Partial<KnownSources> = { [source]: judgement.known };
  const wasRead = previous[source].timeS === previous.timeS;
  return {
    ...judgement,
    known,
    pausedOrResumed: (changed) =>
      pausedOrResumed(() => judge.present(judgement.known), { changed, judgement, wasRead }),
  };
}

interface PauseContext {
  /** Archives that the cycle changes anyway. */
  readonly changed: ReadonlySet<string>;
  readonly judgement: Pick<Judgement<SourceName>, 'readings' | 'rows'>;
  readonly wasRead: boolean;
}

/**
 * The record of an archive that every cycle reads has no time of its own: its time is that of the newest reading. So if a cycle
 * leaves its source out, the time is written once; when the source is read again, it is removed.
 */
function pausedOrResumed(
  present: () => readonly ArchiveChange[],
  { changed, judgement: { readings, rows }, wasRead }: PauseContext,
): readonly ArchiveChange[] {
  const isRead = readings.length > 0;
  if (isRead === wasRead) return [];
  if (!isRead) return present().filter(({ name }) => !changed.has(name));
  const all = [...readings, ...(rows === undefined ? [] : listRows(rows))];
  const read = new Set(all.map(({ archive }) => archive));
  return present()
    .filter(({ name }) => read.has(name) && !changed.has(name))
    .map((change) => ({ ...change, lastS: null }));
}
