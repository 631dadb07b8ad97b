// What the graphs of a page share: what it shows, how it fetches and when it draws.

import type { Theme } from '../src/render/define/graph-request.js';
import type { DrawQueue } from './draw-queue.js';
import type { Loader } from './loader.js';
import type { Page } from './page.js';
import type { Range, View } from './view.js';

/** The state of a page. `preview` is a range under the reader's hand, drawn from the rows that are here. */
export interface Board {
  readonly page: Page;
  readonly loader: Loader;
  readonly queue: DrawQueue;
  view: View;
  theme: Theme;
  preview: Range | null;
  /** Time of the newest reading; null before the first. */
  lastS: number | null;
  /** How wide plots are, in CSS pixels; 0 before it is known. */
  plotPx: number;
}

/** What a reader does with a graph. */
export interface Gestures {
  /** The pointer is at a time; null: it has left. */
  readonly onPoint: (timeS: number | null) => void;
  /** A range is being marked; null: no more. */
  readonly onSelect: (range: Range | null) => void;
  /** A range under the reader's hand, not yet settled; null: never mind. */
  readonly onPreview: (range: Range | null) => void;
  /** A range to show on all graphs. */
  readonly onZoom: (range: Range) => void;
  /** One step back, or out. */
  readonly onBack: () => void;
  /** To what the page showed first. */
  readonly onReset: () => void;
}

/** What a reader does with one graph, and the span in force on it: gestures may come faster than pictures are drawn. */
export interface PlotUse extends Gestures {
  readonly span: () => Range;
}
