// Notes on omitted or repeated lines of a listing: the first by name, the rest counted, since every line may be of this kind.

import { maxNotes, type Note } from '../../../model/note.js';
import { quote } from '../../collect-error.js';
import type { Line } from './listing-lines.js';

/** A note on an omitted line; `below` counts the real servers omitted with it. */
export interface LineNote {
  below: number;
}

interface RefusedLine extends LineNote {
  readonly entry: string;
  readonly what: string;
  readonly where: string;
}

/** The entry of a line, or null with a label when the entry is unknown. */
type NoteSubject = { readonly entry: string } | { readonly entry: null; readonly what: string };

interface BadLine {
  readonly words: readonly string[];
  readonly line: Line;
  readonly problem: Error;
}

/** Gathers the notes on the lines of one listing. */
export class LineNotes {
  readonly #source: string;
  readonly #refused: RefusedLine[] = [];
  readonly #repeated: string[] = [];
  readonly #prose: string[] = [];
  #more = 0;
  #moreRepeated = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Notes that a line is omitted. */
  addRefused({ words, line, problem }: BadLine, left: NoteSubject): LineNote {
    if (this.#refused.length >= maxNotes) {
      this.#more += 1;
      return { below: 0 };
    }
    const where = `line ${line.number} of ${this.#source}, ${quote(line.text())}: ${problem.message}`;
    const note =
      left.entry === null
        ? { entry: quote(words.slice(0, 2).join(' '), 60), what: left.what, where, below: 0 }
        : { entry: left.entry, what: left.entry, where, below: 0 };
    this.#refused.push(note);
    return note;
  }

  /** Notes that a line is not an entry. */
  addProse({ line }: Pick<BadLine, 'line'>): void {
    const text = `line ${line.number} of ${this.#source}, ${quote(line.text())}, is no entry: it is ignored`;
    if (this.#prose.length < maxNotes) this.#prose.push(text);
  }

  /** Notes that an entry is listed twice, in lines that agree. */
  addRepeated(entry: string): void {
    if (this.#repeated.length < maxNotes) this.#repeated.push(entry);
    else this.#moreRepeated += 1;
  }

  /** The notes. */
  all(): readonly Note[] {
    const source = this.#source;
    const notes = this.#refused.map(({ entry, what, where, below }): Note => {
      const others = below === 0 ? '' : ` with the ${below === 1 ? 'real server' : `${below} real servers`} below it`;
      return { kind: 'refused', entry, text: `${what} is left out${others}: ${where}` };
    });
    const repeated = this.#repeated.map((entry): Note => {
      const text = `${entry} is listed twice in ${source}, which the kernel does while others come and go: it counts once`;
      return { kind: 'remark', entry, text };
    });
    if (this.#more > 0) {
      const text = `${this.#more} more entries are left out: their lines of ${source} cannot be read`;
      notes.push({ kind: 'refused', entry: '', text, count: this.#more });
    }
    if (this.#moreRepeated > 0) {
      repeated.push({
        kind: 'remark',
        entry: '',
        text: `${this.#moreRepeated} more entries are listed twice in ${source}`,
      });
    }
    return [...notes, ...repeated, ...this.#prose.map((text): Note => ({ kind: 'remark', entry: '', text }))];
  }
}
