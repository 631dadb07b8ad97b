// The event ledger: what changed in the table, when, and why as far as it can be told.
// Written in the same batch as the readings of its cycle; changes only.

import { haproxy } from './kinds/haproxy.js';
import { ipvs } from './kinds/ipvs.js';
import type { Source } from './kinds/kind.js';
import { kindOfName } from './kinds/registry.js';
import { isOfDirector } from './names/name.js';

/** Why counters restarted, as far as the table tells. */
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

/** Why no cycle ran, as far as the uptime tells. */
export type MissCause = 'machine-down' | 'collector-stopped';

/** Every kind of event, as lists show them. */
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
  'database-repaired',
  'older-dropped',
] as const;

/** What happened; `older-dropped` stands before the oldest event that is left, where others had to go. Real servers' events stand in their service's ledger, with `realServer` set. */
export type EventKind = (typeof eventKinds)[number];

/** One entry of the ledger of an archive (a service, a proxy of HAProxy, or the director: `all`). */
export interface LedgerEvent {
  /** Time of the cycle that found the change, epoch seconds. */
  readonly timeS: number;
  /** Since when, of what went on until `timeS`. */
  readonly sinceS?: number;
  readonly archive: string;
  readonly kind: EventKind;
  /** Name of the real server within the service, such as `10.0.0.5_8080`. */
  readonly realServer?: string;
  /** Old and new value of what changed. */
  readonly from?: string;
  readonly to?: string;
  readonly cause?: ResetCause | MissCause;
  /** One sentence for people, where kind and values do not say it all. */
  readonly detail?: string;
}

/** Events kept for one archive; beyond that the oldest make room. */
export const eventsPerArchive = 1000;

/** Is an event of the real server that an archive is of, and not of its whole service? */
export function isOfRealServer({ archive, realServer }: LedgerEvent, name: string): boolean {
  return realServer !== undefined && `${archive}/${realServer}` === name;
}

/** Kinds of the director's events that tell of the archives of every source; others are of one, the kernel's table where it is not said. */
const ofWholeCycle: readonly EventKind[] = ['cycle-missed', 'clock-set', 'clock-set-back', 'database-repaired'];
const ofSource: Readonly<Partial<Record<EventKind, Source>>> = {
  'haproxy-failed': haproxy,
  'haproxy-resumed': haproxy,
};

/** Kinds of the director's events that tell of the archives which they name, and of no other. */
const ofDirectorAlone: readonly EventKind[] = ['entries-left-out', 'entries-read-again'];

/** Does an event of the director tell something of an archive? Each source is read and counts on its own. */
export function concerns({ kind, from, to }: LedgerEvent, name: string): boolean {
  if (ofDirectorAlone.includes(kind)) return isOfDirector(name);
  if (ofWholeCycle.includes(kind) || [from, to].includes('clock-jumped')) return true;
  return kindOfName(name)?.source === (ofSource[kind] ?? ipvs);
}

/** Which events: of one archive or of all, within `sinceS` <= time <= `untilS`, of those the `newest` so many. */
export interface EventQuery {
  readonly archive?: string;
  readonly sinceS?: number;
  readonly untilS?: number;
  readonly newest?: number;
}
