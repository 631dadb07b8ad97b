// A source of readings: the kernel's table, or HAProxy. It reads itself and records its raw texts. Its errors are outcomes: a source that
// cannot be read does not hold back the others.

import type { SourceFault, SourceName, SourceReadings } from '../interpret/judge.js';
import type { KnownState } from '../model/cycle.js';
import type { Note } from '../model/note.js';
import type { HostClock } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';

/** A second, and the clock of the machine that was read. */
export interface Moment {
  readonly timeS: number;
  readonly host: HostClock | null;
}

/** The outcome of reading a source. */
export interface SourceOutcome<S extends SourceName> {
  /** The reading, or why there is none; null when this machine has no such source. */
  readonly read: SourceReadings[S] | UserError | null;
  /** Entries that were left out, and remarks. */
  readonly notes: readonly Note[];
  /** The second of the reading; null when the source does not say. */
  readonly moment: Moment | null;
  /** Adds the texts to a folder of recordings, under a second; null when there is no text. Throws a `CollectError`. */
  readonly record: ((dir: string, timeS: number) => Promise<void>) | null;
}

/** A source. */
export interface Source<S extends SourceName> {
  readonly name: S;
  /** Reads the source; `previous` is the known state of a moment ago. */
  read(previous: KnownState): Promise<SourceOutcome<S>>;
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
