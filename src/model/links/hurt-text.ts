// The virtual servers that a lost link hurts, in words.

import { archiveText } from '../finding/finding-text.js';
import { countOf } from '../text/count-of.js';

/** Services that are named. */
const mostNamed = 3;

/** "192.0.2.10:443 and 2 others", of the names of services; '' if there are none. */
export function hurtText(services: readonly string[]): string {
  const others = services.length - mostNamed;
  const named = services.slice(0, mostNamed).map(archiveText).join(', ');
  return `${named}${others > 0 ? ` and ${countOf(others, 'other')}` : ''}`;
}
