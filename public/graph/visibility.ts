// Notifies figures when they come near the screen, are in it, and are far away again. Every figure is watched for coming near;
// only near ones are watched for the rest, since thousands would each cost the browser time in every frame.

import type { GraphFigure } from './figure.js';

/** A figure is fetched half a screen before it is visible; its canvas is freed a screen and a half away. */
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

  /** Starts watching a figure. */
  add(figure: GraphFigure): void {
    this.#figures.set(figure.element, figure);
    this.#near.observe(figure.element);
  }

  /** Stops watching it. */
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
