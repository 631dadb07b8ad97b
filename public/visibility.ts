// Tells figures when they come near the screen, are in it, and are far away again. Every figure is watched for coming near;
// for the rest only those that are, since of thousands each costs the browser time in every frame.

import type { GraphFigure } from './figure.js';

/** Half a screen before it is seen a figure is fetched; a screen and a half away its canvas is freed. */
const nearMargin = '50% 0px';
const farMargin = '150% 0px';

/** Watches figures. */
export class Visibility {
  readonly #figures = new Map<Element, GraphFigure>();
  readonly #near = this.#observer(nearMargin, (figure, isInside) => isInside && this.#approach(figure));
  readonly #far = this.#observer(farMargin, (figure, isInside) => !isInside && this.#leave(figure));
  readonly #seen = this.#observer('0px', (figure, isInside) => {
    figure.isInView = isInside;
  });

  /** Begins to watch a figure. */
  add(figure: GraphFigure): void {
    this.#figures.set(figure.element, figure);
    this.#near.observe(figure.element);
  }

  /** Watches it no more. */
  remove(figure: GraphFigure): void {
    this.#leave(figure);
    this.#near.unobserve(figure.element);
    this.#figures.delete(figure.element);
  }

  #approach(figure: GraphFigure): void {
    figure.approach();
    this.#far.observe(figure.element);
    this.#seen.observe(figure.element);
  }

  #leave(figure: GraphFigure): void {
    figure.leave();
    this.#far.unobserve(figure.element);
    this.#seen.unobserve(figure.element);
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
