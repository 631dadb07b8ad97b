// A source of readings: the kernel's table, HAProxy. It reads itself, and records the texts that it read. Its errors are outcomes: one
// source that cannot be read holds nothing of the others back.

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
  /** The reading, or why there is none; null where this machine has no such source. */
  readonly read: SourceReadings[S] | UserError | null;
  /** Entries that were left out, and remarks. */
  readonly notes: readonly Note[];
  /** The second that the reading is of; null where the source does not say. */
  readonly moment: Moment | null;
  /** Adds the texts to a folder of recordings, under a second; null where there is no text. Throws a `CollectError`. */
  readonly record: ((dir: string, timeS: number) => Promise<void>) | null;
}

/** A source. */
export interface Source<S extends SourceName> {
  readonly name: S;
  /** Reads it; `previous` says what was there a moment ago. */
  read(previous: KnownState): Promise<SourceOutcome<S>>;
}

/** HAProxy answered, and had no proxy any more. */
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
