// The entries that a cycle left out, kept with the table so that a viewer in another process can show them, and an event when
// the set of unreadable entries changes. Entries that came or went during the read do not count: every changing table has
// those.

import type { Cycle, KnownState } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { directorName } from '../model/names/name.js';
import { type LeftOut, leftOutOf, type Note } from '../model/note.js';
import { withOutcome } from '../model/table/row-readings.js';

/** Most names that an event gives; the rest are counted. */
const maxNames = 10;

/**
 * A cycle with its left-out entries. `notes` are those of all requested sources; null if one of them failed, which keeps the
 * previous entries.
 */
export function withLeftOut(previous: KnownState, cycle: Cycle, notes: readonly Note[] | null): Cycle {
  const { leftOut: _, ...table } = cycle.table;
  if (notes === null) {
    const kept = previous.leftOut === undefined ? table : { ...table, leftOut: previous.leftOut };
    return withOutcome(cycle, { events: cycle.events, table: kept });
  }
  const leftOut = leftOutOf(notes);
  const event = eventOf(previous.leftOut, leftOut, cycle.timeS);
  return withOutcome(cycle, {
    events: event === null ? cycle.events : [...cycle.events, event],
    table: leftOut.count === 0 ? table : { ...table, leftOut },
  });
}

/** The notes on entries that the previous cycle did not leave out, and the notes that leave nothing out. */
export function newNotes({ leftOut }: Pick<KnownState, 'leftOut'>, notes: readonly Note[]): readonly Note[] {
  const known = new Set(leftOut?.entries.map(({ entry }) => entry));
  return notes.filter(({ kind, entry }) => kind === 'remark' || !known.has(entry));
}

function eventOf(before: LeftOut | undefined, now: LeftOut, timeS: number): LedgerEvent | null {
  const [old, names] = [refusedOf(before), refusedOf(now)];
  if (old.join(' ') === names.join(' ')) return null;
  const director = { timeS, archive: directorName } as const;
  if (names.length === 0) return { ...director, kind: 'entries-read-again' };
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : '';
  const detail = `${names.slice(0, maxNames).join(', ')}${more}`;
  return { ...director, kind: 'entries-left-out', to: String(names.length), detail };
}

function refusedOf(leftOut: LeftOut | undefined): readonly string[] {
  return (leftOut?.entries ?? []).flatMap(({ kind, entry }) => (kind === 'refused' ? [entry] : [])).sort();
}
