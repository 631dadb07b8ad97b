// Bounded notes of one reading: a source with damage on every line must not fill the memory, a mailbox or a journal.

import { maxNotes, type Note, type NoteKind } from '../../model/note.js';

/** Gathers notes; those beyond `maxNotes` are only counted. */
export class BoundedNotes {
  readonly #source: string;
  readonly #notes: Note[] = [];
  #moreRefused = 0;
  #moreRemarks = 0;

  /** `source` is the subject of the notes. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Adds a note; its text is computed only when it is kept. */
  add(kind: Exclude<NoteKind, 'torn'>, entry: string, text: () => string): void {
    if (this.#notes.length < maxNotes) this.#notes.push({ kind, entry, text: text() });
    else if (kind === 'refused') this.#moreRefused += 1;
    else this.#moreRemarks += 1;
  }

  /** All notes, and the number of further ones. */
  all(): readonly Note[] {
    const more: Note[] = [];
    if (this.#moreRefused > 0) {
      const text = `${this.#moreRefused} more entries are left out: their lines of ${this.#source} cannot be read`;
      more.push({ kind: 'refused', entry: '', text, count: this.#moreRefused });
    }
    if (this.#moreRemarks > 0) {
      more.push({
        kind: 'remark',
        entry: '',
        text: `${this.#moreRemarks} more notes on ${this.#source} are not shown`,
      });
    }
    return [...this.#notes, ...more];
  }
}
