// The size of an answer with rows, and the error for a larger one.

import { maxRows } from '../series.js';
import { UserError } from '../user-error.js';

/** Most rows of an answer: the ends of a query are rounded to whole rows. */
export const mostAtOnce = maxRows + 2;

/** The error for rows of a length that are too many for an answer. */
export function tooMuch({ rowS }: { readonly rowS: number }, archives = 1): UserError {
  const cure = `ask for ${archives > 1 ? 'fewer archives, ' : ''}a later start, an earlier end, or longer rows`;
  return new UserError('too-much', `that span has over ${maxRows} rows of ${rowS} s: ${cure}`);
}
