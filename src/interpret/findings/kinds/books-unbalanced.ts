// The parts of a service, or of the director, count more or less than it counts itself (director/books.ts).

import { reducer, type Sign } from '../reducer.js';

/** The reducer. The books have waited a reading already. */
export const booksUnbalanced = reducer({
  kind: 'books-unbalanced',
  severity: 'notice',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ table: { director } }) => {
    const found = new Map<string, Sign>();
    for (const [archive, { sinceS }] of director.books) {
      if (sinceS !== null) found.set(archive, { archives: [archive], numbers: {}, sinceS });
    }
    return { found };
  },
});
