// One crosshair over all graphs of a page: a time that each of them marks, with its own values there. Follows the pointer once
// per frame.

import type { Range } from '../page/view.js';
import type { GraphFigure } from './figure.js';

/** The crosshair of a page. */
export class Crosshair {
  readonly #figures: () => Iterable<GraphFigure>;
  #timeS: number | null = null;
  #range: Range | null = null;
  #frame = 0;

  constructor(figures: () => Iterable<GraphFigure>) {
    this.#figures = figures;
  }

  /** Its time; null if it is hidden. */
  get timeS(): number | null {
    return this.#timeS;
  }

  /** Moves it to a time; null hides it. */
  moveTo(timeS: number | null): void {
    this.#timeS = timeS;
    this.#schedule();
  }

  /** A graph was drawn anew: its own time and values are shown again. */
  refresh(): void {
    if (this.#timeS !== null) this.#schedule();
  }

  /** Marks a range on all graphs. */
  select(range: Range | null): void {
    this.#range = range;
    this.#schedule();
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      for (const figure of this.#figures()) {
        if (!figure.isInView) continue;
        figure.face?.point(this.#timeS);
        figure.face?.select(this.#range);
      }
    });
  }
}
