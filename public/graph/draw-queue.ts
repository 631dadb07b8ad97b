// Draws figures frame by frame: those in view first, and no more than fit a part of a frame, so that a page full of graphs
// stays smooth while all of them follow. Words are set after all canvases of a frame, since writes to the page must not
// alternate with reads of its layout.

const budgetMs = 10;

/** A drawable object; out of view, it can wait. */
interface Drawable {
  readonly isInView: boolean;
  draw(): void;
  writeWords(): void;
}

/** The objects that wait to be drawn. */
export class DrawQueue {
  readonly #waiting = new Set<Drawable>();
  #frame = 0;

  /** Draws it in one of the next frames, once, however often it is added. */
  add(drawable: Drawable): void {
    this.#waiting.add(drawable);
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** Removes an object that is no longer to be drawn. */
  remove(drawable: Drawable): void {
    this.#waiting.delete(drawable);
  }

  #draw(): void {
    this.#frame = 0;
    const startMs = performance.now();
    const drawn: Drawable[] = [];
    for (const drawable of inViewFirst(this.#waiting)) {
      if (performance.now() - startMs > budgetMs) break;
      this.#waiting.delete(drawable);
      drawable.draw();
      drawn.push(drawable);
    }
    for (const drawable of drawn) drawable.writeWords();
    if (this.#waiting.size > 0) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }
}

function inViewFirst(waiting: Iterable<Drawable>): Drawable[] {
  return [...waiting].sort((a, b) => Number(b.isInView) - Number(a.isInView));
}
