// How `collect`, `serve` and `replay` report the notes of a cycle: the first by name, the rest as a number. Entries left out for the first
// time are warnings; those that the previous cycle left out as well are notices.

import type { Entry } from '../../cli/log.js';
import { newNotes } from '../../interpret/left-out.js';
import type { KnownState } from '../../model/cycle.js';
import { isLeftOut, type Note } from '../../model/note.js';

/** Notes that are reported by name. */
const maxReported = 10;

/** The notes of a cycle as lines; `previous` is the table that the cycle started from. */
export function noteEntries(previous: Pick<KnownState, 'leftOut'>, notes: readonly Note[]): readonly Entry[] {
  const news = new Set(newNotes(previous, notes));
  const rank = (note: Note): number => (isLeftOut(note) ? (news.has(note) ? 0 : 1) : 2);
  const ordered = notes.toSorted((a, b) => rank(a) - rank(b));
  const entries = ordered.slice(0, maxReported).map((note): Entry => {
    return { level: note.kind === 'refused' && news.has(note) ? 'warning' : 'notice', text: note.text };
  });
  const rest = ordered.slice(maxReported);
  if (rest.length === 0) return entries;
  const leftOut = rest.reduce((sum, note) => sum + (isLeftOut(note) ? (note.count ?? 1) : 0), 0);
  const text = `and ${rest.length} more notes like these, on ${leftOut} entries left out, which the viewer lists`;
  return [
    ...entries,
    { level: rest.some((note) => news.has(note) && note.kind === 'refused') ? 'warning' : 'notice', text },
  ];
}
