// A judge compares a reading of one source with its known state and concludes readings, events, changed archives and the next
// known state. Judges are pure and know nothing of each other; `interpret` runs them and decides what concerns them all.

import type { ArchiveChange, Before, Failure, KnownOther, KnownSource, KnownState, Reading } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import type { HostClock } from '../model/snapshot.js';
import { otherIn, withOther } from '../model/table/other-sources.js';
import type { RowReadings } from '../model/table/row-readings.js';

/** Why a source could not be read. */
export interface SourceFault {
  readonly code: string;
  readonly message: string;
  /** HAProxy answered, but no longer had a proxy. */
  readonly hasNoProxy?: boolean;
}

/** One reading of a source. The field `code` tells a fault from it. */
export type SourceReading = object & { readonly code?: never };

/** One reading of a source, or why there is none; null if nobody asked for it. */
export type SourceRead<R extends SourceReading> = R | SourceFault | null;

/** The input of a judge. */
export interface JudgeInput<R extends SourceReading, K extends KnownSource> {
  /** The known state of the source; `previous` also has what it shares with the others. */
  readonly known: K;
  readonly previous: Before<K>;
  readonly read: SourceRead<R>;
  readonly timeS: number;
  readonly host: HostClock | null;
  /** Whether the clock was set since the newest reading of any source: growth then has no known rate. */
  readonly isClockSet: boolean;
  /** Whether cycles were missed since the last one. */
  readonly isAfterGap: boolean;
}

/** The judgement. `gone`: the archives that are gone as of this cycle, with the time of their last reading. */
export interface Judgement<K extends KnownSource> {
  readonly known: K;
  readonly readings: readonly Reading[];
  /** Readings of a table in columns; they follow the first of `readings`. */
  readonly rows?: RowReadings;
  readonly archives: readonly ArchiveChange[];
  readonly events: readonly LedgerEvent[];
  readonly gone: ReadonlyMap<string, number>;
}

/** Where the known state of a source is in that of all of them. */
export interface KnownPlace<K extends KnownSource> {
  readonly in: (table: KnownState) => K;
  readonly put: (table: KnownState, known: K) => KnownState;
}

/** The judge of a source: `R` is a reading of it, `K` its known state. */
export interface Judge<R extends SourceReading, K extends KnownSource> {
  readonly place: KnownPlace<K>;
  judge(input: JudgeInput<R, K>): Judgement<K>;
  /** The archives of the entries that the newest reading found, with the time of their last reading. */
  present(known: K): readonly ArchiveChange[];
}

/** The place and the present archives of a source without a form of its own, by its name. */
export function otherSource(name: string): Pick<Judge<SourceReading, KnownOther>, 'place' | 'present'> {
  return {
    place: { in: (table) => otherIn(table, name), put: (table, known) => withOther(table, name, known) },
    present: ({ archives }) =>
      [...archives].flatMap(([archive, { about, lastS, absentS }]) =>
        absentS === null ? [{ name: archive, about, lastS, goneS: null }] : [],
      ),
  };
}

/** Whether a source could not be read. */
export function isFault<R extends SourceReading>(read: SourceRead<R>): read is SourceFault {
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
