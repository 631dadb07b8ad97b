// The entries of the lines of a listing that were read so far: the state of its parser (entries.ts), whichever kind of listing it is.

import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import { type LineNote, LineNotes } from './line-notes.js';
import type { Layout } from './listing.js';

/** A service and its real servers, by key. */
export interface ServiceLines<R> {
  readonly id: ServiceId;
  readonly realServers: Map<string, R>;
  /** Real servers with unreadable values, by key. */
  readonly refused: Map<string, RealServerId>;
  /** Whether a line may belong to one of its real servers, of unknown identity. */
  hasStray: boolean;
}

/** The parsers for the lines of one kind of listing; `service` and `realServer` throw a `LineProblem`. */
export interface Grammar<R, S extends ServiceLines<R>> {
  readonly layout: Layout;
  readonly service: (id: ServiceId, words: readonly string[], from: number) => S;
  readonly realServer: (id: RealServerId, words: readonly string[]) => R;
  /** Can two lines, in their order, belong to the same entry of one table? */
  readonly isSameService: (first: S, second: S) => boolean;
  readonly isSameRealServer: (first: R, second: R) => boolean;
}

/** The entries of the lines read so far. */
export interface EntriesSoFar<R, S extends ServiceLines<R>> {
  readonly grammar: Grammar<R, S>;
  readonly services: Map<string, S>;
  readonly refused: Map<string, ServiceId>;
  readonly suspects: Map<string, ServiceId>;
  readonly notes: LineNotes;
  /** The service of the next real servers: null when those of the line above are omitted, and before the first one. */
  current: S | null;
  /** The one before it. */
  before: S | null;
  /** Whether `current` is listed for the second time. */
  isAgain: boolean;
  /** The note on the service's line above, when that is omitted. */
  above: LineNote | null;
  strayLines: number;
  isTorn: boolean;
  /** The newest line, if it is program output. */
  saying: string | null;
}

/** A listing before its first line; messages call its text `source`. */
export function noEntries<R, S extends ServiceLines<R>>(grammar: Grammar<R, S>, source: string): EntriesSoFar<R, S> {
  return {
    grammar,
    services: new Map(),
    refused: new Map(),
    suspects: new Map(),
    notes: new LineNotes(source),
    current: null,
    before: null,
    isAgain: false,
    above: null,
    strayLines: 0,
    isTorn: false,
    saying: null,
  };
}

/** Ends the service of the lines above. */
export function endService<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>): void {
  soFar.before = soFar.current ?? soFar.before;
  soFar.current = null;
  soFar.isAgain = false;
  soFar.above = null;
}
