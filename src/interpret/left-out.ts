// The entries that a cycle left out, kept with the table so that a viewer in another process can show them, and an event when the
// entries that cannot be read become others. What came or went while it was read is none: that is so of every table that changes.

import type { Cycle, KnownState } from '../model/cycle.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { directorName } from '../model/names/name.js';
import { type LeftOut, leftOutOf, type Note } from '../model/note.js';

/** Names that an event gives; the rest it counts. */
const mostNames = 10;

/**
 * A cycle with what it left out. `notes` are those of all sources that were asked for; null where one of them failed, which leaves
 * it as it was before.
 */
export function withLeftOut(previous: KnownState, cycle: Cycle, notes: readonly Note[] | null): Cycle {
  const { leftOut: _, ...table } = cycle.table;
  if (notes === null) {
    return { ...cycle, table: previous.leftOut === undefined ? table : { ...table, leftOut: previous.leftOut } };
  }
  const leftOut = leftOutOf(notes);
  const event = eventOf(previous.leftOut, leftOut, cycle.timeS);
  return {
    ...cycle,
    events: event === null ? cycle.events : [...cycle.events, event],
    table: leftOut.count === 0 ? table : { ...table, leftOut },
  };
}

/** The notes on entries that were not left out already by the cycle before, and those that leave nothing out. */
export function newNotes({ leftOut }: Pick<KnownState, 'leftOut'>, notes: readonly Note[]): readonly Note[] {
  const known = new Set(leftOut?.entries.map(({ entry }) => entry));
  return notes.filter(({ kind, entry }) => kind === 'remark' || !known.has(entry));
}

function eventOf(before: LeftOut | undefined, now: LeftOut, timeS: number): LedgerEvent | null {
  const [old, names] = [refusedOf(before), refusedOf(now)];
  if (old.join(' ') === names.join(' ')) return null;
  const director = { timeS, archive: directorName } as const;
  if (names.length === 0) return { ...director, kind: 'entries-read-again' };
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const detail = `${names.slice(0, mostNames).join(', ')}${more}`;
  return { ...director, kind: 'entries-left-out', to: String(names.length), detail };
}

function refusedOf(leftOut: LeftOut | undefined): readonly string[] {
  return (leftOut?.entries ?? []).flatMap(({ kind, entry }) => (kind === 'refused' ? [entry] : [])).sort();
}
