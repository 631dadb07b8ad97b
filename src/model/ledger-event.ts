// The event ledger: what changed in the table, when, and why if that is known.
// Written in the same batch as the readings of its cycle; changes only.

import { haproxy } from './kinds/haproxy.js';
import { ipvs } from './kinds/ipvs.js';
import type { SourceTraits } from './kinds/kind.js';
import { kindOfName } from './kinds/registry.js';
import { isOfDirector } from './names/name.js';

/** Why counters restarted, as far as the table shows. */
export type ResetCause =
  | 'machine-restarted'
  | 'module-reloaded'
  | 'namespace-recreated'
  | 'table-cleared'
  | 'table-cleared-or-zeroed'
  | 'service-re-added'
  | 'zeroed'
  | 're-added-or-zeroed'
  | 'perhaps-restarted'
  | 'missing-once'
  | 'real-server-re-added'
  | 'haproxy-reloaded'
  | 'haproxy-cleared'
  | 'haproxy-reloaded-or-cleared';

/** Why no cycle ran, as far as the uptime shows. */
export type MissCause = 'machine-down' | 'collector-stopped';

/** Every kind of event, in the order of lists. */
export const eventKinds = [
  'appeared',
  'gone',
  'back',
  'real-server-added',
  'real-server-removed',
  'weight-changed',
  'forwarding-changed',
  'status-changed',
  'scheduler-changed',
  'flags-changed',
  'counters-reset',
  'counters-wrapped',
  'sum-incomplete',
  'sum-complete',
  'cycle-missed',
  'cycle-failed',
  'cycle-resumed',
  'clock-set',
  'clock-set-back',
  'counters-frozen',
  'counters-running',
  'sync-changed',
  'books-unbalanced',
  'books-balanced',
  'entries-left-out',
  'entries-read-again',
  'haproxy-failed',
  'haproxy-resumed',
  'finding-opened',
  'finding-closed',
  'database-repaired',
  'older-dropped',
  'failover',
] as const;

/**
 * The kind of an event. `older-dropped` precedes the oldest event left if older ones were dropped. A `failover` is not stored: it
 * follows from the rows of a group's directors, `from` one `to` another. Events of real servers are in their service's ledger, with
 * `realServer` set.
 */
export type EventKind = (typeof eventKinds)[number];

/** One entry of the ledger of an archive (a service, a proxy of HAProxy, or the director: `all`). */
export interface LedgerEvent {
  /** Time of the cycle that found the change, epoch seconds. */
  readonly timeS: number;
  /** Start of something that lasted until `timeS`. */
  readonly sinceS?: number;
  readonly archive: string;
  readonly kind: EventKind;
  /** Name of the real server within the service, such as `10.0.0.5_8080`. */
  readonly realServer?: string;
  /** Old and new value. */
  readonly from?: string;
  readonly to?: string;
  readonly cause?: ResetCause | MissCause;
  /** One sentence for people, if kind and values do not say everything. */
  readonly detail?: string;
}

/** Whether a finding opened or closed. */
export function isOfFinding(kind: EventKind): boolean {
  return kind === 'finding-opened' || kind === 'finding-closed';
}

/** Events kept per archive; beyond that, the oldest are dropped. */
export const eventsPerArchive = 1000;

/** Is an event about the real server of an archive, and not about its whole service? */
export function isOfRealServer({ archive, realServer }: LedgerEvent, name: string): boolean {
  return realServer !== undefined && `${archive}/${realServer}` === name;
}

/**
 * Kinds of director events that concern the archives of every source; others concern one source, the kernel's table by default.
 */
const wholeCycleKinds: readonly EventKind[] = ['cycle-missed', 'clock-set', 'clock-set-back', 'database-repaired'];
const sourceOfKind: Readonly<Partial<Record<EventKind, SourceTraits>>> = {
  'haproxy-failed': haproxy,
  'haproxy-resumed': haproxy,
};

/** Kinds of director events that concern only the archives they name. */
const directorOnlyKinds: readonly EventKind[] = ['entries-left-out', 'entries-read-again'];

/** Does an event of the director concern an archive? Each source is read and counts on its own. */
export function concerns({ kind, from, to }: LedgerEvent, name: string): boolean {
  if (directorOnlyKinds.includes(kind)) return isOfDirector(name);
  if (wholeCycleKinds.includes(kind) || [from, to].includes('clock-jumped')) return true;
  return kindOfName(name)?.source === (sourceOfKind[kind] ?? ipvs);
}

/** Selection of events: of one archive or of all, within `sinceS` <= time <= `untilS`, at most the `newest` ones. */
export interface EventQuery {
  readonly archive?: string;
  readonly sinceS?: number;
  readonly untilS?: number;
  readonly newest?: number;
}
