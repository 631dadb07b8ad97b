// The keyboard on the map: arrows go to the nearest node in their direction, Home and End to the first and the last, Enter selects, e expands or folds the column, x hides it, and Escape
// closes the details.

import { type MapPage, shownDrawing } from './map-page.js';

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Listens to keys on the drawing, and to Escape on the page. */
export function setUpKeys(main: HTMLElement, page: MapPage): void {
  main.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const close = main.querySelector('#about .close')?.getAttribute('href') ?? null;
    if (event.key === 'Escape' && close !== null && !(target instanceof HTMLInputElement)) {
      event.preventDefault();
      event.stopPropagation();
      void page.show(close);
      return;
    }
    const node = target instanceof SVGElement ? target.closest('a') : null;
    if (!(node instanceof SVGAElement) || node.closest('.canvas') === null) return;
    if (act(main, node, event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

function act(main: HTMLElement, node: SVGAElement, key: string): boolean {
  const direction = directions[key];
  const button = { e: '[data-toggle]', x: '[data-hide]' }[key];
  if (button !== undefined) {
    const link = node.closest('.column')?.querySelector(button);
    link?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    return link !== undefined && link !== null;
  }
  const all = [...(shownDrawing(main)?.querySelectorAll<SVGAElement>('a[data-node]') ?? [])];
  if (key === 'Home' || key === 'End') all.at(key === 'Home' ? 0 : -1)?.focus();
  else if (direction !== undefined) nearest(node, all, direction)?.focus();
  else return false;
  return true;
}

/** The element that is nearest in a direction, where sideways steps count double. */
function nearest(
  from: SVGElement,
  all: readonly SVGAElement[],
  [x, y]: readonly [number, number],
): SVGAElement | undefined {
  const [fromX, fromY] = centreOf(from);
  let best: SVGAElement | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const [atX, atY] = centreOf(one);
    const [stepX, stepY] = [atX - fromX, atY - fromY];
    const ahead = stepX * x + stepY * y;
    if (one === from || ahead < 2) continue;
    const distance = ahead + 2 * Math.abs(stepX * y + stepY * x);
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}

function centreOf(element: SVGElement): readonly [number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}
