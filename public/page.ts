// What the server says of a page on its body: where the viewer lies, the zone of its times, what it shows, and how new
// that is.

import { formatRetention, parseRetention, type Retention, standardRetention } from '../src/model/retention.js';
import type { Theme } from '../src/render/define/graph-request.js';
import { parseView, type View } from './view.js';

/** What all graphs of a page have in common. */
export interface Page {
  /** The path before the viewer's own, '' where it has none. */
  readonly base: string;
  readonly timeZone: string;
  /** What the archives keep. */
  readonly retention: Retention;
  readonly note: string | null;
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
    retention: parseRetention(dataset['retention'] || formatRetention(standardRetention)),
    note: dataset['note'] || null,
    view: parseView(dataset['query'] ?? '') ?? { period: 'day' },
    lastS: Number.isFinite(lastS) && lastS > 0 ? lastS : null,
    isKiosk: dataset['kiosk'] !== undefined,
  };
}

/** The theme in force: light on paper, else what was chosen, or the system's. */
export function themeInForce(): Theme {
  if (matchMedia('print').matches) return 'light';
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
