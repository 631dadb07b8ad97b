// A kind: everything the program must know about one sort of archive, in one place. The registry (registry.ts) lists the kinds;
// no other file checks which sort of archive it has.

import type { KnownState } from '../cycle.js';

/** Direction in which a quantity passes the counting system. */
export type Direction = 'in' | 'out' | 'none';

/** One measured quantity: a data source, with its unit and direction. A DERIVE is kept as its rate, `unit` per second. */
export interface Measure {
  readonly name: string;
  readonly type: 'GAUGE' | 'DERIVE';
  readonly unit:
    | 'B'
    | 'packet'
    | 'conn'
    | 'bucket'
    | 'session'
    | 'request'
    | 'response'
    | 'error'
    | 'number'
    | 'link'
    | 'ms'
    | '%';
  readonly direction: Direction;
}

/** One system that is read; its archives share readings, failures and the quantities of a report. */
export interface SourceTraits {
  readonly name: string;
  /** All outbound traffic passes the counting system. Otherwise it depends on how real servers are reached (outbound.ts). */
  readonly seesAllReplies: boolean;
  /** Level of the archives that are in every reading. */
  readonly witness: 'director' | 'top';
  /** The name of its top archives in the summary of a cycle: in words for one and for several, and in JSON. */
  readonly tops: { readonly one: string; readonly words: string; readonly field: string };
  readonly members: { readonly one: string; readonly words: string; readonly field: string };
  /** Its top archives are among the services of lists, boards and reports; otherwise they have a page of their own. */
  readonly isListed: boolean;
  /** Directors of a group have the same archives of it; otherwise it belongs to one machine. */
  readonly isOfGroup: boolean;
}

/** Description of an archive as last read; the fields depend on its kind. */
export interface AnyAbout {
  readonly kind: string;
}

/** A parsed name; the fields depend on its grammar. */
export interface AnyParts {
  readonly kind: string;
}

/** Counters as last read. */
export interface KnownCounters {
  /** Null if not reported. */
  readonly counters: readonly (bigint | null)[];
  readonly lastS: number;
}

/** One kind of archive: `A` describes an archive, `P` is its parsed name. */
export interface Kind<A extends AnyAbout = AnyAbout, P extends AnyParts = AnyParts> {
  readonly kind: A['kind'];
  readonly source: SourceTraits;
  /** Place among archives: the director and its parts; the archives that lists show, and their members. */
  readonly level: 'director' | 'part' | 'top' | 'member';
  /** Lists begin with the lowest rank; within a rank they are sorted by name. */
  readonly rank: number;
  /** Pictures are kept and refreshed after each cycle; otherwise they are drawn on request. */
  readonly hasStandingPictures: boolean;
  /** In column order. */
  readonly measures: readonly Measure[];
  /** Name of this set of measures in the records of archives; kinds with the same name share the measures. */
  readonly measureSet: string;
  /** Prefix of its names. Among kinds with a `/`, and among those without, the longest matching prefix decides. */
  readonly prefix: string;
  /** Parses a name; null if the text is not the canonical form of one. */
  parse(name: string): P | null;
  format(parts: P): string;
  /** The name that a user's text means; null if it is none of this kind. */
  resolve?(text: string): string | null;
  /** Its own part of the name, without the archive that it belongs to: `192.0.2.1:80`, `web1`. */
  ownName(parts: P): string;
  /** Text that a pattern may match besides the name. */
  written?(parts: P): string;
  /** Address that a host name may stand for; null if it has none. */
  addressOf?(parts: P): string | null;
  /** Description of an archive known only by name. */
  aboutOf(parts: P): A;
  /** Its counters in a table, if the table has them. */
  countedIn?(table: KnownState, parts: P): KnownCounters | undefined;
}

/** A counter. */
export function counter(name: string, unit: Measure['unit'], direction: Direction = 'none'): Measure {
  return { name, type: 'DERIVE', unit, direction };
}

/** A number that is kept as read. */
export function gauge(name: string, unit: Measure['unit']): Measure {
  return { name, type: 'GAUGE', unit, direction: 'none' };
}
