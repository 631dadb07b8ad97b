// The result of `interpret` for a snapshot and the previous table: everything one cycle writes, in one batch.

import type { About } from './archive.js';
import type { KnownDrift } from './drift/known-drift.js';
import type { KnownFinding } from './finding/finding.js';
import type { HaproxyMode } from './haproxy.js';
import type { LedgerEvent } from './ledger-event.js';
import type { DirectorPart } from './names/name.js';
import type { LeftOut } from './note.js';
import { type Retention, standardRetention } from './retention.js';
import type { HaproxyReading, HostClock } from './snapshot.js';
import type { HostTable } from './table/host-table.js';
import type { CycleColumns } from './table/row-readings.js';

/**
 * One reading of one archive: what happened in (`sinceS`, `timeS`].
 * `values` has one value per data source: for DERIVE the growth since `sinceS`, for GAUGE the value at `timeS`; NaN if unknown
 * (a reset, a return).
 */
export interface Reading {
  readonly archive: string;
  readonly sinceS: number;
  readonly timeS: number;
  readonly values: Float64Array;
}

/** A change of an archive itself: it is new, back, missing, gone, or described differently. */
export interface ArchiveChange {
  readonly name: string;
  readonly about: About;
  /** Time of its last reading while it is missing; null while every cycle reads it. */
  readonly lastS: number | null;
  readonly goneS: number | null;
}

/**
 * A real server as known from its newest reading. `counters`: conns, inPkts, outPkts, inBytes, outBytes; empty if they must not
 * be compared with (set-back.ts).
 */
export interface KnownRealServer {
  readonly counters: readonly bigint[];
  readonly forwarding: string;
  readonly weight: number;
  readonly lastS: number;
  /** Set while it is missing from the table; its counters are kept until the heartbeat has passed. */
  readonly absentS: number | null;
  /** Its 32-bit counters have wrapped since they began, and that was reported. */
  readonly hasWrapped?: true;
}

/** A service as known from its newest reading. */
export interface KnownService {
  readonly counters: readonly bigint[];
  readonly scheduler: string;
  readonly flags: string;
  readonly lastS: number;
  /** Set after one reading without it; after the second it is gone. */
  readonly absentS: number | null;
  /** Set with `absentS` if the reading without it was certain: if it comes back, it was added again. */
  readonly isAbsenceSure?: true;
  /** By name within the service. */
  readonly realServers: ReadonlyMap<string, KnownRealServer>;
}

/** A part of the director (name.ts) as known from its newest reading; `counters` as for a real server, empty for gauges. */
export interface KnownPart {
  readonly counters: readonly bigint[];
  readonly lastS: number;
  /** Set while the kernel does not report it. */
  readonly absentS: number | null;
}

/** The kernel's counters outside its table, as known from the newest reading. */
export interface KnownKernel {
  readonly parts: ReadonlyMap<DirectorPart, KnownPart>;
  /** Since when the counters have been frozen, and the evidence; null while they run. */
  readonly frozen: { readonly sinceS: number; readonly reason: string } | null;
  /** As in `KernelReading`. */
  readonly syncDaemons: string | null;
}

/** A proxy or a server of HAProxy as known from its newest reading. */
export interface KnownEntry {
  /**
   * In the order of the counters (not the gauges) of its kind; null if not reported; empty if they must not be compared with.
   */
  readonly counters: readonly (bigint | null)[];
  readonly mode: HaproxyMode;
  readonly status: string;
  readonly weight: number | null;
  readonly lastS: number;
  /** Set after one reading without it; after the second it is gone. */
  readonly absentS: number | null;
}

/** A source of readings, as known from its newest reading. */
export interface KnownSource {
  /** Time of that reading; null before the first. */
  readonly timeS: number | null;
  /** The current run of failed readings; null if the newest reading succeeded. */
  readonly failure: Failure | null;
}

/** The kernel's table, with the kernel's counters outside it. */
export interface KnownDirector extends KnownSource {
  readonly host: HostClock | null;
  /** By name. */
  readonly services: ReadonlyMap<string, KnownService>;
  readonly kernel: KnownKernel;
  /** By archive. */
  readonly books: ReadonlyMap<string, Account>;
  /** Time since which the director's sum has been unknown because single services are; missing while it is known. */
  readonly sumIncompleteS?: number;
  /** As in `Snapshot`. */
  readonly hostTables?: readonly HostTable[];
}

/** HAProxy. */
export interface KnownHaproxy extends KnownSource {
  /** By the name of their archive. */
  readonly entries: ReadonlyMap<string, KnownEntry>;
  /** The process that answered. */
  readonly process: HaproxyReading['process'];
}

/** An archive of a source without a form of its own, as known from its newest reading. */
export interface KnownArchive {
  readonly about: About;
  /** Null if not reported; empty if they must not be compared with. */
  readonly counters: readonly (bigint | null)[];
  readonly lastS: number;
  /** Set while a reading lacks it. */
  readonly absentS: number | null;
}

/** Any other source. It needs no form of its own, neither on the disk nor on the socket. */
export interface KnownOther extends KnownSource {
  readonly archives: ReadonlyMap<string, KnownArchive>;
  /** Other values that its judge compares, as JSON keeps them. */
  readonly own?: Readonly<Record<string, string | number | boolean | null>>;
}

/** An archive whose parts do not add up to it (books.ts). */
export interface Account {
  /** The amount by which its parts counted more in the newest interval, by counter. */
  readonly carried: readonly number[];
  /** Time since which that is certain; null while the next reading may explain it. */
  readonly sinceS: number | null;
}

/** A run of failed cycles. */
export interface Failure {
  readonly code: string;
  readonly sinceS: number;
  /** Time of the last of them. */
  readonly lastS: number;
  readonly cycles: number;
}

/** Everything known after a cycle; the next cycle is compared with it. */
export interface KnownState {
  /** The rows that archives keep; they determine the heartbeat. */
  readonly retention: Retention;
  /** Time of the newest reading of any source, and the machine's clock then; null before the first. */
  readonly timeS: number | null;
  readonly host: HostClock | null;
  /** Archives that are gone, by name, with the time of their last reading: they tell a return from a first sight. */
  readonly gone: ReadonlyMap<string, number>;
  readonly director: KnownDirector;
  readonly haproxy: KnownHaproxy;
  /** Other sources, by name; missing if none was ever read. */
  readonly others?: ReadonlyMap<string, KnownOther>;
  /** Entries that the newest cycle with readings left out (left-out.ts); missing if there were none. */
  readonly leftOut?: LeftOut;
  /** Findings, pending ones included; missing if there are none. */
  readonly findings?: readonly KnownFinding[];
  /** Drift from the references; missing if it is not judged. */
  readonly drift?: KnownDrift;
  /** Later readings were removed from the archives (set-back.ts): no cycle was missed since. */
  readonly isSetBack?: true;
}

/** The known state of one source, with the state that all sources share; a judge compares a reading with it. */
export type Before<K extends KnownSource> = K & Pick<KnownState, 'retention' | 'gone' | 'isSetBack'>;

/** The director as known before a reading. */
export type DirectorBefore = Before<KnownDirector>;

/** The known state of a source, as its judge sees it. */
export function beforeOf<K extends KnownSource>(table: KnownState, source: K): Before<K> {
  const { retention, gone, isSetBack } = table;
  return { ...source, retention, gone, ...(isSetBack && { isSetBack }) };
}

/** Every source of a table. */
export function sourcesIn({ director, haproxy, others }: KnownState): readonly KnownSource[] {
  return [director, haproxy, ...(others?.values() ?? [])];
}

/** Everything one cycle writes. `previousS` names the table it was made from; a store refuses any other. */
export interface Cycle {
  readonly timeS: number;
  readonly previousS: number | null;
  /** The time was accepted on the user's word: the clock jumped ahead, and the uptime does not confirm it. */
  readonly hasJumped: boolean;
  readonly readings: readonly Reading[];
  /** The same readings in columns, if the judges made them so: `readings` are then made of these on demand. */
  readonly columns?: CycleColumns;
  readonly archives: readonly ArchiveChange[];
  readonly events: readonly LedgerEvent[];
  readonly table: KnownState;
}

/** A kernel that was never read. */
export const unknownKernel: KnownKernel = { parts: new Map(), frozen: null, syncDaemons: null };

/** A director that was never read. */
export const unknownDirector: KnownDirector = {
  timeS: null,
  host: null,
  services: new Map(),
  kernel: unknownKernel,
  books: new Map(),
  failure: null,
};

/** An HAProxy that was never read. */
const unknownHaproxy: KnownHaproxy = { entries: new Map(), timeS: null, process: null, failure: null };

/** The table before anything was ever read. */
export const emptyState: KnownState = {
  retention: standardRetention,
  timeS: null,
  host: null,
  gone: new Map(),
  director: unknownDirector,
  haproxy: unknownHaproxy,
};
