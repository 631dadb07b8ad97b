// Notes of reading a configuration: unknown words and parts that were left out. A note quotes a keyword or an address, never a whole line,
// which may hold a password.

import type { DriftNote, Place } from '../../model/drift/expected.js';
import { maxNotes } from './bounds.js';

/** Notes so far. */
export class ReadingNotes {
  readonly #notes: DriftNote[] = [];
  #more = 0;
  /** Whether everything that may define services was read. */
  isWhole = true;

  /** Adds a remark. */
  add(place: Place | null, text: string): void {
    if (this.#notes.length < maxNotes) this.#notes.push({ place, text });
    else this.#more += 1;
  }

  /** Adds a remark on a part that may define services, and was left out. */
  leaveOut(place: Place | null, text: string): void {
    this.isWhole = false;
    this.add(place, text);
  }

  all(): readonly DriftNote[] {
    return this.#more === 0 ? this.#notes : [...this.#notes, { place: null, text: `and ${this.#more} more notes` }];
  }
}

/** A word of the configuration in a message: a keyword as it stands, anything else only by its beginning. */
export function quoted(word: string): string {
  const shown = word.length > 60 ? `${word.slice(0, 60)}…` : word;
  return `"${shown.replaceAll(/[^\x20-\x7e\u2026]/g, '?')}"`;
}
