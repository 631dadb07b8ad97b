// Texts that fit a box of the drawing.

import { visibleLine } from '../../model/text/visible.js';

/** A text of so many characters at most, with an ellipsis where it is cut. */
export function fitted(words: string, most: number): string {
  const characters = Array.from(visibleLine(words));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
