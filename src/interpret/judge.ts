// A judge compares a reading of one source with its known state and concludes readings, events, changed archives and the next
// known state. Judges are pure and know nothing of each other; `interpret` runs them and decides what concerns them all.

import type { ArchiveChange, Before, Failure, KnownSources, Reading } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import type { HaproxyReading, HostClock, Snapshot } from '../model/snapshot.js';
import type { RowReadings } from '../model/table/row-readings.js';

/** The name of a source. */
export type SourceName = keyof KnownSources;

/** The readings of the sources. */
export interface SourceReadings {
  readonly director: Snapshot;
  readonly haproxy: HaproxyReading;
}

/** Why a source could not be read. */
export interface SourceFault {
  readonly code: string;
  readonly message: string;
  /** HAProxy answered, but no longer had a proxy. */
  readonly hasNoProxy?: boolean;
}

/** One reading of a source, or why there is none; null if nobody asked for it. */
export type SourceRead<S extends SourceName> = SourceReadings[S] | SourceFault | null;

/** The input of a judge. */
export interface JudgeInput<S extends SourceName> {
  /** The known state of the source; `previous` also has what it shares with the others. */
  readonly known: KnownSources[S];
  readonly previous: Before<KnownSources[S]>;
  readonly read: SourceRead<S>;
  readonly timeS: number;
  readonly host: HostClock | null;
  /** Whether the clock was set since the newest reading of any source: growth then has no known rate. */
  readonly isClockSet: boolean;
  /** Whether cycles were missed since the last one. */
  readonly isAfterGap: boolean;
}

/** The judgement. `gone`: the archives that are gone as of this cycle, with the time of their last reading. */
export interface Judgement<S extends SourceName> {
  readonly known: KnownSources[S];
  readonly readings: readonly Reading[];
  /** Readings of a table in columns; they follow the first of `readings`. */
  readonly rows?: RowReadings;
  readonly archives: readonly ArchiveChange[];
  readonly events: readonly LedgerEvent[];
  readonly gone: ReadonlyMap<string, number>;
}

/** The judge of a source. */
export interface Judge<S extends SourceName> {
  judge(input: JudgeInput<S>): Judgement<S>;
  /** The archives of the entries that the newest reading found, with the time of their last reading. */
  present(known: KnownSources[S]): readonly ArchiveChange[];
}

/** Whether a source could not be read. */
export function isFault<S extends SourceName>(read: SourceRead<S>): read is SourceFault {
  return read !== null && 'code' in read;
}

/** A run of failures with one more; `isNews` if it begins, or fails in another way than before. */
export function withFailure(
  before: Failure | null,
  { code, timeS }: { readonly code: string; readonly timeS: number },
): { readonly failure: Failure; readonly isNews: boolean } {
  const failure = { code, sinceS: before?.sinceS ?? timeS, lastS: timeS, cycles: (before?.cycles ?? 0) + 1 };
  return { failure, isNews: before?.code !== code };
}
