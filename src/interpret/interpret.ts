// Interprets one cycle: each source has its own judge, and a source that could not be read does not hold back the others.
// Decides what concerns all of them: whether cycles were missed, whether the clock was set, and which archives pause because
// their source was left out of a cycle that read another one.

import type { Cycle, KnownState } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import type { HaproxyReading, HostClock, Snapshot } from '../model/snapshot.js';
import { cycleOf } from '../model/table/row-readings.js';
import { clockStepS, isJump } from './clock.js';
import { clockSet, directorChange, missed } from './director/interpret-director.js';
import { directorJudge } from './director/judge-director.js';
import { haproxyJudge } from './haproxy/judge-haproxy.js';
import type { SourceFault, SourceRead } from './judge.js';
import { type JudgeContext, type JudgedRead, type JudgedSource, judgedRead } from './judged-read.js';

/** The readings of a cycle of the sources that recordings have. */
export interface CycleReading {
  readonly timeS: number;
  readonly host: HostClock | null;
  readonly director: SourceRead<Snapshot>;
  readonly haproxy: SourceRead<HaproxyReading>;
}

/** Everything that a cycle read: all sources, also those that nobody asked for, in the order in which it lists their results. */
export interface CycleReads {
  readonly timeS: number;
  readonly host: HostClock | null;
  readonly reads: readonly JudgedRead[];
}

/** Interprets a snapshot of the director alone; see `interpretReads`. */
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

/** Interprets readings of the director and of HAProxy; see `interpretReads`. */
export function interpretCycle(previous: KnownState, { timeS, host, director, haproxy }: CycleReading): Cycle {
  const reads = [judgedRead(directorJudge, director), judgedRead(haproxyJudge, haproxy)];
  return interpretReads(previous, { timeS, host, reads });
}

/**
 * Interprets readings newer than the previous table, which `admit` has checked. A cycle may have readings of some sources only,
 * or of none: then it failed.
 */
export function interpretReads(previous: KnownState, { timeS, host, reads }: CycleReads): Cycle {
  const clock = clockOf(previous, { timeS, host, reads });
  const { isSet: isClockSet, isAfterGap } = clock;
  const { outcomes, isRead, gone } = judgeAll(reads, { previous, timeS, host, isClockSet, isAfterGap });
  const archives = [
    ...(previous.timeS === null ? [directorChange] : []),
    ...outcomes.flatMap((outcome) => outcome.archives),
  ];
  const changed = new Set(archives.map(({ name }) => name));
  const paused = isRead ? outcomes.flatMap((outcome) => outcome.pausedOrResumed(changed)) : [];
  const { isSetBack, ...kept } = previous;
  const table: KnownState = {
    ...kept,
    ...(isSetBack && !isDirectorRead(previous, reads) && { isSetBack }),
    ...(isRead && { timeS, host }),
    gone,
  };
  const fields = {
    timeS,
    previousS: previous.timeS,
    hasJumped: isRead && isJump(previous, { timeS, host }),
    archives: [...archives, ...paused],
    events: inOrder(
      clock.events,
      outcomes.flatMap(({ events }) => events),
    ),
    table: outcomes.reduce((known, { put }) => put(known), table),
  };
  return cycleOf(fields, outcomes);
}

interface Judged {
  readonly outcomes: readonly JudgedSource[];
  readonly isRead: boolean;
  readonly gone: KnownState['gone'];
}

/** Judges the sources, those that nobody asked for last. Each sees what is gone by the judgement of those before it. */
function judgeAll(reads: readonly JudgedRead[], context: JudgeContext): Judged {
  let { gone } = context.previous;
  const outcomes: JudgedSource[] = [];
  const judgeEach = (sources: readonly JudgedRead[]): void => {
    for (const source of sources) {
      const outcome = source.judge({ ...context, previous: { ...context.previous, gone } });
      outcomes.push(outcome);
      gone = outcome.gone;
    }
  };
  const asked = reads.filter((read) => read.isAsked);
  judgeEach(asked);
  const isRead = outcomes.some(({ readings }) => readings.length > 0);
  // If nothing was read, sources that nobody asked for stay as they are.
  if (isRead || asked.length === 0) judgeEach(reads.filter((read) => !read.isAsked));
  return { outcomes, isRead, gone };
}

/** Later readings were removed until the director's next one. */
function isDirectorRead(previous: KnownState, reads: readonly JudgedRead[]): boolean {
  return reads.some(({ isRead, knownIn }) => isRead && knownIn(previous) === previous.director);
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
function clockOf(previous: KnownState, { timeS, host, reads }: CycleReads): Clock {
  const steppedS = reads.some(({ isRead }) => isRead) ? clockStepS(previous, { timeS, host }) : 0;
  const gap = missed(previous, { timeS, host, steppedS });
  const events = [gap, steppedS === 0 ? null : clockSet(steppedS, timeS)].filter((event) => event !== null);
  return { isSet: steppedS !== 0, isAfterGap: gap !== null, events };
}
