// The lines of a listing of ipvsadm(8), one after the other, as words.

import type { Note } from '../../../model/note.js';
import { type ListingText, longestLine, splitWords } from './listing.js';
import { findBody } from './listing-body.js';

/** The current line. */
export interface Line {
  readonly number: number;
  readonly text: () => string;
  /** Its length when that exceeds any line of ipvsadm; `words` are then those of its beginning. */
  readonly tooLong: number | null;
}

const carriageReturn = 13;

/**
 * Calls `visit` with the words of every non-blank line below the header, and returns remarks on the text. Throws a `CollectError` for a
 * text without the header, with that of another listing, or cut off.
 */
export function forEachLine(
  wanted: ListingText,
  visit: (words: readonly string[], line: Line) => void,
): readonly Note[] {
  const { text } = wanted;
  const { start: bodyStart, end: bodyEnd, firstLine, remarks } = findBody(wanted);
  let [number, start, end] = [firstLine, bodyStart, bodyStart];
  const line = { number, tooLong: null as number | null, text: () => text.slice(start, end) };
  for (; start < bodyEnd; number++) {
    const next = text.indexOf('\n', start) + 1;
    end = next - 1;
    while (end > start && text.charCodeAt(end - 1) === carriageReturn) end--;
    line.number = number;
    line.tooLong = end - start > longestLine ? end - start : null;
    const words = splitWords(text, start, line.tooLong === null ? end : start + longestLine);
    if (words.length > 0) visit(words, line);
    start = next;
  }
  return remarks;
}
