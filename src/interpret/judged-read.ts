// A reading of one source, bound to its judge, so that a cycle has any number of sources and knows none of their types.

import { type ArchiveChange, beforeOf, type KnownSource, type KnownState } from '../model/cycle.js';
import type { HostClock } from '../model/snapshot.js';
import { listRows } from '../model/table/row-readings.js';
import { isFault, type Judge, type Judgement, type SourceRead, type SourceReading } from './judge.js';

/** The input that all sources of a cycle share. */
export interface JudgeContext {
  readonly previous: KnownState;
  readonly timeS: number;
  readonly host: HostClock | null;
  /** As in `JudgeInput`. */
  readonly isClockSet: boolean;
  readonly isAfterGap: boolean;
}

/** A judgement, its known state in its place. */
export interface JudgedSource extends Omit<Judgement<KnownSource>, 'known'> {
  readonly put: (table: KnownState) => KnownState;
  /** The archives whose source is left out from now on, or no longer, without those in `changed`: the cycle changes these anyway. */
  readonly pausedOrResumed: (changed: ReadonlySet<string>) => readonly ArchiveChange[];
}

/** One reading of a source, why there is none, or that nobody asked for it. */
export interface JudgedRead {
  readonly isAsked: boolean;
  readonly isRead: boolean;
  readonly knownIn: (table: KnownState) => KnownSource;
  readonly judge: (context: JudgeContext) => JudgedSource;
}

/** Binds what was read to the judge of its source. */
export function judgedRead<R extends SourceReading, K extends KnownSource>(
  judge: Judge<R, K>,
  read: SourceRead<R>,
): JudgedRead {
  return {
    isAsked: read !== null,
    isRead: read !== null && !isFault(read),
    knownIn: judge.place.in,
    judge: (context) => judged(judge, read, context),
  };
}

function judged<R extends SourceReading, K extends KnownSource>(
  judge: Judge<R, K>,
  read: SourceRead<R>,
  { previous, ...context }: JudgeContext,
): JudgedSource {
  const before = judge.place.in(previous);
  const judgement = judge.judge({ known: before, previous: beforeOf(previous, before), read, ...context });
  const wasRead = before.timeS === previous.timeS;
  return {
    ...judgement,
    put: (table) => judge.place.put(table, judgement.known),
    pausedOrResumed: (changed) =>
      pausedOrResumed(() => judge.present(judgement.known), { changed, judgement, wasRead }),
  };
}

interface PauseContext {
  readonly changed: ReadonlySet<string>;
  readonly judgement: Pick<Judgement<KnownSource>, 'readings' | 'rows'>;
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
