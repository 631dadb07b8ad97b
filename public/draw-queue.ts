// Draws figures frame by frame: those in view first, and no more than fit into a part of a frame, so that a page full of
// graphs stays smooth while all of them follow. Words are set after all canvases of a frame: what changes the page and
// what depends on its layout must not take turns.

const budgetMs = 10;

/** What can be drawn; one that is out of view can wait. */
interface Drawable {
  readonly isInView: boolean;
  draw(): void;
  tell(): void;
}

/** What waits to be drawn. */
export class DrawQueue {
  readonly #waiting = new Set<Drawable>();
  #frame = 0;

  /** Draws it in one of the next frames, once, however often it is asked for. */
  add(drawable: Drawable): void {
    this.#waiting.add(drawable);
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** Forgets what is not to be drawn any more. */
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
    for (const drawable of drawn) drawable.tell();
    if (this.#waiting.size > 0) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }
}

function inViewFirst(waiting: Iterable<Drawable>): Drawable[] {
  return [...waiting].sort((a, b) => Number(b.isInView) - Number(a.isInView));
}
