// The state that the graphs of a page share: what it shows, how it fetches and when it draws.

import type { Ago } from '../../src/render/define/comparison.js';
import type { Theme } from '../../src/render/define/graph-request.js';
import type { MemberLooks } from '../../src/render/look/member-looks.js';
import type { Choices } from '../page/choices.js';
import type { Page } from '../page/page.js';
import type { Range, View } from '../page/view.js';
import type { DrawQueue } from './draw-queue.js';
import type { Loader } from './loader.js';

/** The state of a page. `preview` is a range under the reader's hand, drawn from the rows already loaded. */
export interface Board {
  readonly page: Page;
  readonly loader: Loader;
  readonly queue: DrawQueue;
  view: View;
  theme: Theme;
  /** The earlier span behind the lines; null: none. */
  ago: Ago | null;
  preview: Range | null;
  choices: Choices;
  /** Time of the newest reading; null before the first. */
  lastS: number | null;
  /** The colours of members, which stay while the page is open. */
  looks: MemberLooks;
  /** Width of plots in CSS pixels; 0 before it is known. */
  plotPx: number;
}

/** The gestures of a reader on a graph. */
export interface Gestures {
  /** The pointer is at a time; null: it has left. */
  readonly onPoint: (timeS: number | null) => void;
  /** A range is being marked; null: ended. */
  readonly onSelect: (range: Range | null) => void;
  /** A range under the reader's hand, not yet settled; null: cancelled. */
  readonly onPreview: (range: Range | null) => void;
  /** A range to show on all graphs. */
  readonly onZoom: (range: Range) => void;
  /** One step back, or out. */
  readonly onBack: () => void;
  /** Back to the first view of the page. */
  readonly onReset: () => void;
  /** The reader has hidden series, or shown them again. */
  readonly onHide: (key: string, hidden: ReadonlySet<string>) => void;
}

/** Gestures on one graph, and the span in force on it: gestures may come faster than pictures are drawn. */
export interface PlotUse extends Gestures {
  readonly span: () => Range;
}
