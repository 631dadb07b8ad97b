// A kind: everything the program must know of a sort of archive, in one place. The registry (registry.ts) lists the kinds; no other
// file asks what sort of archive it has before it.

import type { KnownState } from '../cycle.js';

/** Direction in which a quantity passes whatever counts it. */
export type Direction = 'in' | 'out' | 'none';

/** One measured quantity: a data source, with its unit and its direction. A DERIVE is kept as its rate, `unit` per second. */
export interface Measure {
  readonly name: string;
  readonly type: 'GAUGE' | 'DERIVE';
  readonly unit: 'B' | 'packet' | 'conn' | 'bucket' | 'session' | 'request' | 'response' | 'error';
  readonly direction: Direction;
}

/** One place that is read: its archives share readings, failures and the quantities of a report. */
export interface Source {
  readonly name: string;
  /** All that leaves passes whatever counts it. Otherwise it depends on how real servers are reached (outbound.ts). */
  readonly seesAllReplies: boolean;
  /** Level of the archives of which every reading has one. */
  readonly witness: 'director' | 'top';
  /** Names of its archives in the summary of a cycle: in words, and in JSON. */
  readonly tops: { readonly words: string; readonly field: string };
  readonly members: { readonly words: string; readonly field: string };
}

/** Description of an archive as last read; the fields depend on its kind. */
export interface AnyAbout {
  readonly kind: string;
}

/** A name taken apart; the fields depend on its grammar. */
export interface AnyParts {
  readonly kind: string;
}

/** Counters as they were read last. */
export interface KnownCounters {
  /** Null where one was not told. */
  readonly counters: readonly (bigint | null)[];
  readonly lastS: number;
}

/** One kind of archive: `A` describes an archive, `P` is its name taken apart. */
export interface Kind<A extends AnyAbout = AnyAbout, P extends AnyParts = AnyParts> {
  readonly kind: A['kind'];
  readonly source: Source;
  /** Place among archives: the director and its parts; what lists show, and what belongs to that. */
  readonly level: 'director' | 'part' | 'top' | 'member';
  /** Lists begin with the lowest rank; names decide within a rank. */
  readonly rank: number;
  /** Pictures are kept and refreshed after each cycle; others are drawn on request. */
  readonly hasStandingPictures: boolean;
  /** In column order. */
  readonly measures: readonly Measure[];
  /** Name of this set of measures in the records of archives; kinds that share it share the measures. */
  readonly measureSet: string;
  /** Beginning of its names: of kinds with and without a `/` apart, the longest that fits decides. */
  readonly prefix: string;
  /** Takes a name apart; null where the text is not the canonical form of one. */
  parse(name: string): P | null;
  format(parts: P): string;
  /** The name meant by what people write; null where that is none of this kind. */
  resolve?(text: string): string | null;
  /** Its own words for it, without those of what it belongs to: `192.0.2.1:80`, `web1`. */
  ownName(parts: P): string;
  /** Text that a pattern matches besides the name. */
  written?(parts: P): string;
  /** Address that a host name may stand for; null where it has none. */
  addressOf?(parts: P): string | null;
  /** Description of an archive of which only the name is known. */
  aboutOf(parts: P): A;
  /** Its counters in a table, where they are to be found there. */
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
