// The server's attributes on the body of a page: the address of the viewer, the zone of its times, what the page shows, and the
// age of its data.

import { formatRetention, parseRetention, type Retention, standardRetention } from '../../src/model/retention.js';
import type { Theme } from '../../src/render/define/graph-request.js';
import { parseView, type View } from './view.js';

/** The common properties of a page's graphs. */
export interface Page {
  /** The path before the viewer's own, '' if there is none. */
  readonly base: string;
  readonly timeZone: string;
  /** The time zone if the reader chose it; null if it is the server's. */
  readonly chosenZone: string | null;
  /** The rows that archives keep. */
  readonly retention: Retention;
  readonly view: View;
  /** Time of the newest reading when the page was made; null before the first. */
  readonly lastS: number | null;
  readonly isKiosk: boolean;
}

/** Reads the body's attributes. */
export function readPage({ dataset }: HTMLElement): Page {
  const lastS = Number(dataset['last'] || Number.NaN);
  return {
    base: dataset['base'] ?? '',
    timeZone: dataset['timeZone'] || 'UTC',
    chosenZone: dataset['zoneChosen'] === undefined ? null : dataset['timeZone'] || null,
    retention: parseRetention(dataset['retention'] || formatRetention(standardRetention)),
    view: parseView(dataset['query'] ?? '') ?? { period: 'day' },
    lastS: Number.isFinite(lastS) && lastS > 0 ? lastS : null,
    isKiosk: dataset['kiosk'] !== undefined,
  };
}

/** The theme in force: light on paper, otherwise the chosen one, or the system's. */
export function themeInForce(): Theme {
  if (matchMedia('print').matches) return 'light';
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
