// Tells figures when they come near the screen, are in it, and are far away again.

import type { GraphFigure } from './figure.js';

/** Half a screen before it is seen a figure is fetched; three screens away its canvas is freed. */
const nearMargin = '50% 0px';
const farMargin = '300% 0px';

/** Watches figures. */
export class Visibility {
  readonly #figures = new Map<Element, GraphFigure>();
  readonly #near: IntersectionObserver;
  readonly #far: IntersectionObserver;
  readonly #seen: IntersectionObserver;

  constructor() {
    this.#near = this.#observer(nearMargin, (figure, isInside) => isInside && figure.approach());
    this.#far = this.#observer(farMargin, (figure, isInside) => !isInside && figure.leave());
    this.#seen = this.#observer('0px', (figure, isInside) => {
      figure.isInView = isInside;
    });
  }

  /** Begins to watch a figure. */
  add(figure: GraphFigure): void {
    this.#figures.set(figure.element, figure);
    for (const observer of [this.#near, this.#far, this.#seen]) observer.observe(figure.element);
  }

  /** Watches it no more. */
  remove(figure: GraphFigure): void {
    figure.leave();
    this.#figures.delete(figure.element);
    for (const observer of [this.#near, this.#far, this.#seen]) observer.unobserve(figure.element);
  }

  #observer(rootMargin: string, onChange: (figure: GraphFigure, isInside: boolean) => void): IntersectionObserver {
    return new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const figure = this.#figures.get(target);
          if (figure !== undefined) onChange(figure, isIntersecting);
        }
      },
      { rootMargin },
    );
  }
}
