// A source of readings: the kernel's table, or HAProxy. It reads itself and records its raw texts. Its errors are outcomes: a source that
// cannot be read does not hold back the others.

import type { Judge, SourceFault, SourceReading } from '../../interpret/judge.js';
import { type JudgedRead, judgedRead } from '../../interpret/judged-read.js';
import type { KnownSource, KnownState } from '../../model/cycle.js';
import type { Note } from '../../model/note.js';
import type { HostClock } from '../../model/snapshot.js';
import { UserError } from '../../model/user-error.js';

/** A second, and the clock of the machine that was read. */
export interface Moment {
  readonly timeS: number;
  readonly host: HostClock | null;
}

/** The results of reading a source, besides the reading. */
interface Remainder {
  /** Entries that were left out, and remarks. */
  readonly notes: readonly Note[];
  /** The second of the reading; null when the source does not say. */
  readonly moment: Moment | null;
  /** Adds the texts to a folder of recordings, under a second; null when there is no text. Throws a `CollectError`. */
  readonly record: ((dir: string, timeS: number) => Promise<void>) | null;
}

/** The result of reading a source. */
export interface SourceResult<R extends SourceReading> extends Remainder {
  /** The reading, or why there is none; null when this machine has no such source. */
  readonly read: R | UserError | null;
}

/** The outcome of reading a source, its reading bound to its judge. */
export interface SourceOutcome extends Remainder {
  readonly read: JudgedRead;
  /** Why there is no reading; null when there is one, or no such source. */
  readonly problem: UserError | null;
}

/** The parts of a cycle that a source needs. */
export interface ReadContext {
  /** The known state of a moment ago. */
  readonly previous: KnownState;
  /** Is no other source requested? */
  readonly isAlone: boolean;
}

/** A source, for the registry (sources.ts). */
export interface Source<O> {
  /** As metrics name it. */
  readonly name: string;
  /** How the options ask to read it; null when they do not. */
  open(options: O): ((context: ReadContext) => Promise<SourceOutcome>) | null;
  /** The source when nobody asked for it. */
  readonly unasked: JudgedRead;
  /** It is read beside others: with it alone, a machine without the table has nothing to read. */
  readonly isBeside: boolean;
}

/** The nature of a source, whatever the options. */
interface SourceNature<R extends SourceReading, K extends KnownSource> {
  readonly name: string;
  readonly judge: Judge<R, K>;
  readonly isBeside?: boolean;
}

/** A source of its judge and its way of reading. */
export function sourceOf<R extends SourceReading, K extends KnownSource, O>(
  { name, judge, isBeside = false }: SourceNature<R, K>,
  open: (options: O) => ((context: ReadContext) => Promise<SourceResult<R>>) | null,
): Source<O> {
  return {
    name,
    unasked: judgedRead(judge, null),
    isBeside,
    open: (options) => {
      const read = open(options);
      return read && (async (context) => outcomeOf(judge, await read(context)));
    },
  };
}

/** Binds a result to the judge of its source. */
export function outcomeOf<R extends SourceReading, K extends KnownSource>(
  judge: Judge<R, K>,
  { read, ...rest }: SourceResult<R>,
): SourceOutcome {
  const problem = read instanceof UserError ? read : null;
  return { ...rest, problem, read: judgedRead(judge, read instanceof UserError ? faultOf(read) : read) };
}

/** HAProxy answered, but no longer has a proxy. */
export class NoProxyError extends UserError {}

/** The fault of a source that could not be read. */
export function faultOf(error: UserError): SourceFault {
  const { code, message } = error;
  return { code, message, ...(error instanceof NoProxyError && { hasNoProxy: true }) };
}

/** The result of a step, or the `UserError` that it throws. */
export async function orError<T>(step: () => T | Promise<T>): Promise<T | UserError> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
