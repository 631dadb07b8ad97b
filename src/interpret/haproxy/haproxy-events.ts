// What happened to HAProxy's proxies and servers: pure. A server's events stand in its backend's ledger.

import type { KnownEntry, KnownHaproxy } from '../../model/cycle.js';
import type { EventKind, LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { directorName, nameWithin, serviceOf } from '../../model/names/name.js';
import type { HaproxyEntry } from '../../model/snapshot.js';

/** An entry now, and as it was known. */
export interface EntryComparison {
  readonly name: string;
  readonly now: HaproxyEntry;
  readonly before: KnownEntry | undefined;
  /** null where a counter fell, or what they were is not known. */
  readonly growth: readonly (bigint | null)[] | null;
}

/** What else there is to know of it. */
export interface Telling {
  readonly timeS: number;
  /** It is one of those that are gone. */
  readonly hasBeen: boolean;
  /** Why all counters restarted; null where they went on. */
  readonly cause: ResetCause | null;
  /** The backend of a server was there before: its servers do not come with it. */
  readonly hadProxy: boolean;
}

/** What happened to one of them. */
export function entryEvents(
  { name, now, before, growth }: EntryComparison,
  { timeS, hasBeen, cause, hadProxy }: Telling,
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

/** Who is left when one is gone, and what was known. */
export interface Leaving {
  readonly timeS: number;
  readonly entries: ReadonlyMap<string, KnownEntry>;
  readonly known: KnownHaproxy;
}

/** That one is gone; a server that goes with its backend is not told apart from it. */
export function goneEvent(name: string, { timeS, entries, known }: Leaving): readonly LedgerEvent[] {
  const archive = serviceOf(name);
  if (archive === name) return [{ timeS, archive, kind: 'gone' }];
  if (!entries.has(archive)) return [];
  const from = known.entries.get(name)?.status ?? '';
  return [{ timeS, archive, kind: 'real-server-removed', realServer: nameWithin(name), from }];
}

/** That it is read again. */
export function resumed({ code, cycles }: NonNullable<KnownHaproxy['failure']>, timeS: number): LedgerEvent {
  const detail = `not read ${cycles === 1 ? 'once' : `${cycles} times`}, at last for "${code}"`;
  return { timeS, archive: directorName, kind: 'haproxy-resumed', from: code, detail };
}
