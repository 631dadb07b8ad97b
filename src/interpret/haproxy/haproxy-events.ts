// Events of HAProxy's proxies and servers: pure. A server's events are in its backend's ledger.

import type { KnownEntry, KnownHaproxy } from '../../model/cycle.js';
import type { EventKind, LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { directorName, nameWithin, serviceOf } from '../../model/names/name.js';
import type { HaproxyEntry } from '../../model/snapshot.js';

/** An entry now and before. */
export interface EntryComparison {
  readonly name: string;
  readonly now: HaproxyEntry;
  readonly before: KnownEntry | undefined;
  /** null if a counter fell, or if the old values are unknown. */
  readonly growth: readonly (bigint | null)[] | null;
}

/** The circumstances of its events. */
export interface EntryContext {
  readonly timeS: number;
  /** It was gone before. */
  readonly hasBeen: boolean;
  /** Why all counters restarted; null if they continued. */
  readonly cause: ResetCause | null;
  /** The backend of a server was there before, so its servers did not come with it. */
  readonly hadProxy: boolean;
}

/** The events of one entry. */
export function entryEvents(
  { name, now, before, growth }: EntryComparison,
  { timeS, hasBeen, cause, hadProxy }: EntryContext,
): readonly LedgerEvent[] {
  const archive = serviceOf(name);
  const of = archive === name ? {} : { realServer: nameWithin(name) };
  const found: LedgerEvent[] = [];
  const note = (kind: EventKind, rest: Partial<LedgerEvent> = {}): number =>
    found.push({ timeS, archive, kind, ...of, ...rest });
  if (before === undefined) {
    if (archive === name) note(hasBeen ? 'back' : 'appeared');
    else if (hadProxy) note('real-server-added', { to: [now.status, weightText(now)].filter(Boolean).join(', ') });
    return found;
  }
  const hasCounted = before.counters.some((value) => value !== null && value > 0n);
  const isAddedAgain = archive !== name && hadProxy && before.absentS !== null;
  if (archive === name && cause !== null && hasCounted) note('counters-reset', { cause });
  else if (cause === null && growth === null && (hasCounted || isAddedAgain)) {
    note('counters-reset', { cause: 'real-server-re-added' });
  }
  if (now.status !== '' && before.status !== '' && before.status !== now.status) {
    const detail = now.check === '' ? {} : { detail: now.check };
    note('status-changed', { from: before.status, to: now.status, ...detail });
  }
  if (now.weight !== null && before.weight !== null && now.weight !== before.weight) {
    note('weight-changed', { from: String(before.weight), to: String(now.weight) });
  }
  return found;
}

function weightText({ weight }: HaproxyEntry): string {
  return weight === null ? '' : `weight ${weight}`;
}

/** The remaining entries when one is gone, and the known ones. */
export interface RemainingEntries {
  readonly timeS: number;
  readonly entries: ReadonlyMap<string, KnownEntry>;
  readonly known: KnownHaproxy;
}

/** The event of an entry that is gone; none for a server that goes with its backend. */
export function goneEvent(name: string, { timeS, entries, known }: RemainingEntries): readonly LedgerEvent[] {
  const archive = serviceOf(name);
  if (archive === name) return [{ timeS, archive, kind: 'gone' }];
  if (!entries.has(archive)) return [];
  const from = known.entries.get(name)?.status ?? '';
  return [{ timeS, archive, kind: 'real-server-removed', realServer: nameWithin(name), from }];
}

/** The event of HAProxy being read again. */
export function haproxyResumed({ code, cycles }: NonNullable<KnownHaproxy['failure']>, timeS: number): LedgerEvent {
  const detail = `not read ${cycles === 1 ? 'once' : `${cycles} times`}, the last time with "${code}"`;
  return { timeS, archive: directorName, kind: 'haproxy-resumed', from: code, detail };
}
